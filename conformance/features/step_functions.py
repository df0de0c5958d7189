"""Step Functions: its API: what is refused, Express, TestState, redrive, aliases."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from conformance.check import matches, member, refused, same
from conformance.features import machines

if TYPE_CHECKING:
    from conformance.workshop import Workshop

STANDARD: Final = f"{machines.GUIDE}/choosing-workflow-type.html"


def _express(shop: Workshop) -> None:
    machine = shop.machine(machines.of(machines.passing(Result={"n": 2})), type="EXPRESS")
    found = shop.aws.stepfunctions.start_sync_execution(stateMachineArn=machine, input="{}")
    seen = (found.get("status"), json.loads(found.get("output", "null")))
    same("the end", ("SUCCEEDED", {"n": 2}), seen)
    matches("executionArn", ":express:", found.get("executionArn"))


def _refused(shop: Workshop, definition: dict[str, Any], message: str) -> None:
    with refused("InvalidDefinition", status=400, message=message):
        shop.machine(definition)


def _leads_nowhere(shop: Workshop) -> None:
    _refused(
        shop,
        machines.of({"Type": "Pass", "Next": "Nowhere"}),
        "MISSING_TRANSITION_TARGET.*/States/A/Next",
    )


def _no_type(shop: Workshop) -> None:
    _refused(shop, machines.of({"Type": "Tea", "End": True}), "SCHEMA_VALIDATION_FAILED")


def _bad_path(shop: Workshop) -> None:
    _refused(shop, machines.of(machines.passing(InputPath="tea")), "SCHEMA_VALIDATION_FAILED")


def _validated(shop: Workshop) -> None:
    definition = json.dumps(machines.of({"Type": "Pass", "Next": "Nowhere"}))
    found = shop.aws.stepfunctions.validate_state_machine_definition(definition=definition)
    same("result", "FAIL", found.get("result"))
    first = member("the answer", found, "diagnostics", 0)
    seen = (first.get("severity"), first.get("code"), first.get("location"))
    same("the diagnostic", ("ERROR", "MISSING_TRANSITION_TARGET", "/States/A/Next"), seen)


def _names(shop: Workshop) -> None:
    machine = shop.machine(machines.of(machines.ENDS))
    with refused("InvalidName", status=400):
        shop.aws.stepfunctions.start_execution(stateMachineArn=machine, name="a cup of tea?")


def _same_name(shop: Workshop) -> None:
    machine = shop.machine(machines.of(machines.ENDS))
    shop.execution(machine, name="tea")
    with refused("ExecutionAlreadyExists", status=400):
        shop.execution(machine, name="tea")


def _no_json(shop: Workshop) -> None:
    machine = shop.machine(machines.of(machines.ENDS))
    with refused("InvalidExecutionInput", status=400):
        shop.aws.stepfunctions.start_execution(stateMachineArn=machine, input="{no")


def _too_long(shop: Workshop) -> None:
    machine = shop.machine(machines.of(machines.ENDS))
    text = json.dumps("x" * 262_143)  # with its quotes one byte more than is allowed
    with refused("ValidationException", status=400):
        shop.aws.stepfunctions.start_execution(stateMachineArn=machine, input=text)


def _unknown(shop: Workshop) -> None:
    machine = shop.machine(machines.of(machines.ENDS))
    with refused("StateMachineDoesNotExist", status=400):
        shop.aws.stepfunctions.start_execution(stateMachineArn=f"{machine}-not")


def _test_state(shop: Workshop) -> None:
    found = shop.aws.stepfunctions.test_state(
        definition=json.dumps(machines.passing(Parameters={"n.$": "$.cup.n"})),
        roleArn=shop.role("states"),
        input='{"cup": {"n": 3}}',
        inspectionLevel="DEBUG",
    )
    seen = (found.get("status"), json.loads(found.get("output", "null")))
    same("the end", ("SUCCEEDED", {"n": 3}), seen)
    inspected = member("TestState", found, "inspectionData", "afterParameters")
    same("afterParameters", {"n": 3}, json.loads(inspected))


def _redrive(shop: Workshop) -> None:
    states = shop.aws.stepfunctions
    machine = shop.machine(machines.of({"Type": "Fail", "Error": "Tea.Cold"}))
    found = shop.execution(machine)
    same("redriveStatus", "REDRIVABLE", found.get("redriveStatus"))
    states.redrive_execution(executionArn=found["executionArn"])
    same("redriveCount", 1, shop.ended(found["executionArn"]).get("redriveCount"))


def _aliases(shop: Workshop) -> None:
    states = shop.aws.stepfunctions
    machine = shop.machine(machines.of(machines.passing(Result=1)))
    version = states.publish_state_machine_version(stateMachineArn=machine)[
        "stateMachineVersionArn"
    ]
    same("the version's ARN", f"{machine}:1", version)
    states.update_state_machine(
        stateMachineArn=machine, definition=json.dumps(machines.of(machines.passing(Result=2)))
    )
    same("the version", "1", shop.execution(version).get("output"))
    same("the newest", "2", shop.execution(machine).get("output"))


CHECKS: Final = (
    machines.check(
        "Express, synchronously", "StartSyncExecution gives the output", STANDARD, _express
    ),
    machines.check(
        "definition that leads nowhere",
        "InvalidDefinition, MISSING_TRANSITION_TARGET",
        f"{machines.API}/API_CreateStateMachine.html",
        _leads_nowhere,
    ),
    machines.check(
        "definition with an unknown type",
        "InvalidDefinition, SCHEMA_VALIDATION_FAILED",
        f"{machines.API}/API_CreateStateMachine.html",
        _no_type,
    ),
    machines.check(
        "definition with a path that is none",
        "InvalidDefinition, SCHEMA_VALIDATION_FAILED",
        f"{machines.API}/API_CreateStateMachine.html",
        _bad_path,
    ),
    machines.check(
        "ValidateStateMachineDefinition",
        "FAIL, with severity, code and location",
        f"{machines.API}/API_ValidateStateMachineDefinition.html",
        _validated,
    ),
    machines.check(
        "names",
        "InvalidName for blanks and question marks",
        f"{machines.API}/API_StartExecution.html",
        _names,
    ),
    machines.check(
        "a name twice",
        "ExecutionAlreadyExists",
        f"{machines.API}/API_StartExecution.html",
        _same_name,
    ),
    machines.check(
        "input that is no JSON",
        "InvalidExecutionInput",
        f"{machines.API}/API_StartExecution.html",
        _no_json,
    ),
    machines.check(
        "input over 262,144 bytes",
        "ValidationException",
        f"{machines.GUIDE}/service-quotas.html",
        _too_long,
    ),
    machines.check(
        "unknown machine",
        "StateMachineDoesNotExist",
        f"{machines.API}/API_StartExecution.html",
        _unknown,
    ),
    machines.check(
        "TestState",
        "runs one state, and shows its data flow",
        f"{machines.API}/API_TestState.html",
        _test_state,
    ),
    machines.check(
        "redrive",
        "starts again from the failed state",
        f"{machines.API}/API_RedriveExecution.html",
        _redrive,
    ),
    machines.check(
        "versions",
        "a version keeps its definition",
        f"{machines.GUIDE}/concepts-state-machine-version.html",
        _aliases,
    ),
)
