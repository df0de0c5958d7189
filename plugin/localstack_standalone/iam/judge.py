"""What AWS would decide: the request with its conditions, and the policies that apply to it."""

from __future__ import annotations

from typing import Any

from localstack_standalone.access.evaluation import (
    AccessRequest,
    Decision,
    DecisionKind,
    Policies,
    evaluate,
)
from localstack_standalone.access.principal import Identity, IdentityKind
from localstack_standalone.iam import conditions
from localstack_standalone.iam.callers import Caller
from localstack_standalone.iam.operations.call import NeededAccess
from localstack_standalone.iam.resources import ResourcePolicies, bucket_name


class Judge:
    """Decides by the policies that are there now."""

    def __init__(self, resources: ResourcePolicies) -> None:
        self._resources = resources

    def decide(
        self, context: Any, caller: Caller, needed: NeededAccess
    ) -> tuple[AccessRequest, Decision]:
        """The request as policies see it, and what comes of it."""
        request = self._request(context, caller, needed)
        policies = Policies(
            identity=caller.policies,
            resource=next(iter(self._resources.of(needed)), None),
            boundary=next(iter(caller.boundary), None),
            session=caller.session,
        )
        decision = evaluate(request, policies)
        if decision.allowed:
            return request, decision
        if caller.identity.kind is IdentityKind.SERVICE:
            decision = _by_its_regional_name(request, policies, context.region) or decision
        elif caller.identity.kind is IdentityKind.ANONYMOUS and self._resources.is_public(needed):
            is_explicit = decision.kind is DecisionKind.DENIED_BY_RESOURCE
            decision = decision if is_explicit else Decision(True, DecisionKind.ALLOWED)  # noqa: FBT003 - as its fields are named
        return request, decision

    def _request(self, context: Any, caller: Caller, needed: NeededAccess) -> AccessRequest:
        owner = None
        if needed.action.startswith("s3:"):
            owner = self._resources.owner(bucket_name(needed.resource))
        known = conditions.of_request(
            context.request, region=context.region, caller=caller, needed=needed, owner=owner
        )
        return AccessRequest(caller.identity, needed.action, needed.resource, known)


def _by_its_regional_name(
    request: AccessRequest, policies: Policies, region: str
) -> Decision | None:
    """A service is meant by ``states.amazonaws.com`` and by ``states.ca-central-1.amazonaws.com``.

    Step Functions says so where neither may assume a role.
    """
    name = request.identity.arn.removesuffix(".amazonaws.com")
    regional = Identity(IdentityKind.SERVICE, f"{name}.{region}.amazonaws.com")
    again = AccessRequest(regional, request.action, request.resource, request.context)
    decision = evaluate(again, policies)
    return decision if decision.allowed else None
