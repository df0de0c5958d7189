"""The names under which this emulator answers.

A page whose own name is made to point to 127.0.0.1 (DNS rebinding) is of one origin with the
emulator for the browser; only the Host header tells its requests from ours.
"""

from __future__ import annotations

import dataclasses
import ipaddress
import re
from collections.abc import Iterable
from typing import Final

SETTING: Final = "ALLOWED_HOSTS"

# RFC 3986's host and port as browsers and SDKs write them, and the underscore of Docker's names.
_LABEL: Final = r"[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?"
_AUTHORITY: Final = re.compile(
    rf"(?:\[(?P<six>[0-9a-f:.]+)\]|(?P<name>{_LABEL}(?:\.{_LABEL})*)\.?)(?::(?P<port>\d{{1,5}}))?",
    re.ASCII | re.IGNORECASE,
)
_DEFAULT_PORTS: Final = {"http": 80, "https": 443}


class AllowedHostsError(ValueError):
    """ALLOWED_HOSTS holds something that is no host name."""


@dataclasses.dataclass(frozen=True)
class Hosts:
    """Names that are the emulator's; loopback's and those below ``localhost`` always are.

    Attributes:
        names: lower case, without a port or a trailing dot.
        above: every name that ends with one of these and a dot before it is meant, too.
    """

    names: frozenset[str] = frozenset()
    above: frozenset[str] = frozenset()

    def __contains__(self, authority: object) -> bool:
        place = parse(authority) if isinstance(authority, str) else None
        if place is None:
            return False
        name = place[0]
        if name in self.names or _is_loopback(name):
            return True
        return any(name.endswith(f".{parent}") for parent in {"localhost", *self.above})


def read(setting: str | None, *, given_out: str, listen: Iterable[str] = ()) -> Hosts:
    """The hosts that *setting* lists, and those that the emulator has of itself.

    Args:
        setting: ``name,name,*.suffix``; None or blank is nothing.
        given_out: the name in the addresses that LocalStack gives out (LOCALSTACK_HOST).
        listen: further names and addresses of this machine, where it listens on them.

    Raises:
        AllowedHostsError: a word of *setting* is no name.
    """
    names, above = {given_out.lower(), *(name.lower() for name in listen)}, {given_out.lower()}
    for word in (word.strip() for word in (setting or "").split(",")):
        place = parse(word.removeprefix("*."))
        if word and (place is None or place[1] is not None):
            raise AllowedHostsError(
                f"{SETTING}={setting!r}: {word!r} is no host name; allowed are names and addresses "
                "without a port, and *.example.com for every name below example.com, with a comma "
                "between two. STANDALONE_ORIGIN_GUARD=off lets every name in"
            )
        if place is not None:
            (above if word.startswith("*.") else names).add(place[0])
    return Hosts(frozenset(names), frozenset(above))


def parse(authority: str) -> tuple[str, int | None] | None:
    """Name and port of *authority* as two spellings of one compare equal; None if it is none."""
    found = _AUTHORITY.fullmatch(authority)
    if found is None:
        return None
    port = int(found["port"]) if found["port"] else None
    if found["name"]:
        return found["name"].lower(), port
    try:
        return str(ipaddress.IPv6Address(found["six"])), port
    except ValueError:
        return None


def same_place(origin: str, authority: str) -> bool:
    """Whether a page of *origin* (RFC 6454) came from *authority*, the value of a Host header."""
    scheme, separator, place = origin.partition("://")
    default = _DEFAULT_PORTS.get(scheme.lower())
    there, here = parse(place), parse(authority)
    if not separator or default is None or there is None or here is None:
        return False
    return (there[0], there[1] or default) == (here[0], here[1] or default)


def _is_loopback(name: str) -> bool:
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return name == "localhost"
