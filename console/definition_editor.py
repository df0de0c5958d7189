"""An editor for a definition: it marks a state's lines, and tells mistakes below their lines.

It is NiceGUI's CodeMirror, served by the console itself. Its own colours are for a light page
alone, so that the tokens of JSON are marked here, as elsewhere in the console.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from nicegui import ui

from console import json_tokens
from views import definition_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from views.definition_text import DefinitionText, LineMistake

LABEL: Final = "Definition (Amazon States Language)"
# A mark each: of a longer text the colours are left out.
MOST_COLOURED: Final = 4_000
_LINE: Final = (
    "() => {{ const at = getElement({id}).editor.state;"
    " emit(at.doc.lineAt(at.selection.main.head).number); }}"
)
_NAME: Final = (
    "(node) => node.component.proxy.editorPromise.then(editor => {{"
    " editor.contentDOM.setAttribute('tabindex', '0');"  # what scrolls has to be reached
    " editor.contentDOM.setAttribute('aria-label', {label});"
    " editor.contentDOM.setAttribute('aria-describedby', {described}); }})"
)


class DefinitionEditor:
    """The editor.

    Attributes:
        text: what it holds.
    """

    def __init__(
        self,
        text: str,
        *,
        changed: Callable[[str], None],
        at_line: Callable[[int], None],
        described_by: str,
    ) -> None:
        """Show *text*.

        Args:
            text: the definition.
            changed: gets what it holds, whenever that changes.
            at_line: gets the line on which the cursor is, whenever it was moved.
            described_by: the HTML id of what tells how it is used.
        """
        self._made = ui.codemirror(
            text,
            on_change=lambda event: changed(event.value),
            theme="basicLight",
            indent="  ",
            line_wrapping=True,
        ).classes("definition")
        line = _LINE.format(id=self._made.id)
        for kind in ("click", "keyup"):
            self._made.on(kind, lambda event: at_line(int(event.args)), js_handler=line)
        name = _NAME.format(label=json.dumps(LABEL), described=json.dumps(described_by))
        self._made.on("vnodeMounted", js_handler=name)

    @property
    def text(self) -> str:
        """What it holds."""
        return str(self._made.value)

    def replace(self, text: str) -> None:
        """Hold *text* instead."""
        self._made.value = text

    def mark(
        self, definition: DefinitionText, mistakes: Iterable[LineMistake], selected: str | None
    ) -> None:
        """Mark the lines of the state *selected*, and tell *mistakes*; no other marks stay."""
        self._made.decorations = marks(definition, mistakes, selected)

    def reveal(self, line: int) -> None:
        """Have *line* in view."""
        self._made.reveal_line(line)


def marks(
    definition: DefinitionText, mistakes: Iterable[LineMistake], selected: str | None
) -> list[dict[str, Any]]:
    """What CodeMirror is to draw: tokens, the lines of a state, mistakes below their lines."""
    text = definition.text
    found: list[dict[str, Any]] = []
    if text.count("\n") < MOST_COLOURED:
        found += [
            {"kind": "mark", "from": start, "to": end, "class": kind}
            for kind, start, end in json_tokens.places(text)
        ]
    first, last = definition.states.get(selected or "", (1, 0))
    found += [{"kind": "line", "line": at, "class": "of-state"} for at in range(first, last + 1)]
    for one in mistakes:
        word = one.severity.lower()
        found.append({"kind": "line", "line": one.line, "class": f"has-{word}"})
        found.append(
            {
                "kind": "widget",
                "position": definition_text.line_end(text, one.line),
                "text": f"{'✗' if word == 'error' else '⚠'} {one}",
                "class": f"mistake {word}",
            }
        )
    return found
