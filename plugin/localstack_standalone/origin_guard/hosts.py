"""Which names this emulator answers to.

A page whose own name is made to point here (DNS rebinding) is, to its browser, of the same origin as
the emulator; only the name that it was asked by gives it away. Names below ``localhost`` never
leave a machine (RFC 6761, 6.3), and what ends in a number is an address, which no page can have
pointed elsewhere (URL Standard, host parsing).
"""

from __future__ import annotations

import re
import socket
from collections.abc import Iterable
from typing import Final

LOOPBACK: Final = ("localhost", "127.0.0.1", "::1")
ANY_ADDRESS: Final = ("0.0.0.0", "::")  # noqa: S104 - asked for, not bound
_HOST: Final = re.compile(r"(?:\[([0-9A-Fa-f:.]+)\]|([^\[\]:/@?#\s]+))(?::(\d{0,5}))?")


class HostPolicy:
    """Decides by the Host header.

    Args:
        names: those that are answered to, with all names below each; ``*`` for every name.
    """

    def __init__(self, names: Iterable[str]) -> None:
        cleaned = {name.strip().lower().lstrip("*").strip(".[]") or name.strip() for name in names}
        self._names: Final = frozenset(filter(None, cleaned))

    def allows(self, header: str | None) -> bool:
        """Whether a request with this Host header is for us; no browser leaves it out."""
        if header is None or "*" in self._names:
            return True
        name = host_name(header)
        if name is None:
            return False
        return any(name == own or name.endswith(f".{own}") for own in self._names)


def host_name(header: str) -> str | None:
    """The name in a Host header, lower case and without port; None where it is malformed."""
    match = _HOST.fullmatch(header)
    if match is None:
        return None
    return (match[1] or match[2]).lower().removesuffix(".")


def host_port(header: str, default: int) -> int:
    """The port in a Host header, or *default*."""
    match = _HOST.fullmatch(header)
    return int(match[3]) if match and match[3] else default


def own_names(listen: Iterable[str], advertised: str) -> tuple[str, ...]:
    """The names of this emulator.

    Args:
        listen: hosts that it binds. One that binds every address is in a container, which others
            reach by the container's name and addresses.
        advertised: the host in the URLs that it gives out (LOCALSTACK_HOST).
    """
    names = (*LOOPBACK, advertised)
    if not set(listen) & set(ANY_ADDRESS):
        return names
    hostname = socket.gethostname()
    try:
        _, aliases, addresses = socket.gethostbyname_ex(hostname)
    except OSError:  # it has no entry for itself
        aliases, addresses = [], []
    return (*names, hostname, *aliases, *addresses)
