"""A gateway response has the body that its template says.

AWS: the template for application/json of PutGatewayResponse is the body of the refusal; variables
such as ``$context.error.messageString`` (which brings its quotes) are filled in, and nothing else
of Velocity works there (API Gateway Developer Guide, "Gateway responses for REST APIs").
LocalStack keeps the template, and always answers ``{"message": "…"}``.
"""

from __future__ import annotations

import json
import re
from types import ModuleType
from typing import Any, Final

from localstack.utils.patch import patch

from localstack_standalone.parity.apigateway.media_types import JSON

DEFAULT: Final = '{"message":$context.error.messageString}'
_VARIABLE: Final = re.compile(r"\$context\.(\w+(?:\.\w+)*)")


def cure(module: ModuleType) -> None:
    """Patch ``GatewayExceptionHandler.create_exception_response``: only refusals pass it."""

    @patch(module.GatewayExceptionHandler.create_exception_response)
    def create_exception_response(original: Any, self: Any, exception: Any, context: Any) -> Any:
        response = original(self, exception, context)
        found = module.get_gateway_response_or_default(
            exception.type, context.deployment.rest_api.gateway_responses
        )
        template = (found.get("responseTemplates") or {}).get(JSON)
        if template and template != DEFAULT:
            response.set_data(rendered(template, context.context_variables))
        return response


def rendered(template: str, variables: Any) -> str:
    """*template* with the values of its ``$context`` variables; an unknown one is empty."""

    def value(match: re.Match[str]) -> str:
        found = variables
        for name in match[1].split("."):
            found = found.get(name) if isinstance(found, dict) else None
        if match[1] == "error.messageString":
            return json.dumps(found)
        return "" if found is None else str(found)

    return _VARIABLE.sub(value, template)
