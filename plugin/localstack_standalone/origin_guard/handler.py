"""The guard in LocalStack's handler chain: before everything, and behind everything."""

from __future__ import annotations

import html
import json
import logging
from typing import Any, Final

from localstack_standalone.origin_guard import addressees, policy
from localstack_standalone.origin_guard.hosts import Hosts

LOG = logging.getLogger(__name__)

# A page that the emulator serves has an origin of its own, and runs nothing.
HARDENED: Final = {"Content-Security-Policy": "sandbox", "X-Content-Type-Options": "nosniff"}
# What every server of ours and LocalStack's puts into the environment of a request.
_FROM_OUTSIDE: Final = frozenset({"REMOTE_ADDR", "rolo.headers", "asgi.headers"})


class OriginGuard:
    """Refuses what a web page may not send."""

    def __init__(self, hosts: Hosts) -> None:
        self._hosts = hosts

    def __call__(self, chain: Any, context: Any, response: Any) -> None:
        """End the chain with a refusal, or let it go on."""
        request = context.request
        if _is_from_within(request):
            return
        facts = facts_of(request)
        refusal = policy.judge_host(facts, self._hosts)
        if refusal is None:
            sender = policy.sender(facts)
            if sender is policy.Sender.NO_PAGE and not policy.is_unsigned_action(facts):
                return
            target = addressees.find(request)
            refusal = policy.judge(facts, sender, target)
            if refusal is None and sender is policy.Sender.FOREIGN_PAGE:
                _admit(facts, target, chain, response)
        if refusal is not None:
            LOG.info("refused %s %.200s: %s", facts.method, facts.target, refusal.message)
            _refuse(refusal, chain, response)


def harden(_chain: Any, context: Any, response: Any) -> None:
    """Have a browser run nothing of an answer, unless an API or a function has given it.

    For everybody: not every browser says that it is one. SDKs and curl pay no heed.
    """
    request = context.request
    if not _is_from_within(request) and not addressees.is_program(request):
        response.headers.update(HARDENED)


def facts_of(request: Any) -> policy.SenderFacts:
    """What *request* says of its sender."""
    headers, query = request.headers, request.args
    return policy.SenderFacts(
        method=request.method,
        target=request.environ.get("RAW_URI") or "/",
        hosts=tuple(headers.getlist("Host")),
        origins=tuple(headers.getlist("Origin")),
        site=_only(headers.getlist("Sec-Fetch-Site")),
        mode=_only(headers.getlist("Sec-Fetch-Mode")),
        referer=headers.get("Referer"),
        asks_method=headers.get("Access-Control-Request-Method"),
        actions=tuple(query.getlist("Action")),
        signed=headers.get("Authorization", "").startswith("AWS"),
        presigned="X-Amz-Signature" in query or "Signature" in query,
    )


def _only(values: list[str]) -> str | None:
    """One value; several make one that nobody knows."""
    return ",".join(values) if values else None


def _is_from_within(request: Any) -> bool:
    """Whether the emulator calls itself in memory: no server has made this request."""
    return _FROM_OUTSIDE.isdisjoint(request.environ)


def _admit(facts: policy.SenderFacts, target: policy.Addressee, chain: Any, response: Any) -> None:
    headers = target.cors_headers()
    response.headers.update(headers)
    if headers and facts.is_preflight:
        response.status_code = 200
        chain.terminate()


def _refuse(refusal: policy.GuardRefusal, chain: Any, response: Any) -> None:
    """Answer in what a query client reads, or else in what a person does."""
    if refusal is policy.UNSIGNED:
        response.data = (
            f"<ErrorResponse><Error><Type>Sender</Type><Code>{refusal.code}</Code>"
            f"<Message>{html.escape(refusal.message)}</Message></Error></ErrorResponse>"
        )
        response.mimetype = "text/xml"
    else:
        response.data = json.dumps({"__type": refusal.code, "message": refusal.message}) + "\n"
        response.mimetype = "application/json"
    response.status_code = refusal.status
    chain.terminate()
