"""An environment's own errors, in AWS's words."""

from __future__ import annotations

import json
import re

import pytest

from localstack_standalone.lambda_process.environment.outcome import EventOutcome, describe_exit
from localstack_standalone.lambda_process.worker.ends import (
    EndedError,
    OutOfTimeError,
    ReportedError,
)
from localstack_standalone.lambda_process.zygote.process import Exit


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (3 << 8, "Runtime exited with error: exit status 3"),
        (9, "Runtime exited with error: signal: killed"),
        (11, "Runtime exited with error: signal: segmentation fault"),
        (0, "Runtime exited without providing a reason"),
    ],
)
def test_exits_read_as_on_aws(status: int, expected: str) -> None:
    """Exit codes, signals and an exit without a reason, in the words of AWS's sandbox."""
    assert expected == describe_exit(status)


def test_an_end_is_an_exit_error() -> None:
    """Named by its request, and by its type in the report."""
    outcome = EventOutcome.of_failure(EndedError(Exit(9, 0)), "r-1", 3.0)
    assert {
        "errorType": "Runtime.ExitError",
        "errorMessage": "RequestId: r-1 Error: Runtime exited with error: signal: killed",
    } == json.loads(outcome.payload)
    assert ("error", "Runtime.ExitError") == (outcome.status, outcome.error_type)


@pytest.mark.parametrize(
    ("payload", "expected"),
    [
        (b'{"errorType": "Runtime.ImportModuleError"}', "Runtime.ImportModuleError"),
        (b'{"errorType": 1}', None),
        (b"[]", None),
        (b"no JSON", None),
    ],
)
def test_what_the_runtime_reports_is_passed_on(payload: bytes, expected: str | None) -> None:
    """As it is; its type, where it has one, is the report's."""
    outcome = EventOutcome.of_failure(ReportedError(payload), "r-1", 3.0)
    assert (payload, "error", expected) == (outcome.payload, outcome.status, outcome.error_type)


def test_a_timeout_is_told_in_one_line() -> None:
    """The same in the error as in the log."""
    outcome = EventOutcome.of_failure(OutOfTimeError(), "r-1", 3.0)
    assert ("timeout", {"errorMessage": outcome.line}) == (
        outcome.status,
        json.loads(outcome.payload),
    )
    assert re.fullmatch(
        r"[\d-]+T[\d:.]+Z r-1 Task timed out after 3\.00 seconds", outcome.line or ""
    )


def test_a_program_that_cannot_be_run_is_the_platforms_error() -> None:
    """It has the id of the request, as every error of the platform's own."""
    payload = b'{"errorType": "Runtime.InvalidEntrypoint", "errorMessage": "fork/exec x"}'
    outcome = EventOutcome.of_failure(ReportedError(payload), "r-1", 3.0)
    assert {
        "errorType": "Runtime.InvalidEntrypoint",
        "errorMessage": "RequestId: r-1 Error: fork/exec x",
    } == json.loads(outcome.payload)
    assert ("error", "Runtime.InvalidEntrypoint") == (outcome.status, outcome.error_type)
