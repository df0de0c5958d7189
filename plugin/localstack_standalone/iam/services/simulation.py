"""IAM simulates policies with what enforces them.

AWS: SimulateCustomPolicy and SimulatePrincipalPolicy tell for each action and resource what would
be decided, and by which statements (IAM API Reference).
LocalStack compares texts, without wildcards and conditions, and has no SimulateCustomPolicy.
Not told are where in its document a statement stands, and which condition keys had no value.
"""

from __future__ import annotations

from types import ModuleType
from typing import Any, Final

from localstack.aws.api.iam import InvalidInputException, NoSuchEntityException

from localstack_standalone.access.document import MalformedPolicyError, PolicyKind, parse
from localstack_standalone.access.evaluation import (
    AccessRequest,
    Decision,
    NamedPolicy,
    Policies,
    evaluate,
)
from localstack_standalone.access.principal import Identity, IdentityKind
from localstack_standalone.iam.directory import Directory, Principal
from localstack_standalone.iam.handler import AccessControl

_KINDS: Final = {"user": IdentityKind.USER, "role": IdentityKind.SESSION}


def simulate(control: AccessControl, module: ModuleType) -> None:
    """Give *module*'s provider both operations."""
    provider = module.IamProvider
    directory = control.directory

    def simulate_custom_policy(_self: Any, context: Any, **_parameters: Any) -> Any:
        return _results(context, context.service_request, None)

    def simulate_principal_policy(_self: Any, context: Any, *_: Any, **_parameters: Any) -> Any:
        request = context.service_request
        principal = _principal(directory, request["PolicySourceArn"])
        return _results(context, request, principal)

    provider.simulate_custom_policy = simulate_custom_policy
    provider.simulate_principal_policy = simulate_principal_policy


def _principal(directory: Directory, arn: str) -> Principal:
    kind = arn.rpartition(":")[2].partition("/")[0]
    find = {"user": directory.user, "role": directory.role, "group": directory.group}.get(kind)
    found = find(arn) if find else None
    if found is None:
        raise NoSuchEntityException(
            f"The {kind} with name {arn.rpartition('/')[2]} cannot be found."
        )
    return found


def _results(context: Any, request: Any, principal: Principal | None) -> dict[str, Any]:
    policies = _policies(request, principal)
    own = principal.arn if principal else None
    identity = _identity(context, request.get("CallerArn") or own)
    conditions = {
        entry["ContextKeyName"]: _values(entry) for entry in request.get("ContextEntries") or ()
    }
    if request.get("ResourceOwner"):
        conditions["aws:ResourceAccount"] = request["ResourceOwner"].split(":")[4]
    return {
        "IsTruncated": False,
        "EvaluationResults": [
            _result(AccessRequest(identity, action, resource, conditions), policies)
            for action in request["ActionNames"]
            for resource in request.get("ResourceArns") or ("*",)
        ],
    }


def _values(entry: Any) -> str | tuple[str, ...]:
    """The value of a condition key; several of one that has a list."""
    values = tuple(entry.get("ContextKeyValues") or ())
    is_one = len(values) == 1 and not entry.get("ContextKeyType", "").endswith("List")
    return values[0] if is_one else values


def _policies(request: Any, principal: Principal | None) -> Policies:
    def given(parameter: str, kind: PolicyKind) -> tuple[NamedPolicy, ...]:
        listed = enumerate(request.get(parameter) or (), 1)
        return tuple(_read(f"{parameter}.{number}", text, kind) for number, text in listed)

    own = principal.policies if principal else ()
    boundary = given("PermissionsBoundaryPolicyInputList", PolicyKind.BOUNDARY)
    boundary = boundary or (principal.boundary if principal else ())
    resource = request.get("ResourcePolicy")
    return Policies(
        identity=(*own, *given("PolicyInputList", PolicyKind.IDENTITY)),
        resource=_read("ResourcePolicy", resource, PolicyKind.RESOURCE) if resource else None,
        boundary=next(iter(boundary), None),
    )


def _read(name: str, text: str, kind: PolicyKind) -> NamedPolicy:
    try:
        return NamedPolicy(name, parse(text, kind=kind))
    except MalformedPolicyError as error:
        raise InvalidInputException(f"{error}") from error


def _identity(context: Any, arn: str | None) -> Identity:
    """Who is meant to ask; a role is taken for a session of it."""
    arn = arn or f"arn:{context.partition}:iam::{context.account_id}:user/simulated"
    kind = _KINDS.get(arn.rpartition(":")[2].partition("/")[0], IdentityKind.USER)
    role = arn if kind is IdentityKind.SESSION else None
    return Identity(kind, arn, arn.split(":")[4], role)


def _result(request: AccessRequest, policies: Policies) -> dict[str, Any]:
    decision = evaluate(request, policies)
    result: dict[str, Any] = {
        "EvalActionName": request.action,
        "EvalResourceName": request.resource,
        "EvalDecision": _word(decision),
        "MatchedStatements": [
            {"SourcePolicyId": reference.policy, "SourcePolicyType": "IAM Policy"}
            for reference in decision.by
        ],
        "MissingContextValues": [],
    }
    if policies.boundary:
        allows = _allows(policies.boundary, request)
        result["PermissionsBoundaryDecisionDetail"] = {"AllowedByPermissionsBoundary": allows}
    return result


def _word(decision: Decision) -> str:
    if decision.allowed:
        return "allowed"
    return "explicitDeny" if decision.by else "implicitDeny"


def _allows(boundary: NamedPolicy, request: AccessRequest) -> bool:
    """Whether a boundary by itself would."""
    return evaluate(request, Policies(identity=(boundary,), boundary=boundary)).allowed
