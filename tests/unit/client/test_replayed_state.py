"""A state of an execution, as TestState is asked for it."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any, Final

import pytest
from botocore.stub import Stubber

from client import replayed_state
from runs.model import Attempt, ExecutionSpan, StateSpan, Status
from testbed.aws import Aws
from testbed.errors import TestbedError

START: Final = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)
ROLE: Final = "arn:aws:iam::000000000000:role/r"


@pytest.fixture
def aws() -> Aws:
    return Aws("http://127.0.0.1:1")


def at(second: int) -> dt.datetime:
    return START + dt.timedelta(seconds=second)


def visit(number: int, name: str, kind: str = "Pass", **more: Any) -> StateSpan:
    fields = {
        "status": Status.SUCCEEDED,
        "exited_at": at(number + 1),
        "input": '{"a": 1}',
        "output": "{}",
        **more,
    }
    return StateSpan(id=number, name=name, type=kind, entered_at=at(number), **fields)


def execution(*states: StateSpan) -> ExecutionSpan:
    return ExecutionSpan(
        arn="arn:e",
        name="e",
        state_machine_arn="arn:m:M",
        status=Status.SUCCEEDED,
        started_at=START,
        input='{"key": 1}',
        states=states,
    )


def tried(**more: Any) -> Attempt:
    fields = {"status": Status.SUCCEEDED, "output": '{"n": 1}', **more}
    return Attempt(number=1, resource="r", scheduled_at=START, **fields)


def described(stub: Stubber, **states: Any) -> None:
    answer = {
        "stateMachineArn": "arn:m:M",
        "name": "M",
        "definition": json.dumps({"StartAt": "x", "States": states}),
        "roleArn": ROLE,
        "updateDate": START,
    }
    stub.add_response("describe_state_machine_for_execution", answer)


def test_a_task_is_given_its_input_its_variables_and_its_raw_result(aws: Aws) -> None:
    """And it calls nothing; the output is compared with what it was."""
    task = visit(2, "T", "Task", output='{"n":1}', attempts=(tried(),))
    seen = execution(visit(0, "S", assigned='{"v": 2}'), task)
    asked = {
        "definition": json.dumps({"Type": "Task", "End": True}),
        "roleArn": ROLE,
        "input": '{"a": 1}',
        "inspectionLevel": "DEBUG",
        "variables": '{"v": 2}',
        "mock": {"result": '{"n": 1}', "fieldValidationMode": "NONE"},
        "context": json.dumps(replayed_state.context(seen, task)),
    }
    with Stubber(aws.stepfunctions) as stub:
        described(stub, T={"Type": "Task", "Retry": [{}], "End": True})
        stub.add_response("test_state", {"status": "SUCCEEDED", "output": '{"n": 1}'}, asked)
        found = replayed_state.replay(aws, seen, task)
    assert (True, "T", ["input", "output"]) == (
        found.faithful,
        found.tested.name,
        [step.field for step in found.tested.steps],
    )


@pytest.mark.parametrize(
    ("output", "faithful"), [('{"n": 2}', False), (None, None)]
)  # fmt: skip
def test_another_output_is_told(aws: Aws, output: str | None, faithful: bool | None) -> None:  # noqa: FBT001
    """So of a field that asks for the time, or for chance."""
    state = visit(0, "P", output=output)
    with Stubber(aws.stepfunctions) as stub:
        described(stub, P={"Type": "Pass", "End": True})
        stub.add_response("test_state", {"status": "SUCCEEDED", "output": '{"n": 1}'})
        assert faithful is replayed_state.replay(aws, execution(state), state).faithful


def test_what_testing_refuses_is_told(aws: Aws) -> None:
    """In the service's words."""
    state = visit(0, "P")
    with Stubber(aws.stepfunctions) as stub:
        described(stub, P={"Type": "Pass", "End": True})
        stub.add_client_error("test_state", "ValidationException", "no")
        with pytest.raises(TestbedError, match="ValidationException: no"):
            replayed_state.replay(aws, execution(state), state)


