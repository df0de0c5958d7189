"""Errors of Step Functions have their full type in ``__type``.

AWS: ``com.amazonaws.swf.service.v2.model#ExecutionAlreadyExists`` and the like, and
``com.amazon.coral.validate#ValidationException`` for what breaks a constraint of the request. SDKs
cut at the ``#``; a mapping template for API Gateway sees all of it.
LocalStack writes the bare name.
"""

from __future__ import annotations

import json
import re
from types import ModuleType
from typing import Any, Final

from localstack.utils.patch import patch

SERVICE: Final = "com.amazonaws.swf.service.v2.model"
VALIDATION: Final = "com.amazon.coral.validate"
_CONSTRAINT: Final = re.compile(r"\d+ validation errors? detected: ")


def cure(module: ModuleType) -> None:
    """Patch ``JSONResponseSerializer._serialize_error``: only errors pass it."""

    @patch(module.JSONResponseSerializer._serialize_error)  # noqa: SLF001 - where __type is written
    def serialize_error(
        original: Any, self: Any, error: Any, response: Any, shape: Any, *rest: Any
    ) -> None:
        original(self, error, response, shape, *rest)
        operation_model = rest[0]
        if shape is not None and operation_model.service_model.service_name == "stepfunctions":
            body = json.loads(response.data)
            body["__type"] = f"{_namespace(body)}#{body['__type']}"
            response.set_json(body)


def _namespace(body: dict[str, str]) -> str:
    return VALIDATION if _CONSTRAINT.match(body.get("message", "")) else SERVICE
