"""The platform's lines, in both formats."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

import pytest

from localstack_standalone.lambda_process.environment import platform_log
from localstack_standalone.lambda_process.environment.configuration import Configuration
from localstack_standalone.lambda_process.environment.outcome import EventOutcome
from localstack_standalone.lambda_process.environment.platform_log import PlatformLog, Report
from localstack_standalone.lambda_process.worker.logs import LogStream
from localstack_standalone.lambda_process.zygote.process import WorkerSpec

OF_WHOM = Configuration(
    version="$LATEST",
    region="ca-central-1",
    runtime="python3.13",
    timeout_s=3.0,
    memory_mb=128,
    worker=WorkerSpec({}, "/", [], "app.handler", "/", 512),
)
ANSWERED = EventOutcome(b"1", is_error=False)
EXITED = EventOutcome(b"{}", is_error=True, status="error", error_type="Runtime.ExitError")
LATE = EventOutcome(b"{}", is_error=True, status="timeout", line="Task timed out")
WARM = Report(request_id="id", outcome=ANSWERED, duration_ms=12.345, max_memory_mb=36)
COLD = dataclasses.replace(WARM, duration_ms=1.9, init_ms=105.62)


class Written(list[str]):
    """A log, and what was said in it."""

    def log(self, of_whom: Configuration = OF_WHOM, **logging_config: str) -> PlatformLog:
        output = LogStream(lambda _when, line: self.append(line))
        return platform_log.of(logging_config, of_whom, output)


@pytest.fixture
def written() -> Written:
    return Written()


def test_a_report_in_text(written: Written) -> None:
    """REPORT reads as AWS writes it, with tabs between and at its end."""
    written.log().end(WARM)
    expected = (
        f"REPORT RequestId: id\tDuration: {12.345:.2f} ms\tBilled Duration: 13 ms\t"
        "Memory Size: 128 MB\tMax Memory Used: 36 MB\t\n"
    )
    assert ["END RequestId: id\n", expected] == written


def test_a_cold_start_is_billed(written: Written) -> None:
    """Since August 2025 the init duration is part of the billed one."""
    written.log().end(COLD)
    assert "Billed Duration: 108 ms" in written[-1]
    assert written[-1].endswith("Init Duration: 105.62 ms\t\n")


def test_a_report_of_a_failure(written: Written) -> None:
    """An environment that failed has its status and the error's type behind the rest."""
    written.log().end(dataclasses.replace(WARM, outcome=EXITED))
    assert written[-1].endswith("\tStatus: error\tError Type: Runtime.ExitError\t\n")


def test_a_timeout_has_a_line_of_its_own(written: Written) -> None:
    """Before the end, with an empty one behind it; in JSON the report says it."""
    late = dataclasses.replace(WARM, outcome=LATE)
    written.log().end(late)
    assert "Task timed out\n\n" == written[0]
    written.clear()
    written.log(LogFormat="JSON").end(late)
    assert ["timeout"] == [json.loads(line)["record"]["status"] for line in written]


def test_a_report_in_json(written: Written) -> None:
    """platform.report has its metrics by name and a status."""
    written.log(LogFormat="JSON").end(COLD)
    (event,) = map(json.loads, written)
    assert "platform.report" == event["type"]
    expected = {
        "durationMs": 1.9,
        "billedDurationMs": 108,
        "memorySizeMB": 128,
        "maxMemoryUsedMB": 36,
        "initDurationMs": 105.62,
    }
    assert {"requestId": "id", "metrics": expected, "status": "success"} == event["record"]


def test_a_failed_load_in_json(written: Written) -> None:
    """platform.initReport has the phase, the status and the error's type."""
    written.log(LogFormat="JSON").load_failed(12.3456, "init", EXITED)
    (event,) = map(json.loads, written)
    expected: dict[str, Any] = {
        "initializationType": "on-demand",
        "metrics": {"durationMs": 12.346},
        "phase": "init",
        "status": "error",
        "errorType": "Runtime.ExitError",
    }
    assert ("platform.initReport", expected) == (event["type"], event["record"])


def test_a_provisioned_environment_says_so_in_json(written: Written) -> None:
    """By the variable that its function has, too."""
    ahead = {"AWS_LAMBDA_INITIALIZATION_TYPE": "provisioned-concurrency"}
    worker = dataclasses.replace(OF_WHOM.worker, environment=ahead)
    written.log(dataclasses.replace(OF_WHOM, worker=worker), LogFormat="JSON").loading()
    (event,) = map(json.loads, written)
    assert "provisioned-concurrency" == event["record"]["initializationType"]


def test_warn_leaves_only_what_went_wrong(written: Written) -> None:
    """With SystemLogLevel WARN a good invocation has no line of the platform's."""
    log = written.log(LogFormat="JSON", SystemLogLevel="WARN")
    log.loading()
    log.start("id")
    log.end(WARM)
    assert [] == written
    log.end(dataclasses.replace(WARM, outcome=LATE))
    assert '"status":"timeout"' in written[0]


def test_a_line_that_is_not_told_ends_the_functions_too(written: Written) -> None:
    """What it had begun to write does not run on into the next event."""
    log = written.log(LogFormat="JSON", SystemLogLevel="WARN")
    log.output.write(b"half")
    log.end(WARM)
    assert ["half\n"] == written
