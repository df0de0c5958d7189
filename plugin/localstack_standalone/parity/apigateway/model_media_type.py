"""A body is checked against the model of its own media type, or not at all.

AWS: "If no matching content type is found, request validation is not performed", unless there is
a model for ``$default`` (API Gateway Developer Guide, "Request validation for REST APIs"). So a
text/plain body passes the validator, and meets the integration's 415.
LocalStack checks every body against the model for ``application/json``.
"""

from __future__ import annotations

from types import ModuleType
from typing import Any

from localstack_standalone.parity.apigateway.media_types import JSON, media_type


def cure(module: ModuleType) -> None:
    """Patch ``MethodRequestHandler._is_body_valid``."""
    handler = module.MethodRequestHandler
    original = handler._is_body_valid  # noqa: SLF001 - the one place where models are chosen

    def is_body_valid(method: Any, rest_api: Any, request: Any) -> bool:
        models = method.get("requestModels") or {}
        if not models:
            return bool(original(method, rest_api, request))
        content_type = media_type(request["headers"].get("Content-Type"))
        model = models.get(content_type) or models.get("$default")
        if model is None:
            return True
        return bool(original({**method, "requestModels": {JSON: model}}, rest_api, request))

    handler._is_body_valid = staticmethod(is_body_valid)  # noqa: SLF001 - likewise
