"""Who may send what: the rules alone, without LocalStack.

The facts are headers that a page can neither set nor keep a browser from sending: Host, Origin (RFC
6454), Sec-Fetch-Site and Sec-Fetch-Mode (https://www.w3.org/TR/fetch-metadata/), and Referer for
browsers older than those. A program (an SDK, curl) sends none but Host; so does the address bar, as
``Sec-Fetch-Site: none``.
"""

from __future__ import annotations

import dataclasses
import enum
import re
from collections.abc import Mapping
from typing import Final

from localstack_standalone.origin_guard import hosts
from localstack_standalone.origin_guard.hosts import Hosts

SWITCH: Final = "STANDALONE_ORIGIN_GUARD"
SHOWN: Final = 100
_ORIGIN: Final = re.compile(r"[a-z][a-z0-9+.-]*://([^/?#]*)", re.ASCII | re.IGNORECASE)
# Actions of query protocols that read; the name is the service's contract.
READING: Final = ("Describe", "Get", "List")


@dataclasses.dataclass(frozen=True)
class SenderFacts:
    """What a request says of its sender.

    Attributes:
        method: as sent.
        target: the request target, in absolute form only for a proxy.
        hosts: every Host header.
        origins: every Origin header.
        site: Sec-Fetch-Site, None if it was not sent.
        mode: Sec-Fetch-Mode, likewise.
        referer: likewise.
        asks_method: Access-Control-Request-Method, likewise.
        actions: every ``Action`` of the query: the operation of a query protocol.
        signed: whether the Authorization header holds a signature of AWS's: no link has one.
        presigned: whether the query holds a signature.
    """

    method: str = "GET"
    target: str = "/"
    hosts: tuple[str, ...] = ()
    origins: tuple[str, ...] = ()
    site: str | None = None
    mode: str | None = None
    referer: str | None = None
    asks_method: str | None = None
    actions: tuple[str, ...] = ()
    signed: bool = False
    presigned: bool = False

    @property
    def is_preflight(self) -> bool:
        """Whether a browser asks with this request whether a page may send another."""
        return self.method == "OPTIONS" and self.asks_method is not None


class Sender(enum.Enum):
    """Who sends a request."""

    NO_PAGE = enum.auto()
    OWN_PAGE = enum.auto()
    FOREIGN_PAGE = enum.auto()


class Addressee:
    """What a request is for; as it stands AWS's control planes, and LocalStack's own addresses.

    Attributes:
        is_control_plane: whether it is neither an API, a function nor a bucket.
        is_program: whether it is an API or a function: it may serve pages of its own.
    """

    is_control_plane = True
    is_program = False

    def admits(self) -> bool:
        """Whether its owner lets the page that sends this request send it (CORS)."""
        return False  # nobody could have said so

    def cors_headers(self) -> Mapping[str, str]:
        """Headers of the answer that nobody behind us adds."""
        return {}


@dataclasses.dataclass(frozen=True)
class GuardRefusal:
    """Why a request goes no further.

    Attributes:
        status: of HTTP.
        code: of the error, as AWS has them.
        message: what, and what to do next.
    """

    status: int
    code: str
    message: str


UNSIGNED: Final = GuardRefusal(
    403, "MissingAuthenticationToken", "Request is missing Authentication Token"
)


def judge_host(facts: SenderFacts, allowed: Hosts) -> GuardRefusal | None:
    """Refuse a name that is none of the emulator's.

    An HTTP/1.0 request without any is let through: every browser sends one.
    """
    names = [*facts.hosts]
    if not facts.target.startswith(("/", "*")):
        names.append(_authority(facts.target))
    if len(facts.hosts) <= 1 and all(name in allowed for name in names):
        return None
    return GuardRefusal(
        421,
        "MisdirectedRequest",
        f"{_shown(', '.join(names))} is no name of this emulator. Use 127.0.0.1 or localhost, or "
        f"list the name in {hosts.SETTING} (see 'Web pages' in plugin/README.md)",
    )


def sender(facts: SenderFacts) -> Sender:
    """Who sends a request, in doubt a foreign page."""
    if facts.origins:
        own = facts.site in (None, "none", "same-origin") and _is_own(facts, facts.origins)
        return Sender.OWN_PAGE if own else Sender.FOREIGN_PAGE
    if facts.site is not None:
        known = {"none": Sender.NO_PAGE, "same-origin": Sender.OWN_PAGE}
        return known.get(facts.site, Sender.FOREIGN_PAGE)
    if facts.referer is not None:
        page = _ORIGIN.match(facts.referer)
        own = page is not None and _is_own(facts, (page[0],))
        return Sender.OWN_PAGE if own else Sender.FOREIGN_PAGE
    return Sender.NO_PAGE


def is_unsigned_action(facts: SenderFacts) -> bool:
    """Whether this is an operation in a mere link, which anybody can have anybody open.

    AWS wants a signature. Nobody checks one in a query here, so with that only reading is allowed.
    """
    if facts.method not in ("GET", "HEAD") or not facts.actions or facts.signed:
        return False
    reads = all(action.startswith(READING) for action in facts.actions)
    return not (facts.presigned and reads)


def judge(facts: SenderFacts, who: Sender, target: Addressee) -> GuardRefusal | None:
    """Refuse what *who* may not do with *target*.

    A foreign page may send CORS requests to whom allows them; the emulator's own pages may use the
    APIs and functions that serve them, and nothing else.
    """
    if is_unsigned_action(facts) and target.is_control_plane:
        return UNSIGNED
    if who is Sender.NO_PAGE or (who is Sender.OWN_PAGE and target.is_program):
        return None
    if facts.origins and facts.mode in (None, "cors") and target.admits():
        return None
    page = facts.origins or (facts.referer or facts.site or "",)
    return GuardRefusal(
        403,
        "AccessDenied",
        f"A web page ({_shown(', '.join(page))}) may not use this emulator. What may: CORS "
        "requests to an API whose OPTIONS method allows the page's origin, to a function URL or a "
        f"bucket with a CORS configuration for it. {SWITCH}=off switches this off (see 'Web pages' "
        "in plugin/README.md)",
    )


def _is_own(facts: SenderFacts, origins: tuple[str, ...]) -> bool:
    (origin, *more), (host, *_) = origins, (*facts.hosts, "")
    return not more and hosts.same_place(origin, host)


def _authority(target: str) -> str:
    """Whom a request target that is no path is for."""
    url = _ORIGIN.match(target)
    return url[1] if url else target


def _shown(text: str) -> str:
    """What somebody else wrote, for a message."""
    return repr(text if len(text) <= SHOWN else f"{text[:SHOWN]}…")
