"""A request that is no JSON object is answered with SerializationException.

AWS's JSON services answer 400 ``{"__type": "com.amazon.coral.service#SerializationException"}``,
with no message; an array has the message "Start of list found where not expected". Behind API
Gateway it meets the integration responses like any other answer: this is what a template gets that
renders no valid JSON.
LocalStack answers 500 InternalError.
"""

from __future__ import annotations

from types import ModuleType
from typing import Any

from localstack.aws.api import CommonServiceException
from localstack.aws.protocol import parser
from localstack.utils.patch import patch

CODE = "com.amazon.coral.service#SerializationException"


def cure(module: ModuleType) -> None:
    """Patch ``ServiceExceptionSerializer.create_exception_response``: only errors pass it."""

    @patch(module.ServiceExceptionSerializer.create_exception_response)
    def create_exception_response(
        original: Any, self: Any, exception: Exception, context: Any
    ) -> Any:
        if _is_unreadable(exception) and context.protocol == "json":
            # The operation is not known yet, and the serialiser wants any of the service's.
            context.operation = context.operation or context.service.operation_model(
                context.service.operation_names[0]
            )
            exception = CommonServiceException(CODE, _message(context.request))
        return original(self, exception, context)


def _is_unreadable(exception: Exception) -> bool:
    unknown_operation = isinstance(exception, parser.OperationNotFoundParserError)
    return isinstance(exception, parser.RequestParserError) and not unknown_operation


def _message(request: Any) -> str:
    is_list = isinstance(request.get_json(force=True, silent=True), list)
    return "Start of list found where not expected" if is_list else ""
