"""The event of a request to a function's URL, and the answer to it, in AWS's form.

AWS: ``cookies`` has the request's cookies, which are in no header then, and a header or a query
parameter that comes several times is one with commas; ``queryStringParameters`` is there if the
query is; a text in UTF-8 of a text's media type is not in base64, everything else is; ``cookies``
of the result set the browser's; a request that is signed has its caller in
``requestContext.authorizer`` (Lambda Developer Guide, "Invoking Lambda function URLs").
LocalStack knows no cookies, keeps the last of several headers, has an empty query, and texts beyond
ASCII in base64; of a ``body`` that is null it makes a 500.
"""

from __future__ import annotations

import base64
import json
from types import ModuleType
from typing import Any, Final

from localstack.utils.patch import patch
from localstack.utils.urls import localstack_host

from localstack_standalone import function_urls

_TEXTS: Final = ("text/", "application/json", "application/javascript", "application/xml")
_ENDINGS: Final = ("+json", "+xml")


def cure(module: ModuleType) -> None:
    """Patch ``event_for_lambda_url`` and ``lambda_result_to_response``."""

    @patch(module.event_for_lambda_url)
    def event_for_lambda_url(original: Any, api_id: str, request: Any) -> Any:
        event = original(api_id, request)
        path = event["rawPath"]
        event["rawPath"] = event["requestContext"]["http"]["path"] = function_urls.path_within(path)
        _tell_context(event["requestContext"], api_id, path, request)
        _tell_headers(event, request)
        if not event["queryStringParameters"]:
            del event["queryStringParameters"]
        _tell_body(event, module.restore_payload(request), request.headers.get("Content-Type"))
        return event

    @patch(module.lambda_result_to_response)
    def lambda_result_to_response(original: Any, result: Any) -> Any:
        cookies = _prepare(result)
        response = original(result)
        for cookie in cookies:
            response.headers.add("Set-Cookie", cookie)
        return response


def _tell_context(context: Any, api_id: str, path: str, request: Any) -> None:
    address = request.remote_addr or ""
    context["http"]["sourceIp"] = address
    context["http"]["protocol"] = request.environ.get("SERVER_PROTOCOL") or "HTTP/1.1"
    if function_urls.is_by_path(path):
        # The name under which a browser has it alone, as on AWS.
        region, port = request.environ.get(function_urls.REGION), localstack_host().port
        context["domainName"] = f"{api_id}.lambda-url.{region}.localhost:{port}"
    authorizer = request.environ.get(function_urls.AUTHORIZER)
    if authorizer:
        context["authorizer"] = authorizer
        context["accountId"] = authorizer["iam"]["accountId"]


def _tell_headers(event: Any, request: Any) -> None:
    headers = event["headers"]
    for name in {name.lower() for name in request.headers.keys()}:  # noqa: SIM118 - not a mapping
        if name in headers:
            headers[name] = ",".join(request.headers.getlist(name))
    headers["x-forwarded-for"] = request.remote_addr or ""
    given = headers.pop("cookie", None)
    if given is not None:
        jars = request.headers.getlist("Cookie")
        event["cookies"] = [each.strip() for jar in jars for each in jar.split(";") if each.strip()]


def _tell_body(event: Any, data: bytes, media_type: str | None) -> None:
    if not data:
        return
    kind = (media_type or "").partition(";")[0].strip().lower()
    text = _text(data) if kind.startswith(_TEXTS) or kind.endswith(_ENDINGS) else None
    event["isBase64Encoded"] = text is None
    event["body"] = base64.b64encode(data).decode() if text is None else text


def _text(data: bytes) -> str | None:
    try:
        return data.decode()
    except UnicodeDecodeError:
        return None


def _prepare(result: Any) -> list[str]:
    """The cookies of the result; a body that is null becomes an empty one."""
    try:
        answer = json.loads(result.payload)
    except ValueError:
        return []
    if not isinstance(answer, dict) or "statusCode" not in answer:
        return []
    if answer.get("body", "") is None:
        result.payload = json.dumps({**answer, "body": ""}).encode()
    cookies = answer.get("cookies")
    return [str(cookie) for cookie in cookies] if isinstance(cookies, list) else []
