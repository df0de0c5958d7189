"""A WSGI answer as HTTP: the head goes out with the first piece of the body."""

from __future__ import annotations

import email.utils
from collections.abc import Callable
from typing import Any

import h11


class WsgiResponse:
    """One answer on its way; `start` is WSGI's start_response."""

    def __init__(self, send: Callable[..., None]) -> None:
        self._send = send
        self._head: h11.Response | None = None

    def start(self, status: str, headers: list[tuple[str, str]], _exc_info: Any = None) -> Any:
        """Take the head; it is sent later.

        Raises:
            h11.LocalProtocolError: a header field is none.
        """
        code, _, reason = status.partition(" ")
        named = {name.lower() for name, _ in headers}
        ours = [] if "date" in named else [("Date", email.utils.formatdate(usegmt=True))]
        raw = [(name.encode("latin-1"), _value(value)) for name, value in [*headers, *ours]]
        self._head = h11.Response(status_code=int(code), reason=reason, headers=raw)
        return self.write

    def write(self, data: bytes) -> None:
        """Send a piece of the body."""
        if data:
            self._send(*self._take_head(), h11.Data(data))

    def end(self) -> None:
        """Say that this was all."""
        self._send(*self._take_head(), h11.EndOfMessage())

    def _take_head(self) -> list[h11.Response]:
        head, self._head = self._head, None
        return [] if head is None else [head]


def _value(value: str) -> bytes:
    """A header's value as it may go out; handlers echo what clients sent them."""
    return " ".join(value.splitlines()).strip().encode("latin-1", "replace")