@pytest.mark.parametrize(
    ("more", "words"),
    [({"status": Status.RUNNING}, "still runs"), ({"input": None}, "too long")],
)
def test_what_cannot_be_followed_is_told_at_once(
    aws: Aws, more: dict[str, Any], words: str
) -> None:
    """Nothing is asked then."""
    state = visit(0, "P", **more)
    with Stubber(aws.stepfunctions), pytest.raises(TestbedError, match=words):
        replayed_state.replay(aws, execution(state), state)


def test_a_state_alone_is_as_it_went() -> None:
    """At any depth, in the machine's language; a Wait does not wait, and nothing is tried again."""
    inner = {"Type": "Wait", "TimestampPath": "$.t", "Retry": [], "Next": "X"}
    definition = json.dumps(
        {
            "QueryLanguage": "JSONata",
            "States": {
                "Both": {
                    "Type": "Parallel",
                    "Branches": [{"States": {"Each": {"ItemProcessor": {"States": {"W": inner}}}}}],
                }
            },
        }
    )
    assert {"Type": "Wait", "Seconds": 0, "Next": "X", "QueryLanguage": "JSONata"} == (
        replayed_state.alone(definition, visit(0, "W"))
    )
    with pytest.raises(TestbedError, match="no state 'V'"):
        replayed_state.alone(definition, visit(0, "V"))


def test_an_error_is_mocked_as_it_was() -> None:
    """Whether it was caught or not."""
    caught = visit(0, "T", "Task", status=Status.CAUGHT, error="Bad", cause="why")
    assert {"errorOutput": {"error": "Bad", "cause": "why"}} == (
        replayed_state.mock(execution(caught), caught)
    )


def test_the_result_of_a_map_is_what_its_iterations_gave() -> None:
    """In their order, as the last state of each left it."""
    each = visit(0, "Each", "Map")
    inside = [
        visit(3, "A", parent=0, iteration=1, output='"b"'),
        visit(1, "A", parent=0, iteration=0, output="0"),
        visit(2, "B", parent=0, iteration=0, output='"a"'),
    ]
    assert {"result": '["a", "b"]', "fieldValidationMode": "NONE"} == (
        replayed_state.mock(execution(each, *inside), each)
    )


def test_a_call_of_which_nothing_is_known_is_not_made_up() -> None:
    """The history leaves out what is too long."""
    task = visit(0, "T", "Task", attempts=(tried(output=None),))
    with pytest.raises(TestbedError, match="does not tell"):
        replayed_state.mock(execution(task), task)


def test_variables_are_those_of_the_scope_and_around_it() -> None:
    """Set before, by none that is in another iteration, the latest value of each."""
    each = visit(2, "Each", "Map", exited_at=None)
    states = (
        visit(0, "A", assigned='{"x": 1, "y": 1}'),
        visit(1, "B", assigned='{"x": 2}'),
        each,
        visit(3, "C", parent=2, iteration=0, assigned='{"z": 1}'),
        visit(4, "C", parent=2, iteration=1, assigned='{"z": 2}'),
        visit(5, "D", parent=2, iteration=1),
    )
    assert {"x": 2, "y": 1, "z": 2} == replayed_state.variables(execution(*states), states[-1])


def test_the_context_tells_execution_and_state() -> None:
    """And nothing that TestState refuses, as it does Map and RedriveCount."""
    inside = visit(5, "D", parent=2, iteration=4, attempts=(tried(), tried()))
    found = replayed_state.context(execution(visit(2, "Each", "Map"), inside), inside)
    assert ({"key": 1}, "M", 1) == (
        found["Execution"]["Input"],
        found["StateMachine"]["Name"],
        found["State"]["RetryCount"],
    )
    assert {"Execution", "StateMachine", "State"} == set(found)
    assert {"Id", "Input", "Name", "StartTime"} == set(found["Execution"])
