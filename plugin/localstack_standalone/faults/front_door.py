"""The faults of a client's request to a REST API, where API Gateway throttles: once it is routed.

Source: API Gateway Developer Guide, "Gateway response types" (THROTTLED is 429, ``Too Many
Requests``) and "Throttle requests to your REST APIs"; what a failure of its own answers is as
people met it.
"""

from __future__ import annotations

from types import ModuleType
from typing import Any, Final

from localstack.utils.patch import patch

from localstack_standalone.faults.kind import OF_CALLS, FaultKind
from localstack_standalone.faults.rule import FRONT_DOOR, FRONT_DOOR_OPERATION
from localstack_standalone.faults.rules import CallFacts, FaultRules
from localstack_standalone.faults.striking import suffer

TARGET: Final = "localstack.services.apigateway.next_gen.execute_api.gateway"
_OPERATION: Final = f"{FRONT_DOOR}:{FRONT_DOOR_OPERATION}"


def stand_at(rules: FaultRules, module: ModuleType) -> None:
    """Have each gateway of *module* ask *rules* when it has routed a request."""
    routed = module.handlers.route_request

    @patch(module.RestApiGateway.__init__)
    def init(original: Any, self: Any) -> None:
        original(self)
        place = self.request_handlers.index(routed) + 1
        self.request_handlers.insert(place, _FrontDoor(rules))


class _FrontDoor:
    def __init__(self, rules: FaultRules) -> None:
        self._rules = rules

    def __call__(self, chain: Any, context: Any, _response: Any) -> None:
        if not self._rules.is_on:
            return
        asked = context.invocation_request
        place = f"{context.api_id}/{context.stage}/{asked['http_method']}{asked['path']}"
        request_id = context.context_variables["requestId"]
        # Its integration sends it on, so that a fault of what that calls is known by this request.
        self._rules.ledger.begin(context.trace_id, request_id)
        call = CallFacts(_OPERATION, (place,), (request_id,))
        suffer(self._rules.strikes(call, OF_CALLS), chain, context.request, _refusal)


def _refusal(kind: FaultKind) -> tuple[str, Exception]:
    error = _error(kind)
    return f"{error.code} {error.status_code}", error


def _error(kind: FaultKind) -> Any:
    from localstack.services.apigateway.next_gen.execute_api import gateway_response

    if kind is FaultKind.THROTTLING:
        return gateway_response.ThrottledError("Too Many Requests")
    if kind is FaultKind.ACCESS_DENIED:
        return gateway_response.AccessDeniedError(
            "User is not authorized to access this resource", status_code=403
        )
    if kind is FaultKind.UNAVAILABLE:
        error = gateway_response.InternalServerError("Service Unavailable", status_code=503)
        error.code = "ServiceUnavailableException"
        return error
    return gateway_response.InternalServerError("Internal server error", status_code=500)
