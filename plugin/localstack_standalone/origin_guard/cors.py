"""Asks the user's own resources whether they allow a page's origin."""

from __future__ import annotations

import contextlib
from typing import Any, Final

from localstack.services.plugins import SERVICE_PLUGINS
from rolo import Request, Response
from rolo.gateway import Gateway

REQUESTED_METHOD: Final = "Access-Control-Request-Method"
# A page may send these without asking first (Fetch Standard, "CORS-safelisted method").
SAFELISTED: Final = ("GET", "HEAD", "POST")


def is_preflight(request: Request) -> bool:
    """Whether a browser asks what a page may do; what answers is the API or the bucket."""
    return request.method == "OPTIONS" and REQUESTED_METHOD in request.headers


def api_allows(gateway: Gateway, request: Request) -> bool:
    """Whether the API that *request* is for answers a preflight of its origin with yes.

    On AWS a simple request reaches an API without a preflight. Here it must not: the API would
    start what a page that is merely visited wants started.
    """
    if is_preflight(request):
        return True
    origin = request.headers["Origin"]
    question = Request(
        method="OPTIONS",
        path=request.path,
        raw_path=request.environ.get("RAW_URI", request.path).partition("?")[0],
        query_string=request.query_string.decode("latin-1"),
        headers={
            "Host": request.host,
            "Origin": origin,
            REQUESTED_METHOD: request.method,
        },
    )
    answer = Response()
    with contextlib.closing(answer):
        gateway.process(question, answer)
    return is_allowed(answer.status_code, dict(answer.headers), origin, request.method)


def is_allowed(status: int, headers: dict[str, str], origin: str, method: str) -> bool:
    """Read the answer to a preflight as a browser does (Fetch Standard, "CORS-preflight fetch")."""
    by_name = {name.lower(): value for name, value in headers.items()}
    if not 200 <= status < 300:  # noqa: PLR2004 - an ok status
        return False
    if by_name.get("access-control-allow-origin", "").strip() not in ("*", origin):
        return False
    methods = by_name.get("access-control-allow-methods", "").split(",")
    named = {name.strip().upper() for name in methods}
    return method in SAFELISTED or method in named or "*" in named


def bucket_allows(request: Request) -> bool:
    """Whether the bucket that *request* is for has a CORS rule for its origin and method."""
    handler = _s3_cors()
    if handler is None:
        return False
    is_s3, bucket = handler.pre_parse_s3_request(request)
    known = handler.bucket_cors_index.cors
    if not is_s3 or bucket is None or bucket not in known:
        return False
    return handler.match_rules(request, known[bucket]["CORSRules"]) is not None


def _s3_cors() -> Any:
    """LocalStack's reader of the buckets' rules; None where S3 was not used yet."""
    if not SERVICE_PLUGINS.is_running("s3"):
        return None
    provider: Any = SERVICE_PLUGINS.get_service("s3")._provider  # noqa: SLF001 - no other way
    return provider._cors_handler  # noqa: SLF001 - likewise
