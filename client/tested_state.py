"""One state of a state machine, run by TestState: what each of its fields made of the data."""

from __future__ import annotations

import dataclasses
import json
from typing import TYPE_CHECKING, Any, Final

from botocore.exceptions import ClientError

from testbed.errors import TestbedError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from testbed.aws import Aws

_NOTHING: Final = object()  # no data is the same
# InspectionData of the API reference, in the order in which the data flows, and the state's field.
_STEPS: Final = {
    "afterInputPath": "InputPath",
    "afterParameters": "Parameters",
    "afterArguments": "Arguments",
    "afterItemsPath": "ItemsPath",
    "afterItemSelector": "ItemSelector",
    "result": "result",
    "afterResultSelector": "ResultSelector",
    "afterResultPath": "ResultPath",
    "variables": "Assign",
}


@dataclasses.dataclass(frozen=True)
class Step:
    """What there is after a field.

    Attributes:
        field: the field, or input, result, output.
        data: what the data is then.
        changed: whether it is something else than a step before.
    """

    field: str
    data: Any
    changed: bool


@dataclasses.dataclass(frozen=True)
class TestedState:
    """What became of a state.

    Attributes:
        name: its name.
        kind: its type.
        steps: the data, from its input to its output.
        answer: what TestState said, as it is.
    """

    __test__ = False  # no class of tests, whatever its name says to pytest

    name: str
    kind: str
    steps: tuple[Step, ...]
    answer: Mapping[str, Any]


def names(definition: str) -> dict[str, str]:
    """The states of *definition* outside of Map and Parallel states, each with its type."""
    states: dict[str, Any] = json.loads(definition)["States"]
    return {name: state["Type"] for name, state in states.items()}


def mock_error(text: str) -> dict[str, Any]:
    """The mock of an error, of a *text* such as ``Runtime.ExitError: it was killed``."""
    name, _, cause = text.partition(":")
    return {"errorOutput": {"error": name.strip(), "cause": cause.strip()}}


def mock_result(text: str) -> dict[str, Any]:
    """The mock of a result, the JSON *text*; not checked against the service's model.

    AWS's check would want Lambda's Payload to be a text, which no function gives.
    """
    return {"result": text, "fieldValidationMode": "NONE"}


def run(
    aws: Aws,
    machine_arn: str,
    name: str,
    given: str,
    *,
    mock: dict[str, Any] | None = None,
    level: str = "DEBUG",
    retries: int = 0,
) -> TestedState:
    """Run the state *name* of a machine with the input *given*, JSON text.

    Args:
        aws: where the machine is.
        machine_arn: its ARN.
        name: of the state.
        given: its input.
        mock: what stands for what it calls, as TestState has it; None calls that.
        level: of inspection.
        retries: how often the mocked error was tried again already.

    Raises:
        TestbedError: there is no such state, or TestState refuses.
    """
    machine = aws.stepfunctions.describe_state_machine(stateMachineArn=machine_arn)
    kinds = names(machine["definition"])
    if name not in kinds:
        raise TestbedError(f"there is no state {name!r}; there are {', '.join(kinds)}")
    request: dict[str, Any] = {"mock": mock} if mock else {}
    if retries:
        request["stateConfiguration"] = {"retrierRetryCount": retries}
    try:
        answer: Any = aws.stepfunctions.test_state(
            definition=machine["definition"],
            stateName=name,
            roleArn=machine["roleArn"],
            input=given,
            inspectionLevel=level,  # type: ignore[arg-type]  # its stubs know constants only
            **request,
        )
    except ClientError as error:
        refusal = error.response["Error"]
        raise TestbedError(f"{refusal['Code']}: {refusal['Message']}") from error
    del answer["ResponseMetadata"]
    return TestedState(name, kinds[name], steps(given, answer), answer)


def steps(given: str, answer: Mapping[str, Any]) -> tuple[Step, ...]:
    """The data flow that *answer* tells, from the input *given* on."""
    found = answer.get("inspectionData", {})
    made = [("input", json.loads(given))]
    made += [(field, json.loads(found[key])) for key, field in _STEPS.items() if key in found]
    if "output" in answer:
        made.append(("output", json.loads(answer["output"])))
    before = [_NOTHING, *(data for _, data in made)]
    return tuple(
        Step(field, data, changed=data != last)
        for (field, data), last in zip(made, before, strict=False)
    )
