"""A Content-Type with parameters selects the mapping template of its media type.

AWS: ``application/json; charset=utf-8`` uses the template for ``application/json``, and so does a
request without Content-Type; a type that has no template gets 415 under NEVER, and under
WHEN_NO_TEMPLATES where there is any (API Gateway Developer Guide, "Method request behavior for
payloads without mapping templates").
LocalStack compares the whole header, parameters included.
"""

from __future__ import annotations

from types import ModuleType
from typing import Any

from localstack_standalone.parity.apigateway.media_types import media_type


def cure(module: ModuleType) -> None:
    """Patch ``IntegrationRequestHandler.get_request_template``."""
    handler = module.IntegrationRequestHandler
    original = handler.get_request_template

    def get_request_template(integration: Any, request: Any) -> Any:
        content_type = media_type(request["headers"].get("Content-Type"))
        return original(
            integration=integration, request={"headers": {"Content-Type": content_type}}
        )

    handler.get_request_template = staticmethod(get_request_template)
