"""The platform's own lines in a function's log, as text or as JSON.

Source: https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-advanced.html and
https://docs.aws.amazon.com/lambda/latest/dg/telemetry-schema-reference.html
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import math
from typing import Any, Protocol


@dataclasses.dataclass(frozen=True)
class Report:
    """What an invocation took.

    Attributes:
        request_id: AWS request id.
        duration_ms: from the event's handing over to its answer.
        memory_mb: the configured size.
        max_memory_mb: the largest resident size seen.
        init_ms: time of the cold start, None for a warm one; it is billed too since August 2025.
        status: ``timeout`` or ``error`` where the environment itself failed, else None.
        error_type: what failed, where *status* is ``error``.
    """

    request_id: str
    duration_ms: float
    memory_mb: int
    max_memory_mb: int
    init_ms: float | None = None
    status: str | None = None
    error_type: str | None = None

    @property
    def billed_ms(self) -> int:
        """Whole milliseconds, rounded up."""
        return math.ceil(self.duration_ms + (self.init_ms or 0))


class Lines(Protocol):
    """A format; a line that it does not have is None."""

    def init_start(self, runtime: str, region: str) -> str | None:
        """Before a cold start."""

    def init_report(
        self, took_ms: float, phase: str, status: str, error_type: str | None
    ) -> str | None:
        """After a cold start that failed: how long it took, in which phase, and why."""

    def start(self, request_id: str, version: str) -> str | None:
        """Before an invocation."""

    def timed_out(self, line: str) -> str | None:
        """At a timeout."""

    def end(self, request_id: str) -> str | None:
        """After an invocation."""

    def report(self, report: Report) -> str | None:
        """Sums an invocation up."""


class TextLines:
    """The format of old."""

    def init_start(self, runtime: str, region: str) -> str | None:
        """INIT_START with the runtime's version."""
        version, arn = _runtime_version(runtime, region)
        return f"INIT_START Runtime Version: {version}\tRuntime Version ARN: {arn}"

    def init_report(
        self, took_ms: float, phase: str, status: str, error_type: str | None
    ) -> str | None:
        """INIT_REPORT with tabs between its fields."""
        line = f"INIT_REPORT Init Duration: {took_ms:.2f} ms\tPhase: {phase}\tStatus: {status}"
        return f"{line}\tError Type: {error_type}" if error_type else line

    def start(self, request_id: str, version: str) -> str | None:
        """START with the request's id."""
        return f"START RequestId: {request_id} Version: {version}"

    def timed_out(self, line: str) -> str | None:
        """The error's own words, and an empty line."""
        return f"{line}\n"

    def end(self, request_id: str) -> str | None:
        """END with the request's id."""
        return f"END RequestId: {request_id}"

    def report(self, report: Report) -> str | None:
        """REPORT with tabs between its fields."""
        fields = [
            f"REPORT RequestId: {report.request_id}",
            f"Duration: {report.duration_ms:.2f} ms",
            f"Billed Duration: {report.billed_ms} ms",
            f"Memory Size: {report.memory_mb} MB",
            f"Max Memory Used: {report.max_memory_mb} MB",
        ]
        if report.init_ms is not None:
            fields.append(f"Init Duration: {report.init_ms:.2f} ms")
        if report.status is not None:
            fields.append(f"Status: {report.status}")
        if report.error_type is not None:
            fields.append(f"Error Type: {report.error_type}")
        return "\t".join(fields) + "\t"


class JsonLines:
    """One object a line.

    Args:
        warn_only: the function's system log level is WARN: only what went wrong is told.
    """

    def __init__(self, *, warn_only: bool = False) -> None:
        self._warn_only = warn_only

    def init_start(self, runtime: str, region: str) -> str | None:
        """platform.initStart."""
        version, arn = _runtime_version(runtime, region)
        record = {
            "initializationType": "on-demand",
            "phase": "init",
            "runtimeVersion": version,
            "runtimeVersionArn": arn,
        }
        return self._event("platform.initStart", record)

    def init_report(
        self, took_ms: float, phase: str, status: str, error_type: str | None
    ) -> str | None:
        """platform.initReport."""
        record: dict[str, Any] = {
            "initializationType": "on-demand",
            "metrics": {"durationMs": round(took_ms, 3)},
            "phase": phase,
            "status": status,
        }
        if error_type is not None:
            record["errorType"] = error_type
        return self._event("platform.initReport", record, bad=True)

    def start(self, request_id: str, version: str) -> str | None:
        """platform.start."""
        return self._event("platform.start", {"requestId": request_id, "version": version})

    def timed_out(self, line: str) -> str | None:  # noqa: ARG002 - the report says it
        """Nothing: the report has it."""
        return None

    def end(self, request_id: str) -> str | None:  # noqa: ARG002 - likewise
        """Nothing: the report is the end."""
        return None

    def report(self, report: Report) -> str | None:
        """platform.report."""
        metrics: dict[str, float] = {
            "durationMs": round(report.duration_ms, 3),
            "billedDurationMs": report.billed_ms,
            "memorySizeMB": report.memory_mb,
            "maxMemoryUsedMB": report.max_memory_mb,
        }
        if report.init_ms is not None:
            metrics["initDurationMs"] = round(report.init_ms, 3)
        status = report.status or "success"
        record = {"requestId": report.request_id, "metrics": metrics, "status": status}
        if report.error_type is not None:
            record["errorType"] = report.error_type
        return self._event("platform.report", record, bad=report.status is not None)

    def _event(self, kind: str, record: dict[str, Any], *, bad: bool = False) -> str | None:
        if self._warn_only and not bad:
            return None
        now = dt.datetime.now(dt.UTC)
        stamp = f"{now:%Y-%m-%dT%H:%M:%S}.{now.microsecond // 1000:03d}Z"
        return json.dumps({"time": stamp, "type": kind, "record": record}, separators=(",", ":"))


def of(logging_config: dict[str, Any]) -> Lines:
    """The format that a function's LoggingConfig asks for."""
    if logging_config.get("LogFormat") != "JSON":
        return TextLines()
    return JsonLines(warn_only=logging_config.get("SystemLogLevel") == "WARN")


def _runtime_version(runtime: str, region: str) -> tuple[str, str]:
    """A version that cannot be taken for one of AWS's, and its ARN."""
    version = runtime.replace("python", "python:")
    return f"{version}.local", f"arn:aws:lambda:{region}::runtime:{'0' * 64}"
