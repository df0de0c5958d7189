"""Texts as a page shows them: JSON in colours, sizes and times for people."""

from __future__ import annotations

import datetime as dt
import json
import re
from html import escape
from typing import Any, Final

_TOKEN: Final = re.compile(
    r'(?P<k>"(?:\\.|[^"\\])*")(?=\s*:)|(?P<s>"(?:\\.|[^"\\])*")'
    r"|(?P<n>-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|\b(?:true|false|null)\b)"
)
_KB, _MB = 1000, 1_000_000
_SECOND_MS: Final = 1000


def json_html(text: str) -> str:
    """*text* as HTML: laid out and coloured if it is JSON, else as it is."""
    try:
        value: Any = json.loads(text)
    except ValueError:
        return escape(text)
    whole = json.dumps(value, indent=2, ensure_ascii=False)
    parts, at = [], 0
    for token in _TOKEN.finditer(whole):
        parts.append(escape(whole[at : token.start()], quote=False))
        kind = token.lastgroup
        parts.append(f'<span class="{kind}">{escape(token[0], quote=False)}</span>')
        at = token.end()
    return "".join(parts) + escape(whole[at:], quote=False)


def size(length_bytes: int) -> str:
    """A number of bytes, in the unit that suits it."""
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


def moment(at: dt.datetime) -> str:
    """A time of this machine's zone, to the second; the date only if it is not today's."""
    local = at.astimezone()
    today = dt.datetime.now().astimezone().date()
    return f"{local:%H:%M:%S}" if local.date() == today else f"{local:%Y-%m-%d %H:%M:%S}"
