"""AWS's words for a request that is denied.

Sources: IAM User Guide, "Troubleshooting access denied error messages"; Amazon S3 User Guide,
"Troubleshoot access denied (403 Forbidden) errors"; AWS Security Blog, "Enhanced access denied
error messages with policy ARNs" (2026). How services differ from them is as people met it; the unit
tests have each with its place.
"""

from __future__ import annotations

from typing import Final

from localstack_standalone.access.context import Facts
from localstack_standalone.access.evaluation import (
    AccessRequest,
    Decision,
    DecisionKind,
    owner_of,
)
from localstack_standalone.access.principal import IdentityKind

_S3_SAYS_NOTHING: Final = "Access Denied"
_REASONS: Final = {
    DecisionKind.DENIED_BY_IDENTITY: "with an explicit deny in an identity-based policy",
    DecisionKind.DENIED_BY_RESOURCE: "with an explicit deny in a resource-based policy",
    DecisionKind.DENIED_BY_TRUST: "with an explicit deny in the role trust policy",
    DecisionKind.DENIED_BY_BOUNDARY: "with an explicit deny in a permissions boundary",
    DecisionKind.DENIED_BY_SESSION: "with an explicit deny in a session policy",
    DecisionKind.NO_IDENTITY: "because no identity-based policy allows the {action} action",
    DecisionKind.NO_RESOURCE: "because no resource-based policy allows the {action} action",
    DecisionKind.NO_TRUST: "because no role trust policy allows the {action} action",
    DecisionKind.NO_BOUNDARY: "because no permissions boundary allows the {action} action",
    DecisionKind.NO_SESSION: "because no session policy allows the {action} action",
}
# Policies whose ARN is told where it is they that deny.
_TOLD: Final = frozenset(
    {
        DecisionKind.DENIED_BY_IDENTITY,
        DecisionKind.DENIED_BY_BOUNDARY,
        DecisionKind.DENIED_BY_SESSION,
    }
)
# STS says that it may not be, and never why.
_WITHOUT_REASON: Final = "sts:assumerole"
# IAM names what exists as it was asked for, by its name.
_NAMED_BY_IAM: Final = frozenset({"role", "user", "group", "policy"})


def message(request: AccessRequest, decision: Decision) -> str:
    """The message of the service's access denied error.

    Raises:
        ValueError: *decision* is that it is allowed.
    """
    if decision.allowed:
        raise ValueError(f"{request.action} on {request.resource} is allowed: nothing to refuse")
    service = request.action.partition(":")[0].lower()
    if service == "s3" and not _may_be_told(request):
        return _S3_SAYS_NOTHING
    who = request.identity.arn or "anonymous"
    said = f"User: {who} is not authorized to perform: {request.action}{_on(request, service)}"
    if request.action.lower().startswith(_WITHOUT_REASON):
        return said
    return f"{said} {_reason(request, decision)}"


def _may_be_told(request: AccessRequest) -> bool:
    """S3 gives a reason within one account, or an organization, of which there is none here."""
    if request.identity.kind is IdentityKind.ANONYMOUS:
        return False
    return owner_of(request.resource, Facts(request.context)) in {None, request.identity.account}


def _on(request: AccessRequest, service: str) -> str:
    """The resource as the service writes it; without one Lambda has a star, others nothing."""
    resource = request.resource
    if resource == "*":
        return " on resource: *" if service == "lambda" else ""
    if service == "s3":
        return f' on resource: "{resource}"'
    if service == "iam":
        return f" on resource: {_as_iam_says(request.action, resource)}"
    return f" on resource: {resource}"


def _as_iam_says(action: str, arn: str) -> str:
    """``role name``; what is made, passed or listed is its ARN, and a policy is both."""
    name = action.partition(":")[2].lower()
    kind, slash, path = arn.rpartition(":")[2].partition("/")
    if not slash or kind not in _NAMED_BY_IAM or name.startswith(("create", "pass", "list")):
        return arn
    return f"{kind} {arn if kind == 'policy' else path.rpartition('/')[2]}"


def _reason(request: AccessRequest, decision: Decision) -> str:
    reason = _REASONS[decision.kind].format(action=request.action)
    arn = decision.by[0].policy if decision.by else ""
    return f"{reason}: {arn}" if decision.kind in _TOLD and arn.startswith("arn:") else reason
