"""What LocalStack would do with a request, and whether the owner of that lets a page ask for it.

LocalStack's own routers are asked, in the order of its handler chain, so that no request is taken
for something else here than there. CORS on AWS only keeps a page from *reading* an answer to a
simple request; here it decides before anything runs, as a browser does for the others: an API's
own OPTIONS method is asked, and a function URL's and a bucket's configuration.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from rolo import Request
from rolo.request import get_raw_path
from werkzeug.exceptions import HTTPException, NotFound

from localstack_standalone import function_urls
from localstack_standalone.origin_guard.policy import Addressee

# What has to be there for a request to be for an API or a function URL: a quick look.
_API_HOST: Final = ".execute-api."
_FUNCTION_HOST: Final = ".lambda-url."
_PROGRAM_PATHS: Final = ("/_aws/execute-api/", "/restapis/", function_urls.PREFIX)
_OLD_API_RULE: Final = "/restapis/<api_id>/<stage>/_user_request_"


class Api(Addressee):
    """A method of an API in API Gateway."""

    is_control_plane = False
    is_program = True

    def __init__(self, request: Request) -> None:
        self._request = request

    def admits(self) -> bool:
        """Ask the OPTIONS method of the same resource, as a browser would.

        https://fetch.spec.whatwg.org/#cors-preflight-fetch
        """
        from localstack.services.edge import ROUTER

        asked, headers = self._request, self._request.headers
        if asked.method == "OPTIONS" and "Access-Control-Request-Method" in headers:
            return True  # this is that question
        question = Request(
            "OPTIONS",
            path=asked.path,
            raw_path=get_raw_path(asked),
            query_string=asked.query_string,
            headers={
                "Host": asked.host,
                "Origin": headers["Origin"],
                "Access-Control-Request-Method": asked.method,
            },
            remote_addr=asked.remote_addr,
        )
        answer = ROUTER.dispatch(question)
        allowed = answer.headers.getlist("Access-Control-Allow-Origin")
        return 200 <= answer.status_code < 300 and allowed in (["*"], [headers["Origin"]])  # noqa: PLR2004 - HTTP's


class FunctionUrl(Addressee):
    """A Lambda function's URL.

    LocalStack 4.14 ignores its CORS configuration; AWS answers by it in the function's place.
    https://docs.aws.amazon.com/lambda/latest/dg/urls-configuration.html#urls-cors
    """

    is_control_plane = False
    is_program = True

    def __init__(self, request: Request, url_id: str) -> None:
        self._request = request
        self._cors = _function_cors(url_id)

    def admits(self) -> bool:
        """Whether the configuration names the page's origin and the method."""
        headers = self._request.headers
        method = headers.get("Access-Control-Request-Method") or self._request.method
        origins, methods = self._cors.get("AllowOrigins"), self._cors.get("AllowMethods")
        return _lists(origins, headers["Origin"]) and _lists(methods, method)

    def cors_headers(self) -> Mapping[str, str]:
        """By the configuration, for a page that it admits."""
        anybody = self._cors.get("AllowOrigins") == ["*"]
        headers = {
            "Access-Control-Allow-Origin": "*" if anybody else self._request.headers["Origin"],
            "Vary": "Origin",
        }
        for name, field in _FUNCTION_CORS.items():
            value = self._cors.get(field)
            if value:
                headers[name] = ",".join(value) if isinstance(value, list) else str(value).lower()
        return headers


_FUNCTION_CORS: Final = {
    "Access-Control-Allow-Credentials": "AllowCredentials",
    "Access-Control-Allow-Headers": "AllowHeaders",
    "Access-Control-Allow-Methods": "AllowMethods",
    "Access-Control-Expose-Headers": "ExposeHeaders",
    "Access-Control-Max-Age": "MaxAge",
}


class ServedBucket(Addressee):
    """An S3 bucket that exists, or something in it."""

    is_control_plane = False

    def __init__(self, request: Request, handler: Any, name: str) -> None:
        self._request = request
        self._handler = handler
        self._rules = handler.bucket_cors_index.cors.get(name, {}).get("CORSRules")

    def admits(self) -> bool:
        """Whether a rule of the bucket's fits; a preflight request is answered by S3 itself."""
        if not self._rules:
            return False
        if self._request.method == "OPTIONS":
            return True
        return self._handler.match_rules(self._request, self._rules) is not None


def is_program(request: Request) -> bool:
    """Whether an API or a function answers *request*."""
    host, path = request.host, get_raw_path(request)
    maybe = _API_HOST in host or _FUNCTION_HOST in host or path.startswith(_PROGRAM_PATHS)
    return maybe and find(request).is_program


def find(request: Request) -> Addressee:
    """What LocalStack will do with *request*."""
    from localstack.services.edge import ROUTER
    from localstack.services.internal import get_internal_apis

    try:
        if _match(get_internal_apis(), request):
            return Addressee()
        found = _match(ROUTER, request)
    except HTTPException:  # the address has no such method, or another form
        return Addressee()
    return (_program(request, *found) if found else _bucket(request)) or Addressee()


def _match(router: Any, request: Request) -> Any:
    """Rule and values, as rolo's ``Router.dispatch`` finds them; None where there are none."""
    matcher = router.url_map.bind(server_name=request.host)
    try:
        return matcher.match(get_raw_path(request), method=request.method, return_rule=True)
    except NotFound:
        return None


def _program(request: Request, rule: Any, values: Mapping[str, Any]) -> Addressee | None:
    if "api_id" not in values:
        return None
    from localstack.services.apigateway.next_gen.execute_api.router import ApiGatewayEndpoint
    from localstack.services.lambda_.urlrouter import FunctionUrlRouter

    if isinstance(rule.endpoint, ApiGatewayEndpoint) or rule.rule.startswith(_OLD_API_RULE):
        return Api(request)
    function = FunctionUrlRouter.handle_lambda_url_invocation
    by_name = getattr(rule.endpoint, "__func__", None) is function
    if by_name or rule.rule.startswith(function_urls.PREFIX):
        return FunctionUrl(request, values["api_id"])
    return None


def _bucket(request: Request) -> Addressee | None:
    from localstack.aws.handlers import preprocess_request
    from localstack.services.s3.cors import S3CorsHandler

    for handler in preprocess_request.handlers:
        if isinstance(handler, S3CorsHandler):
            _, name = handler.pre_parse_s3_request(request)
            return ServedBucket(request, handler, name) if name else None
    return None


def _function_cors(url_id: str) -> Mapping[str, Any]:
    found = function_urls.find(url_id)
    return (found.config.cors if found else None) or {}


def _lists(allowed: list[str] | None, wanted: str) -> bool:
    return bool(allowed) and ("*" in (allowed or ()) or wanted in (allowed or ()))
