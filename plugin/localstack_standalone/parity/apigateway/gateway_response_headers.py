"""A refusal has the headers that its gateway response says.

AWS: ``gatewayresponse.header.<name>`` among the responseParameters of PutGatewayResponse sets a
header of the refusal, to a text between apostrophes or to a value of the request, ``$context`` or
the stage (API Gateway Developer Guide, "Gateway responses for REST APIs"). It is how a browser
gets to see a 400 or 403: with ``Access-Control-Allow-Origin``.
LocalStack keeps the parameters, and sets no header.
"""

from __future__ import annotations

from types import ModuleType
from typing import Any, Final

from localstack.utils.patch import patch

_HEADER: Final = "gatewayresponse.header."


def cure(module: ModuleType) -> None:
    """Patch ``GatewayExceptionHandler.create_exception_response``: only refusals pass it."""

    @patch(module.GatewayExceptionHandler.create_exception_response)
    def create_exception_response(original: Any, self: Any, exception: Any, context: Any) -> Any:
        response = original(self, exception, context)
        found = module.get_gateway_response_or_default(
            exception.type, context.deployment.rest_api.gateway_responses
        )
        for name, source in (found.get("responseParameters") or {}).items():
            value = mapped(source, context)
            if name.startswith(_HEADER) and value is not None:
                response.headers[name.removeprefix(_HEADER)] = value
        return response


def mapped(source: str, context: Any) -> str | None:
    """What *source* stands for in the request of *context*; None where there is nothing."""
    if source.startswith("'") and source.endswith("'"):
        return source[1:-1]
    request = context.invocation_request or {}
    roots = {
        "method.request.header.": request.get("headers"),
        "method.request.querystring.": request.get("query_string_parameters"),
        "method.request.path.": request.get("path_parameters"),
        "stageVariables.": context.stage_variables,
        "context.": context.context_variables,
    }
    for prefix, found in roots.items():
        if source.startswith(prefix):
            return _member(found, source.removeprefix(prefix))
    return None


def _member(found: Any, path: str) -> str | None:
    for name in path.split("."):
        found = found.get(name) if hasattr(found, "get") else None
    return None if found is None else str(found)
