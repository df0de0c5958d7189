"""Requests of extensions, and what they are answered."""

from __future__ import annotations

import json
import threading
import uuid

import pytest

from localstack_standalone.lambda_process.worker.extensions import Extensions
from localstack_standalone.lambda_process.worker.extensions_api import (
    IDENTIFIER,
    PREFIX,
    ExtensionAnswer,
    ExtensionsApi,
    FunctionIdentity,
)

VARIABLES = {
    "AWS_LAMBDA_FUNCTION_NAME": "f",
    "AWS_LAMBDA_FUNCTION_VERSION": "7",
    "_HANDLER": "app.handler",
}


@pytest.fixture
def extensions() -> Extensions:
    return Extensions(["/opt/extensions/a"], threading.Condition(), lambda: None)


@pytest.fixture
def api(extensions: Extensions) -> ExtensionsApi:
    return ExtensionsApi(extensions, FunctionIdentity.of(VARIABLES, "123456789012"))


def ask(
    api: ExtensionsApi, path: str, headers: dict[str, str], body: object = None
) -> ExtensionAnswer:
    method = "GET" if path.endswith("next") else "POST"
    answer = api.answer(method, f"{PREFIX}/{path}", headers, json.dumps(body).encode())
    assert answer is not None
    return answer


def test_register_tells_of_the_function(api: ExtensionsApi) -> None:
    """The account where it is asked for."""
    headers = {"Lambda-Extension-Name": "a", "Lambda-Extension-Accept-Feature": "accountId"}
    answer = ask(api, "register", headers, {"events": ["INVOKE"]})
    assert 200 == answer.status
    expected = {"functionName": "f", "functionVersion": "7", "handler": "app.handler"}
    assert expected | {"accountId": "123456789012"} == answer.content
    assert 4 == uuid.UUID(answer.headers[IDENTIFIER]).version


def test_next_gives_the_event(api: ExtensionsApi, extensions: Extensions) -> None:
    """One that is there already; None at the end."""
    headers = ask(api, "register", {"Lambda-Extension-Name": "a"}, {"events": ["INVOKE"]}).headers
    extensions.invoke({"eventType": "INVOKE"})
    assert {"eventType": "INVOKE"} == ask(api, "event/next", headers).content
    extensions.close()
    assert api.answer("GET", f"{PREFIX}/event/next", headers, b"") is None


@pytest.mark.parametrize(
    ("path", "headers", "body", "kind"),
    [
        ("register", {}, {}, "Extension.InvalidExtensionName"),
        ("register", {"Lambda-Extension-Name": "a"}, "no object", "InvalidRequestFormat"),
        ("register", {"Lambda-Extension-Name": "a"}, {"events": [1]}, "InvalidRequestFormat"),
        ("event/next", {}, None, "Extension.MissingExtensionIdentifier"),
        ("event/next", {IDENTIFIER: "x"}, None, "Extension.InvalidExtensionIdentifier"),
        (
            "event/next",
            {IDENTIFIER: str(uuid.uuid4())},
            None,
            "Extension.UnknownExtensionIdentifier",
        ),
        ("init/error", {IDENTIFIER: str(uuid.uuid4())}, None, "Extension.MissingHeader"),
    ],
)
def test_what_is_refused(
    api: ExtensionsApi, path: str, headers: dict[str, str], body: object, kind: str
) -> None:
    """With 403 and AWS's type."""
    answer = ask(api, path, headers, body)
    assert (403, kind) == (answer.status, answer.content["errorType"])


def test_errors_are_accepted(api: ExtensionsApi) -> None:
    """With 202; a path of the API that is none is 404."""
    headers = ask(api, "register", {"Lambda-Extension-Name": "a"}, {"events": []}).headers
    said = headers | {"Lambda-Extension-Function-Error-Type": "Extension.Mine"}
    assert (202, {"status": "OK"}) == (
        (answer := ask(api, "exit/error", said)).status,
        answer.content,
    )
    assert 404 == ask(api, "anything", headers).status
    assert not api.knows("/2018-06-01/runtime/invocation/next")


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/2022-07-01/telemetry", "Telemetry.NotSupported"),
        ("/2020-08-15/logs", "Logs.NotSupported"),
    ],
)
def test_telemetry_is_not_here(api: ExtensionsApi, path: str, kind: str) -> None:
    """An extension that asks is told so in the words of AWS's own emulator, and goes on."""
    assert api.knows(path)
    answer = api.answer("PUT", path, {}, b"{}")
    assert answer is not None
    assert (202, kind) == (answer.status, answer.content["errorType"])
