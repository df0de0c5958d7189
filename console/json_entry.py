"""A field for JSON that says, while one types, where it is none."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from console import elements

if TYPE_CHECKING:
    from collections.abc import Callable

    from nicegui.element import Element


class JsonEntry:
    """The field, and below it what is wrong.

    Attributes:
        text: what it holds.
    """

    def __init__(
        self, label: str, text: str, *, rows: int = 6, changed: Callable[[], None] = lambda: None
    ) -> None:
        self.text = text
        self._changed = changed
        self.area: Element = elements.area(self._take, text, rows=rows)
        elements.field(label, self.area)
        self._told = elements.text("", "p", "checked").props("role=status")
        self.area.props["aria-describedby"] = self._told.html_id
        self._tell()

    @property
    def wrong(self) -> str:
        """Why it is no JSON; empty if it is some."""
        return wrong(self.text)

    def show(self, text: str) -> None:
        """Put *text* into the field."""
        self.text = text
        self.area.props["value"] = text
        self.area.update()  # also where the same text was typed over
        self._tell()

    def _take(self, text: str) -> None:
        self.text = text
        self._tell()
        self._changed()

    def _tell(self) -> None:
        why = self.wrong
        self._told.set_text(f"✗ {why}" if why else "✓ JSON")
        self._told.classes(replace="checked bad" if why else "checked dim")


def wrong(text: str) -> str:
    """Why *text* is no JSON, with line and column; empty if it is some."""
    try:
        json.loads(text, parse_constant=_refuse)
    except json.JSONDecodeError as error:
        return f"no JSON: {error.msg} (line {error.lineno}, column {error.colno})"
    except ValueError as error:
        return f"no JSON: {error}"
    return ""


def _refuse(name: str) -> None:
    raise ValueError(f"there is no {name}")
