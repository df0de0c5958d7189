"""JSON laid out and cut into what is coloured alike: keys, texts, numbers, and what is between."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from views import sizes

if TYPE_CHECKING:
    from collections.abc import Iterator

_TOKEN: Final = re.compile(
    r'(?P<k>"(?:\\.|[^"\\])*")(?=\s*:)|(?P<s>"(?:\\.|[^"\\])*")'
    r"|(?P<n>-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|\b(?:true|false|null)\b)"
)


def places(text: str) -> Iterator[tuple[str, int, int]]:
    """Kind (k, s or n), start and end of each token in *text* as it stands, JSON or not."""
    for token in _TOKEN.finditer(text):
        yield token.lastgroup or "", token.start(), token.end()


def tokens(text: str) -> Iterator[tuple[str, str]]:
    """Kind (k, s, n or empty) and text of each token; of what is no JSON one, as it is."""
    whole = sizes.indented(text)
    if whole is None:
        yield "", text
        return
    at = 0
    for token in _TOKEN.finditer(whole):
        yield "", whole[at : token.start()]
        yield token.lastgroup or "", token[0]
        at = token.end()
    yield "", whole[at:]
