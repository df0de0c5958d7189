"""A request whose connection is to be closed without an answer: how that is said and seen.

A fault that was asked for says so; the gateway's server closes the connection, and whoever calls in
memory raises what a client raises then.
"""

from __future__ import annotations

from typing import Any, Final

# In the WSGI environment of the request (PEP 3333 leaves names of their own to servers).
_KEY: Final = "localstack_standalone.unanswered"


def leave(environ: dict[str, Any]) -> None:
    """Have the connection of this request closed in place of an answer."""
    environ[_KEY] = True


def is_left(environ: dict[str, Any]) -> bool:
    """Whether that was said of this request."""
    return _KEY in environ
