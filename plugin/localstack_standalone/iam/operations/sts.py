"""STS.

Source: STS API Reference (GetCallerIdentity and GetSessionToken need no permission); Service
Authorization Reference, "Actions, resources, and condition keys for AWS Security Token Service".
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from localstack_standalone.iam.operations.call import (
    NeededAccess,
    Needs,
    OperationCall,
    request_tags,
)

ASSUME_ROLE: Final = "sts:AssumeRole"
_FOR_ANYBODY: Final = ("GetCallerIdentity", "GetSessionToken")


def needed(call: OperationCall) -> Needs:
    """What *call* needs; None where nothing is known of it."""
    parameters = call.parameters
    if call.operation in _FOR_ANYBODY:
        return ()
    if call.operation == "GetFederationToken":
        arn = call.place.global_arn("sts", f"federated-user/{parameters.get('Name')}")
        return (NeededAccess("sts:GetFederationToken", arn),)
    if call.operation != "AssumeRole":
        return None
    context: dict[str, str | Sequence[str]] = {
        key: parameters[name]
        for key, name in (
            ("sts:ExternalId", "ExternalId"),
            ("sts:RoleSessionName", "RoleSessionName"),
            ("sts:SourceIdentity", "SourceIdentity"),
        )
        if parameters.get(name)
    }
    tags = request_tags(parameters.get("Tags"))
    role = str(parameters.get("RoleArn"))
    wanted = NeededAccess(ASSUME_ROLE, role, {**context, **tags})
    tagging = (NeededAccess("sts:TagSession", role, {**context, **tags}),) if tags else ()
    return (wanted, *tagging)
