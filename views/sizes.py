"""Bytes, times and JSON as people read them, the same in a terminal, a page and a report."""

from __future__ import annotations

import datetime as dt
import json
from typing import Final

_KB, _MB = 1000, 1_000_000
_SECOND_MS: Final = 1000


def length(length_bytes: int) -> str:
    """A number of bytes, in the unit that suits it: decimal ones, as S3 and disks have them."""
    if length_bytes < 10 * _KB:
        return f"{length_bytes:,} bytes"
    if length_bytes < _MB:
        return f"{length_bytes / _KB:.0f} kB"
    return f"{length_bytes / _MB:.1f} MB"


def duration(span_ms: float | None) -> str:
    """A span of time, empty while it has no end."""
    if span_ms is None:
        return ""
    return f"{span_ms:.0f} ms" if span_ms < 10 * _SECOND_MS else f"{span_ms / _SECOND_MS:.1f} s"


def number(count: int, one: str) -> str:
    """So many of what is called *one*: ``1 image``, ``1,000 images``."""
    return f"{count:,} {one}{'' if count == 1 else 's'}"


def times(count: int) -> str:
    """How often, in words; empty for never."""
    return {0: "", 1: "once", 2: "twice"}.get(count, f"{count} times")


def moment(at: dt.datetime) -> str:
    """A time of this machine's zone, to the second, with what that zone is ahead of UTC."""
    local = at.astimezone()
    ahead = f"{local:%:z}"
    return f"{local:%Y-%m-%d %H:%M:%S} UTC{'' if ahead == '+00:00' else ahead}"


def instant(at: dt.datetime) -> str:
    """A time for machines, as HTML's ``datetime`` has it: in UTC, to the millisecond."""
    return f"{at.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03}Z"


def indented(text: str) -> str | None:
    """JSON *text* with line breaks, None if it is no JSON."""
    try:
        return json.dumps(json.loads(text), indent=2, ensure_ascii=False)
    except ValueError:
        return None


def one_line(text: str) -> str:
    """JSON *text* without its line breaks; other text as it is."""
    try:
        return json.dumps(json.loads(text), ensure_ascii=False)
    except ValueError:
        return " ".join(text.split())
