"""Where a request in the gateway comes from: a connection, or the emulator itself, in memory."""

from __future__ import annotations

from typing import Any, Final

# What every server of ours and LocalStack's puts into the environment of a request.
_FROM_OUTSIDE: Final = frozenset({"REMOTE_ADDR", "rolo.headers", "asgi.headers"})


def is_from_within(request: Any) -> bool:
    """Whether the emulator calls itself in memory: no server has made this request."""
    return _FROM_OUTSIDE.isdisjoint(request.environ)
