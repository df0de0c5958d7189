"""How a function's failures look to a state machine: the error's name and cause."""

from __future__ import annotations

import json
import uuid
from typing import Any

import pytest

from testbed import waiting
from testbed.aws import Aws
from tests.conftest import Emulator
from tests.integration.lambda_process.conftest import MakeFunction
from tests.support.functions import ROLE

RESOURCES = ("arn:aws:states:::lambda:invoke", "direct")
FAILURES = {
    "class Busy(Exception): pass\ndef handler(e, c): raise Busy('later')": ("Busy", "later"),
    "import os\ndef handler(e, c): os._exit(3)": (
        "Runtime.ExitError",
        "Runtime exited with error: exit status 3",
    ),
    "import os\ndef handler(e, c): os.kill(os.getpid(), 9)": (
        "Runtime.ExitError",
        "Runtime exited with error: signal: killed",
    ),
    "import nope": ("Runtime.ImportModuleError", "No module named 'nope'"),
    "def handler(e, c): return {1}": ("Runtime.MarshalError", "Unable to marshal response"),
    "def handler(e, c): return 'x' * 7_000_000": (
        "Function.ResponseSizeTooLarge",
        "Response payload size exceeded maximum allowed payload size (6291556 bytes).",
    ),
}


@pytest.mark.parametrize("resource", RESOURCES)
@pytest.mark.parametrize(
    ("code", "error"), FAILURES.items(), ids=[error for error, _ in FAILURES.values()]
)
def test_a_failure_has_its_name_and_cause(
    emulator: Emulator,
    make_function: MakeFunction,
    resource: str,
    code: str,
    error: tuple[str, str],
) -> None:
    """The Error is the exception's class or Runtime's own, the Cause the payload's JSON text."""
    described = _run(emulator.aws, make_function(code), resource)
    cause = json.loads(described["cause"])
    assert (error[0], error[0]) == (described["error"], cause["errorType"])
    assert error[1] in cause["errorMessage"]


def test_a_timeout_is_unknown_to_the_state_machine(
    emulator: Emulator, make_function: MakeFunction
) -> None:
    """A timeout's payload has no type: the Error is Lambda.Unknown, the Cause tells."""
    name = make_function("import signal\ndef handler(e, c): signal.pause()", Timeout=1)
    described = _run(emulator.aws, name, RESOURCES[0])
    assert "Lambda.Unknown" == described["error"]
    assert "Task timed out after 1.00 seconds" in described["cause"]


def _run(aws: Aws, function: str, resource: str) -> dict[str, Any]:
    """Run a machine of one task that invokes *function*; give the failed execution."""
    arn = aws.lambda_.get_function(FunctionName=function)["Configuration"]["FunctionArn"]
    task: dict[str, Any] = {"Type": "Task", "End": True}
    if resource == "direct":
        task["Resource"] = arn
    else:
        task |= {"Resource": resource, "Parameters": {"FunctionName": arn, "Payload.$": "$"}}
    machine = aws.stepfunctions.create_state_machine(
        name=f"m-{uuid.uuid4().hex[:8]}",
        roleArn=ROLE,
        definition=json.dumps({"StartAt": "Task", "States": {"Task": task}}),
    )["stateMachineArn"]
    execution = aws.stepfunctions.start_execution(stateMachineArn=machine)["executionArn"]

    def probe() -> tuple[dict[str, Any] | None, str]:
        found: dict[str, Any] = dict(aws.stepfunctions.describe_execution(executionArn=execution))
        return (None if found["status"] == "RUNNING" else found), found["status"]

    described = waiting.until(probe, "the execution's end", timeout_s=30)
    aws.stepfunctions.delete_state_machine(stateMachineArn=machine)
    assert "FAILED" == described["status"]
    return described
