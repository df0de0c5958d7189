"""Who sent a request, by what a browser adds to it and no page can change.

Sources: Fetch Metadata Request Headers (W3C), 2; Fetch Standard, "Origin header"; RFC 9110, 10.1.3.
"""

from __future__ import annotations

import dataclasses
import enum
from typing import Final
from urllib.parse import urlsplit

from localstack_standalone.origin_guard.hosts import host_name, host_port

DEFAULT_PORTS: Final = {"http": 80, "https": 443}


class Sender(enum.Enum):
    """Where a request comes from."""

    PROGRAM = "an SDK, a command, another server: nothing says that it is a browser"
    ADDRESS_BAR = "a person who typed the address, or opened a link outside the browser"
    OWN_PAGE = "a page that this emulator itself has served"
    FOREIGN_PAGE = "a page of another origin, or of none (null)"


@dataclasses.dataclass(frozen=True, kw_only=True)
class Evidence:
    """The headers that tell; None where one is missing, several of a kind joined by commas.

    Attributes:
        host: Host.
        origin: Origin.
        site: Sec-Fetch-Site.
        referer: Referer.
    """

    host: str | None = None
    origin: str | None = None
    site: str | None = None
    referer: str | None = None


def sender_of(seen: Evidence) -> Sender:
    """Judge by the strictest of what was *seen*.

    Sec-Fetch-Site alone would do with current browsers; older ones send Origin with whatever
    changes something, and Referer with most of the rest.
    """
    if seen.origin is not None and not is_own(seen.origin, seen.host):
        return Sender.FOREIGN_PAGE
    if seen.site is not None:
        if seen.site == "none":
            return Sender.ADDRESS_BAR
        return Sender.OWN_PAGE if seen.site == "same-origin" else Sender.FOREIGN_PAGE
    if seen.origin is not None:
        return Sender.OWN_PAGE
    if seen.referer is not None:
        return Sender.OWN_PAGE if is_own(seen.referer, seen.host) else Sender.FOREIGN_PAGE
    return Sender.PROGRAM


def is_own(url: str, host: str | None) -> bool:
    """Whether *url* (an Origin, or a Referer) names the place that the Host header *host* names.

    http and https are one here: both are answered on the same port, or by a proxy before us.
    """
    try:
        parts = urlsplit(url)
        default = DEFAULT_PORTS[parts.scheme]
        port = parts.port or default
    except (ValueError, KeyError):
        return False
    if host is None or parts.hostname is None:
        return False
    return (parts.hostname.removesuffix("."), port) == (host_name(host), host_port(host, default))
