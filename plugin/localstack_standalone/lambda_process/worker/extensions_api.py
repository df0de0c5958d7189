"""The Lambda Extensions API of one environment: paths and words in front of its extensions.

Source: https://docs.aws.amazon.com/lambda/latest/dg/runtimes-extensions-api.html (2020-01-01).
"""

from __future__ import annotations

import dataclasses
import json
import uuid
from collections.abc import Mapping
from email.message import Message
from typing import Any, Final

from localstack_standalone.lambda_process.worker.extensions import (
    ExtensionRefusedError,
    Extensions,
    ExtensionState,
)

PREFIX: Final = "/2020-01-01/extension"
IDENTIFIER: Final = "Lambda-Extension-Identifier"
ERROR_TYPE: Final = "Lambda-Extension-Function-Error-Type"
# Those of http.server do not mind upper case and lower.
type Headers = Message[str, str] | Mapping[str, str]
_ERRORS: Final = {
    f"{PREFIX}/init/error": ExtensionState.INIT_ERROR,
    f"{PREFIX}/exit/error": ExtensionState.EXIT_ERROR,
}
# Not here. An extension that asks is told so as AWS's own emulator tells it, and goes on without.
_NOT_HERE: Final = {"/2020-08-15/logs": "Logs", "/2022-07-01/telemetry": "Telemetry"}


@dataclasses.dataclass(frozen=True)
class FunctionIdentity:
    """What an extension is told of the function that it is beside."""

    name: str
    version: str
    handler: str
    account: str

    @classmethod
    def of(cls, environment: Mapping[str, str], account: str) -> FunctionIdentity:
        """That of the function with these variables."""
        return cls(
            environment.get("AWS_LAMBDA_FUNCTION_NAME", ""),
            environment.get("AWS_LAMBDA_FUNCTION_VERSION", ""),
            environment.get("_HANDLER", ""),
            account,
        )


@dataclasses.dataclass(frozen=True)
class ExtensionAnswer:
    """An answer with *content* as JSON."""

    status: int
    content: dict[str, Any]
    headers: dict[str, str] = dataclasses.field(default_factory=dict)


class ExtensionsApi:
    """Answers requests of *extensions*, beside *function*."""

    def __init__(self, extensions: Extensions, function: FunctionIdentity) -> None:
        self._extensions, self._function = extensions, function

    def knows(self, path: str) -> bool:
        """Whether *path* is one of this API."""
        return path.startswith(f"{PREFIX}/") or path in _NOT_HERE

    def answer(
        self, method: str, path: str, headers: Headers, body: bytes
    ) -> ExtensionAnswer | None:
        """Answer one request, after an event is there if it is for that; None: hang up."""
        if method == "PUT" and path in _NOT_HERE:
            kind = _NOT_HERE[path]
            refusal = _error(f"{kind}.NotSupported", f"{kind} API is not supported")
            return ExtensionAnswer(202, refusal)
        try:
            if (method, path) == ("POST", f"{PREFIX}/register"):
                return self._register(headers, body)
            if (method, path) == ("GET", f"{PREFIX}/event/next"):
                return self._next(headers)
            if method == "POST" and path in _ERRORS:
                return self._failed(headers, _ERRORS[path])
        except ExtensionRefusedError as refused:
            return ExtensionAnswer(403, _error(refused.kind, str(refused)))
        return ExtensionAnswer(404, _error("NotFound", f"unknown path {path}"))

    def _register(self, headers: Headers, body: bytes) -> ExtensionAnswer:
        name = headers.get("Lambda-Extension-Name") or ""
        identifier = self._extensions.register(name, _events(body) if name else [])
        function = self._function
        content = {
            "functionName": function.name,
            "functionVersion": function.version,
            "handler": function.handler,
        }
        features = (headers.get("Lambda-Extension-Accept-Feature") or "").split(",")
        if "accountId" in map(str.strip, features):
            content["accountId"] = function.account
        return ExtensionAnswer(200, content, {IDENTIFIER: identifier})

    def _next(self, headers: Headers) -> ExtensionAnswer | None:
        event = self._extensions.next_event(_identifier(headers))
        if event is None:
            return None
        return ExtensionAnswer(200, event, {"Lambda-Extension-Event-Identifier": str(uuid.uuid4())})

    def _failed(self, headers: Headers, state: ExtensionState) -> ExtensionAnswer:
        identifier, error_type = _identifier(headers), headers.get(ERROR_TYPE)
        if not error_type:
            raise ExtensionRefusedError("Extension.MissingHeader", f"{ERROR_TYPE} not found")
        self._extensions.failed(identifier, error_type, state)
        return ExtensionAnswer(202, {"status": "OK"})


def _identifier(headers: Headers) -> str:
    given = headers.get(IDENTIFIER)
    if not given:
        raise ExtensionRefusedError(
            "Extension.MissingExtensionIdentifier", f"Missing {IDENTIFIER} header"
        )
    try:
        return str(uuid.UUID(given))
    except ValueError:
        raise ExtensionRefusedError(
            "Extension.InvalidExtensionIdentifier", f"Invalid {IDENTIFIER}"
        ) from None


def _events(body: bytes) -> list[str]:
    try:
        asked = json.loads(body)
    except ValueError as error:
        raise ExtensionRefusedError("InvalidRequestFormat", str(error)) from error
    events = asked.get("events", []) if isinstance(asked, dict) else None
    if not isinstance(events, list) or not all(isinstance(event, str) for event in events):
        raise ExtensionRefusedError("InvalidRequestFormat", "events is no list of texts")
    if asked.get("configurationKeys"):
        why = "configurationKeys are deprecated; use environment variables instead"
        raise ExtensionRefusedError("InvalidRequestFormat", why)
    return events


def _error(kind: str, why: str) -> dict[str, str]:
    return {"errorMessage": why, "errorType": kind}
