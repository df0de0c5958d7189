"""Log events in pieces that PutLogEvents takes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any


def in_order(events: list[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    """*events* in pieces whose times do not go back, as PutLogEvents refuses others whole.

    They do once where the system's clock was set back.
    """
    piece: list[dict[str, Any]] = []
    for event in events:
        if piece and event["timestamp"] < piece[-1]["timestamp"]:
            yield piece
            piece = []
        piece.append(event)
    if piece:
        yield piece
