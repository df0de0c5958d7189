"""Asking a person before something is done that costs money or cannot be undone."""

from __future__ import annotations

import sys

from rich.markup import escape

from testbed import terminal
from testbed.errors import DeclinedError, UnconfirmedError


def ask(question: str, *, agreed: bool, by: str) -> None:
    """Return when the answer is yes.

    Args:
        question: what is asked.
        agreed: whether it was answered beforehand.
        by: how one does that, such as ``YES=1``.

    Raises:
        DeclinedError: the answer is another one.
        UnconfirmedError: there is nobody to ask: the input is no terminal.
    """
    terminal.out.print(f"{escape(question)} ", end="")
    if agreed:
        terminal.out.print(f"yes ({by})")
        return
    if not sys.stdin.isatty():
        terminal.out.print()
        raise UnconfirmedError(
            f"there is no terminal to ask at; who agrees beforehand says {by}. Nothing was changed"
        )
    terminal.out.print("\\[y/N] ", end="")
    if sys.stdin.readline().strip().lower() not in {"y", "yes"}:
        raise DeclinedError("nothing was changed")
