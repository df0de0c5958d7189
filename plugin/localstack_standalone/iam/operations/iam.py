"""IAM: every action is called as its operation.

Source: Service Authorization Reference, "Actions, resources, and condition keys for AWS Identity
and Access Management (IAM)".
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from localstack_standalone.iam.operations.call import (
    NeededAccess,
    Needs,
    OperationCall,
    request_tags,
)

# The parameter that names what an operation is done to, and the kind of that.
_NAMED: Final = (
    ("RoleName", "role"),
    ("UserName", "user"),
    ("GroupName", "group"),
    ("InstanceProfileName", "instance-profile"),
)
_LISTS: Final = {"ListRoles": "role", "ListUsers": "user", "ListGroups": "group"}


def needed(call: OperationCall) -> Needs:
    """What *call* needs."""
    action, tags = f"iam:{call.operation}", request_tags(call.parameters.get("Tags"))
    arn = _resource(call)
    wanted = NeededAccess(action, arn, {**tags, **_conditions(call.parameters)})
    if tags and call.operation in ("CreateRole", "CreateUser", "CreatePolicy"):
        return wanted, NeededAccess(f"iam:Tag{call.operation.removeprefix('Create')}", arn, tags)
    return (wanted,)


def _resource(call: OperationCall) -> str:
    parameters, place = call.parameters, call.place
    if call.operation in _LISTS:
        return place.global_arn("iam", f"{_LISTS[call.operation]}/")
    path = parameters.get("Path") or "/"
    if call.operation == "CreatePolicy":
        return place.global_arn("iam", f"policy{path}{parameters.get('PolicyName')}")
    for parameter, kind in _NAMED:
        name = parameters.get(parameter)
        if name:
            there = None if call.operation.startswith("Create") else call.arn_of(kind, name)
            return there or place.global_arn("iam", f"{kind}{path}{name}")
    return str(parameters.get("PolicyArn") or "*")


def _conditions(parameters: Any) -> dict[str, str | Sequence[str]]:
    found: dict[str, str | Sequence[str]] = {}
    if parameters.get("PermissionsBoundary"):
        found["iam:PermissionsBoundary"] = parameters["PermissionsBoundary"]
    if parameters.get("PolicyArn") and any(parameters.get(name) for name, _ in _NAMED):
        found["iam:PolicyARN"] = parameters["PolicyArn"]
    return found
