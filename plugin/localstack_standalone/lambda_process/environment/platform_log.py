"""The platform's own lines in an environment's log, as text or as JSON.

Source: https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-advanced.html and
https://docs.aws.amazon.com/lambda/latest/dg/telemetry-schema-reference.html
"""

from __future__ import annotations

import dataclasses
import json
import math
import re
from typing import Any, Final

from localstack_standalone.lambda_process.environment.configuration import Configuration
from localstack_standalone.lambda_process.environment.outcome import EventOutcome, timestamp
from localstack_standalone.lambda_process.worker.extensions import Extension
from localstack_standalone.lambda_process.worker.logs import LogStream

_IDENTIFIER: Final = re.compile(r"([a-z]+)\.?([a-z0-9.]*?)(?:\.x)?")


@dataclasses.dataclass(frozen=True, kw_only=True)
class Report:
    """What an invocation took.

    Attributes:
        request_id: AWS request id.
        outcome: how it ended.
        duration_ms: from the event's handing over to its answer.
        max_memory_mb: the largest resident size seen.
        init_ms: time of the cold start, None for a warm one; it is billed too since August 2025.
    """

    request_id: str
    outcome: EventOutcome
    duration_ms: float
    max_memory_mb: int
    init_ms: float | None = None

    @property
    def billed_ms(self) -> int:
        """Whole milliseconds, rounded up."""
        return math.ceil(self.duration_ms + (self.init_ms or 0))


class _Log:
    """Says what happens, around what the function writes.

    Args:
        configuration: whose environment it is.
        output: the log, which the function's output goes to as well.
    """

    def __init__(self, configuration: Configuration, output: LogStream) -> None:
        self._configuration, self.output = configuration, output
        # A version that cannot be taken for one of AWS's, and its ARN.
        self._version = f"{_family(configuration.runtime)}.local"
        self._version_arn = f"arn:aws:lambda:{configuration.region}::runtime:{'0' * 64}"


class TextLog(_Log):
    """The format of old."""

    def loading(self) -> None:
        """Before a cold start: INIT_START with the runtime's version."""
        self.output.platform(
            f"INIT_START Runtime Version: {self._version}\tRuntime Version ARN: {self._version_arn}"
        )

    def load_failed(self, took_ms: float, phase: str, why: EventOutcome) -> None:
        """After a cold start that failed: INIT_REPORT with tabs between its fields.

        Args:
            took_ms: how long it took.
            phase: in which phase.
            why: and why it failed.
        """
        line = f"INIT_REPORT Init Duration: {took_ms:.2f} ms\tPhase: {phase}\tStatus: {why.status}"
        self.output.platform(f"{line}\tError Type: {why.error_type}" if why.error_type else line)

    def extensions(self, every: list[Extension]) -> None:
        """When the init phase ends: EXTENSION for each, how it stands and what it wants."""
        for one in every:
            events = ",".join(one.events)
            line = f"EXTENSION\tName: {one.name}\tState: {one.state.value}\tEvents: [{events}]"
            self.output.platform(
                f"{line}\tError Type: {one.error_type}" if one.error_type else line
            )

    def start(self, request_id: str) -> None:
        """Before an invocation: START with the request's id."""
        version = self._configuration.version
        self.output.platform(f"START RequestId: {request_id} Version: {version}")

    def end(self, report: Report) -> None:
        """After an invocation: END and REPORT, with tabs between its fields.

        A timeout's own words and an empty line come before them.
        """
        outcome = report.outcome
        if outcome.line is not None:
            self.output.platform(f"{outcome.line}\n")
        self.output.platform(f"END RequestId: {report.request_id}")
        fields = [
            f"REPORT RequestId: {report.request_id}",
            f"Duration: {report.duration_ms:.2f} ms",
            f"Billed Duration: {report.billed_ms} ms",
            f"Memory Size: {self._configuration.memory_mb} MB",
            f"Max Memory Used: {report.max_memory_mb} MB",
        ]
        if report.init_ms is not None:
            fields.append(f"Init Duration: {report.init_ms:.2f} ms")
        if outcome.status is not None:
            fields.append(f"Status: {outcome.status}")
        if outcome.error_type is not None:
            fields.append(f"Error Type: {outcome.error_type}")
        self.output.platform("\t".join(fields) + "\t")


class JsonLog(_Log):
    """One object a line; with the system log level WARN only what went wrong is told."""

    def __init__(
        self, configuration: Configuration, output: LogStream, *, warn_only: bool = False
    ) -> None:
        super().__init__(configuration, output)
        self._warn_only = warn_only

    def loading(self) -> None:
        """Before a cold start: platform.initStart."""
        record = {
            "initializationType": self._configuration.initialization,
            "phase": "init",
            "runtimeVersion": self._version,
            "runtimeVersionArn": self._version_arn,
        }
        self._say("platform.initStart", record)

    def load_failed(self, took_ms: float, phase: str, why: EventOutcome) -> None:
        """After a cold start that failed: platform.initReport."""
        record = {
            "initializationType": self._configuration.initialization,
            "metrics": {"durationMs": round(took_ms, 3)},
            "phase": phase,
        }
        self._say("platform.initReport", record, why)

    def extensions(self, every: list[Extension]) -> None:
        """When the init phase ends: platform.extension for each."""
        for one in every:
            record = {"name": one.name, "state": one.state.value, "events": list(one.events)}
            if one.error_type:
                record["errorType"] = one.error_type
            self._say("platform.extension", record)

    def start(self, request_id: str) -> None:
        """Before an invocation: platform.start."""
        record = {"requestId": request_id, "version": self._configuration.version}
        self._say("platform.start", record)

    def end(self, report: Report) -> None:
        """After an invocation: platform.report, which has everything."""
        metrics: dict[str, float] = {
            "durationMs": round(report.duration_ms, 3),
            "billedDurationMs": report.billed_ms,
            "memorySizeMB": self._configuration.memory_mb,
            "maxMemoryUsedMB": report.max_memory_mb,
        }
        if report.init_ms is not None:
            metrics["initDurationMs"] = round(report.init_ms, 3)
        record = {"requestId": report.request_id, "metrics": metrics}
        self._say("platform.report", record, report.outcome)

    def _say(self, kind: str, record: dict[str, Any], outcome: EventOutcome | None = None) -> None:
        self.output.flush()
        if outcome is not None:
            record["status"] = outcome.status or "success"
            if outcome.error_type is not None:
                record["errorType"] = outcome.error_type
        if self._warn_only and (outcome is None or outcome.status is None):
            return
        event = {"time": timestamp(), "type": kind, "record": record}
        self.output.platform(json.dumps(event, separators=(",", ":")))


def _family(runtime: str) -> str:
    """How AWS's log calls *runtime*: ``python:3.13``, ``nodejs:22``, ``provided:al2023``."""
    language, number = _IDENTIFIER.fullmatch(runtime).groups()  # type: ignore[union-attr]  # all are
    return f"{language}:{number}"


type PlatformLog = TextLog | JsonLog


def of(
    logging_config: dict[str, Any], configuration: Configuration, output: LogStream
) -> PlatformLog:
    """The log in the format that a function's LoggingConfig asks for."""
    if logging_config.get("LogFormat") != "JSON":
        return TextLog(configuration, output)
    warn_only = logging_config.get("SystemLogLevel") == "WARN"
    return JsonLog(configuration, output, warn_only=warn_only)
