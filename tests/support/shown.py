"""What a page of the console shows, read without a browser."""

from __future__ import annotations

import asyncio
import html.parser
import inspect
from collections.abc import Callable
from typing import Any

from nicegui import Client, ui
from starlette.requests import Request

MARKUP = """<img src=x onerror="window.ran = 1"> '&lt; --> ]]>"""
"""Markup, both quotes, an entity, and the ends of a comment and of a CDATA section."""


class Reader(html.parser.HTMLParser):
    """What a browser makes of a page: its text, and its elements with their attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, Any]]] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    def values(self, attribute: str) -> list[Any]:
        """Those of *attribute*, wherever it stands."""
        return [one[attribute] for _, one in self.elements if attribute in one]


def read(draw: Callable[[], object]) -> Reader:
    """What a page shows on which *draw* has drawn; it may have to be awaited."""
    reader = Reader()
    for element in asyncio.run(_drawn(draw)).elements.values():
        reader.elements.append((element.tag, dict(element.props)))
        reader.text += getattr(element, "text", "")
        reader.feed(element.props.get("innerHTML", ""))
    return reader


async def _drawn(draw: Callable[[], object]) -> Client:
    request = Request({"type": "http", "path": "/", "query_string": b"", "headers": []})
    with Client(ui.page("/"), request=request) as client:
        drawn = draw()
        if inspect.isawaitable(drawn):
            await drawn
    return client
