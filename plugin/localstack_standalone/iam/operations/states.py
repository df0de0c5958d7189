"""Step Functions.

Source: Service Authorization Reference, "Actions, resources, and condition keys for AWS Step
Functions"; Step Functions Developer Guide, "Tag-based policies" and "state machine versions and
aliases" (the qualifier of an ARN is a condition key, and the resource has none).
"""

from __future__ import annotations

from typing import Final

from localstack_standalone.iam.operations.call import (
    NeededAccess,
    Needs,
    OperationCall,
    passing,
    request_tags,
)

SERVICE: Final = "states.amazonaws.com"
# By the parameter that names what they are done to.
_ON: Final = {
    "stateMachineArn": (
        *("StartExecution", "StartSyncExecution", "DescribeStateMachine", "UpdateStateMachine"),
        *("DeleteStateMachine", "ListExecutions", "PublishStateMachineVersion"),
        *("ListStateMachineVersions", "ListStateMachineAliases"),
    ),
    "executionArn": (
        *("DescribeExecution", "GetExecutionHistory", "StopExecution", "RedriveExecution"),
        *("DescribeStateMachineForExecution", "ListMapRuns"),
    ),
    "activityArn": ("DescribeActivity", "DeleteActivity", "GetActivityTask"),
    "mapRunArn": ("DescribeMapRun", "UpdateMapRun"),
    "resourceArn": ("TagResource", "UntagResource", "ListTagsForResource"),
    "stateMachineAliasArn": (
        *("DescribeStateMachineAlias", "UpdateStateMachineAlias", "DeleteStateMachineAlias"),
    ),
    "stateMachineVersionArn": ("DeleteStateMachineVersion",),
}
_PARAMETER: Final = {operation: name for name, each in _ON.items() for operation in each}
_MACHINE_PARTS: Final = 7


def needed(call: OperationCall) -> Needs:
    """What *call* needs; None where nothing is known of it."""
    parameters, action = call.parameters, f"states:{call.operation}"
    roles = passing(parameters.get("roleArn"), SERVICE)
    match call.operation:
        case "CreateStateMachine":
            arn = call.place.arn("states", f"stateMachine:{parameters.get('name')}")
            return (NeededAccess(action, arn, request_tags(parameters.get("tags"))), *roles)
        case "CreateActivity":
            arn = call.place.arn("states", f"activity:{parameters.get('name')}")
            return (NeededAccess(action, arn, request_tags(parameters.get("tags"))),)
        case "ListStateMachines":
            return (NeededAccess(action, call.place.arn("states", "stateMachine:*")),)
        case "ListActivities":
            return (NeededAccess(action, call.place.arn("states", "activity:*")),)
        case "TestState" | "ValidateStateMachineDefinition":
            return (NeededAccess(action), *roles)
    named = parameters.get(_PARAMETER.get(call.operation, ""))
    return (_on(action, named), *roles) if named else None


def _on(action: str, arn: str) -> NeededAccess:
    parts = arn.split(":")
    if parts[5:6] == ["stateMachine"] and len(parts) > _MACHINE_PARTS:
        machine, qualifier = ":".join(parts[:_MACHINE_PARTS]), parts[_MACHINE_PARTS]
        return NeededAccess(action, machine, {"states:StateMachineQualifier": qualifier})
    return NeededAccess(action, arn)
