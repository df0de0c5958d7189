"""API Gateway's management: the action is the method of HTTP, the resource its path.

Source: API Gateway Developer Guide, "Control access for managing an API with IAM permissions"
(``arn:aws:apigateway:region::/restapis/…``, without an account); Service Authorization Reference,
"… for Amazon API Gateway Management".
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

SERVICE: Final = "apigateway.amazonaws.com"
_ACTIONS: Final = {"HEAD": "GET"}


def needed(call: OperationCall) -> Needs:
    """What *call* needs; None where it came without method and path."""
    if not (call.method and call.path.startswith("/")):
        return None
    place = call.place
    arn = f"arn:{place.partition}:apigateway:{place.region}::{call.path.rstrip('/') or '/'}"
    action = f"apigateway:{_ACTIONS.get(call.method, call.method)}"
    tags = request_tags(call.parameters.get("tags"))
    role = call.parameters.get("credentials") if call.operation == "PutIntegration" else None
    return (NeededAccess(action, arn, tags), *passing(_role(role), SERVICE))


def _role(credentials: str | None) -> str | None:
    """The role of an integration; ``arn:aws:iam::*:user/*`` passes the caller's own credentials."""
    return credentials if credentials and ":role/" in credentials else None
