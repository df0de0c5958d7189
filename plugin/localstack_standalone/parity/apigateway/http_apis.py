"""A call of API Gateway's second version is told what is not here, and what is.

AWS has HTTP and WebSocket APIs (``apigatewayv2``) beside REST APIs (``apigateway``). LocalStack
4.14's open-source edition has REST APIs alone, and speaks of a "license plan" to who asks for the
others.
"""

from __future__ import annotations

from types import ModuleType
from typing import Any, Final

MISSING: Final = "apigatewayv2"
WORDS: Final = (
    "HTTP APIs and WebSocket APIs (apigatewayv2) are not in this emulator; REST APIs (apigateway) "
    "are: make one with CreateRestApi, or test this one on AWS"
)


def cure(module: ModuleType) -> None:
    """Replace the words of both that tell of services that are not there."""
    original = module.get_service_availability_exception

    def unavailable(service_name: str, *further: Any) -> Any:
        error = original(service_name, *further)
        if service_name == MISSING:
            error.message = WORDS
            error.args = (WORDS,)  # which the serializer writes
        return error

    module.get_service_availability_exception = unavailable  # type: ignore[attr-defined]
