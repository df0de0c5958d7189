"""The first handler of the gateway's chain, and the last word on what S3 gives to a browser."""

from __future__ import annotations

import logging
from typing import Final

from localstack.aws.api import RequestContext
from localstack.aws.chain import HandlerChain
from rolo import Request, Response
from rolo.gateway import Gateway

from localstack_standalone.origin_guard import cors
from localstack_standalone.origin_guard.destination import changes_unsigned, destination_of
from localstack_standalone.origin_guard.hosts import HostPolicy
from localstack_standalone.origin_guard.sender import Evidence, sender_of
from localstack_standalone.origin_guard.verdict import Verdict, judge

LOG = logging.getLogger(__name__)

SETTING: Final = "STANDALONE_ORIGIN_GUARD"
HOSTS_SETTING: Final = "ALLOWED_HOSTS"
MISDIRECTED: Final = 421  # RFC 9110, 15.5.20
SANDBOX: Final = {"Content-Security-Policy": "sandbox", "X-Content-Type-Options": "nosniff"}
UNSIGNED: Final = (
    "<ErrorResponse><Error><Type>Sender</Type><Code>MissingAuthenticationToken</Code>"
    "<Message>Request is missing Authentication Token</Message></Error></ErrorResponse>"
)
# What the request's context remembers for `sandbox_objects`.
AUTHORIZED: Final = "came_with_authorization"
_SHOWN_CHARACTERS: Final = 200


class OriginGuard:
    """Refuses requests that a web page sends, and those that were meant for another name.

    Args:
        gateway: asked whether one of the user's APIs allows an origin.
        hosts: the names that are answered to.
        trusted: origins that the user has named as trusted (EXTRA_CORS_ALLOWED_ORIGINS).
    """

    def __init__(self, gateway: Gateway, hosts: HostPolicy, trusted: frozenset[str]) -> None:
        self._gateway = gateway
        self._hosts = hosts
        self._trusted = trusted

    def __call__(self, chain: HandlerChain, context: RequestContext, response: Response) -> None:
        """Let the request of *context* go on, or end its *chain* with a refusal."""
        request = context.request
        host = _header(request, "Host")
        if not self._hosts.allows(host):
            _refuse(
                chain,
                response,
                MISDIRECTED,
                f"This emulator does not answer to the name {_shown(host)}. If it is yours, name it "
                f"in {HOSTS_SETTING} and start the emulator anew.",
            )
            return
        destination = destination_of(host, request.path)
        authorized = "Authorization" in request.headers
        setattr(context, AUTHORIZED, authorized)  # later handlers add one where there is none
        if changes_unsigned(
            request.method, frozenset(request.args), destination, authorized=authorized
        ):
            response.content_type = "text/xml"
            _refuse(chain, response, 403, UNSIGNED)
            return
        if not self._passes(request, host):
            _refuse(
                chain,
                response,
                403,
                "A web page sent this (Origin "
                f"{_shown(_header(request, 'Origin'))}), and pages may not use this emulator. An "
                "API of API Gateway is open to the origins that its own OPTIONS method allows, a "
                "bucket to those in its CORS configuration, and everything to those in "
                f"EXTRA_CORS_ALLOWED_ORIGINS; {SETTING}=off takes this guard away.",
            )

    def _passes(self, request: Request, host: str | None) -> bool:
        origin = _header(request, "Origin")
        if origin is not None and self._trusted & {origin, "*"}:
            return True
        sender = sender_of(
            Evidence(
                host=host,
                origin=origin,
                site=_header(request, "Sec-Fetch-Site"),
                referer=_header(request, "Referer"),
            )
        )
        destination = destination_of(host, request.path)
        match judge(sender, destination, request.method, cors=origin is not None):
            case Verdict.PASS:
                return True
            case Verdict.ASK_API:
                return cors.api_allows(self._gateway, request)
            case Verdict.ASK_BUCKET:
                return cors.bucket_allows(request)
            case Verdict.REFUSE:
                return False


def sandbox_objects(_chain: HandlerChain, context: RequestContext, response: Response) -> None:
    """Have a browser show an object of S3 as if it were of no origin, and of the type it says.

    On AWS a bucket is another origin than every API. A program signs in a header, which a page that
    is opened cannot; what is signed so stays as AWS answers it.
    """
    service = context.service
    if service is None or service.service_name != "s3":
        return
    if not context.get(AUTHORIZED):
        response.headers.update(SANDBOX)


def _refuse(chain: HandlerChain, response: Response, status: int, words: str) -> None:
    """End the *chain* at once: nothing may add a header that opens the answer to a page."""
    LOG.warning("refused with %d: %s", status, words)
    response.status_code = status
    response.headers.setdefault("Content-Type", "text/plain; charset=utf-8")
    response.set_data(f"{words}\n")
    chain.terminate()


def _header(request: Request, name: str) -> str | None:
    """The header's value; several are joined, and then are nobody's."""
    values = request.headers.getlist(name)
    return ",".join(values) if values else None


def _shown(value: str | None) -> str:
    return ascii(value if value is None else value[:_SHOWN_CHARACTERS])
