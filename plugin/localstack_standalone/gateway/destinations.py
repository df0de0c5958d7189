"""How large a body may be, by where a request goes, and the words of that service's refusals.

Decided by the head alone, before any of the body is read.
"""

from __future__ import annotations

import base64
import dataclasses
import functools
import json
import re
import secrets
import uuid
from collections.abc import Callable
from typing import Final
from urllib.parse import unquote

import h11

from localstack_standalone import function_urls, quotas
from localstack_standalone.gateway import head

_API_PATHS: Final = re.compile(r"/(_aws/execute-api/|restapis/[^/]+/[^/]+/_user_request_)")
_API_HOST: Final = re.compile(r"[^.]+\.execute-api\.")
_FUNCTION_HOST: Final = re.compile(r"[^.]+\.lambda-url\.")
_LAMBDA: Final = (
    (r"/2015-03-31/functions/[^/]+/invocations", "InvokeFunction", quotas.INVOKE_BYTES),
    (r"/2015-03-31/functions/?$", "CreateFunction", quotas.FUNCTION_CODE_BYTES),
    (r"/2015-03-31/functions/[^/]+/code", "UpdateFunctionCode", quotas.FUNCTION_CODE_BYTES),
    (r"/2018-10-31/layers/[^/]+/versions", "PublishLayerVersion", quotas.FUNCTION_CODE_BYTES),
)
_SIGNED_FOR: Final = re.compile(r"Credential=[^/]+/\d{8}/[^/]+/([^/]+)/aws4_request")


@dataclasses.dataclass(frozen=True)
class ServiceRefusal:
    """An answer in the shape of a service's errors."""

    status: int
    content_type: str
    body: str
    headers: tuple[tuple[str, str], ...] = ()


@dataclasses.dataclass(frozen=True)
class Destination:
    """Where a request goes.

    Attributes:
        limit_bytes: the largest body that is read.
        too_large: gives the answer to a larger one.
        broken: gives the answer when its body cannot be kept.
    """

    limit_bytes: int
    too_large: Callable[[], ServiceRefusal]
    broken: Callable[[], ServiceRefusal]


Find = Callable[[h11.Request], Destination]


def find(request: h11.Request) -> Destination:
    """The service that *request* is for, as far as its head tells.

    Raises:
        head.BadRequestError: its target is none.
    """
    parts = head.split(request)
    path = unquote(parts.path)
    fields = {name: value.decode("latin-1") for name, value in request.headers}
    host = parts.netloc or fields.get(b"host", "")
    if _API_PATHS.match(path) or _API_HOST.match(host):
        return API_GATEWAY
    if path.startswith(function_urls.PREFIX) or _FUNCTION_HOST.match(host):
        return _json_service(quotas.INVOKE_BYTES, " for the InvokeFunction operation")
    for pattern, operation, limit_bytes in _LAMBDA:
        if re.match(pattern, path):
            return _json_service(limit_bytes, f" for the {operation} operation")
    signed = _SIGNED_FOR.search(fields.get(b"authorization", ""))
    is_s3 = (signed[1] == "s3") if signed else b"x-amz-target" not in fields
    if is_s3 and not path.startswith("/_"):  # no bucket begins so
        return S3
    return _json_service(quotas.SERVICE_REQUEST_BYTES)


def _json_service(limit_bytes: int, operation: str = "") -> Destination:
    too_large = f"Request must be smaller than {limit_bytes} bytes{operation}"
    broken = "The request could not be kept; the emulator's log tells why"
    return Destination(
        limit_bytes,
        functools.partial(_json_error, 413, "RequestEntityTooLargeException", too_large),
        functools.partial(_json_error, 500, "InternalFailure", broken),
    )


def _json_error(status: int, code: str, message: str) -> ServiceRefusal:
    body = json.dumps({"__type": code, "message": message})
    headers = (("x-amzn-ErrorType", code), _request_id())
    return ServiceRefusal(status, "application/json", body, headers)


def _xml_error(status: int, code: str, message: str) -> ServiceRefusal:
    request_id = uuid.uuid4().hex[:16].upper()
    body = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f"<Error><Code>{code}</Code><Message>{message}</Message>"
        f"<RequestId>{request_id}</RequestId></Error>"
    )
    headers = (("x-amz-request-id", request_id), ("Server", "AmazonS3"))
    return ServiceRefusal(status, "application/xml", body, headers)


def _api_error(status: int, content_type: str, body: str) -> ServiceRefusal:
    short = base64.b64encode(secrets.token_bytes(11)).decode()
    return ServiceRefusal(status, content_type, body, (_request_id(), ("x-amz-apigw-id", short)))


def _request_id() -> tuple[str, str]:
    return "x-amzn-RequestId", str(uuid.uuid4())


API_GATEWAY: Final = Destination(
    quotas.API_GATEWAY_PAYLOAD_BYTES,
    functools.partial(_api_error, 413, "text/plain", quotas.API_GATEWAY_PAYLOAD_WORDS),
    functools.partial(
        _api_error, 500, "application/json", json.dumps({"message": "Internal server error"})
    ),
)
# Amazon S3 API reference, "List of error codes": too large is a 400 there.
S3: Final = Destination(
    quotas.S3_PUT_BYTES,
    functools.partial(
        _xml_error, 400, "EntityTooLarge", "Your proposed upload exceeds the maximum allowed size"
    ),
    functools.partial(
        _xml_error, 500, "InternalError", "We encountered an internal error. Please try again."
    ),
)
