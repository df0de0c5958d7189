"""A state machine's drawing as SVG, its states coloured by how they stand.

Colours are CSS variables of the page around it, so that one drawing serves light and dark.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Final

from views import graph, layout, markup

if TYPE_CHECKING:
    from collections.abc import Mapping

    from markupsafe import Markup

    from views.graph import Edge
    from views.layout import Box, Line

_NAME_ROOM_PX: Final = 46.0
_SYMBOLS: Final = {
    "Task": "λ",
    "Choice": "◇",
    "Pass": "→",
    "Wait": "◷",
    "Succeed": "✓",
    "Fail": "✗",
}
_MARKS: Final = {"SUCCEEDED": "✓", "FAILED": "✗", "TIMED_OUT": "◷", "ABORTED": "■", "CAUGHT": "↷"}
STYLE: Final = markup.VIEWS.render("state_machine.css")


def svg(
    definition: str,
    statuses: Mapping[str, str] | None = None,
    *,
    notes: Mapping[str, str] | None = None,
    selected: str | None = None,
    interactive: bool = False,
) -> Markup:
    """The machine that *definition* defines, drawn.

    Args:
        definition: JSON text in the Amazon States Language.
        statuses: how a state stands, by its name; the others have not been entered.
        notes: a line under a state's name instead of its type, such as its duration.
        selected: name of the state that is marked.
        interactive: whether states take the keyboard's focus, for a page that listens.
    """
    parsed = graph.parse(definition)
    told = _Told(statuses or {}, notes or {}, selected)
    return markup.VIEWS.render(
        "state_machine.svg",
        drawing=layout.arrange(parsed),
        states=parsed.states(),
        told=told,
        interactive=interactive,
        title_px=layout.TITLE_PX,
        way=_way,
    )


@dataclasses.dataclass(frozen=True)
class _Told:
    """What is to be shown of each state."""

    statuses: Mapping[str, str]
    notes: Mapping[str, str]
    selected: str | None

    def status(self, name: str) -> str:
        """As a class of the style sheet, empty where the state has not been entered."""
        return self.statuses.get(name, "")

    def took(self, edge: Edge) -> bool:
        """Whether the execution went this way, as far as the states' statuses tell."""
        left = self.statuses.get(edge.source, "")
        if edge.target == graph.END:
            return left in ("SUCCEEDED", "FAILED")  # a Fail state's edge: the machine ended there
        if edge.target not in self.statuses:
            return False
        by = "CAUGHT" if edge.kind == "catch" else "SUCCEEDED"
        return edge.source == graph.START or left == by

    def spoken(self, name: str) -> str:
        """How the state stands, in words."""
        return self.statuses.get(name, "not entered").lower().replace("_", " ")

    def mark(self, name: str) -> str:
        """How the state stands as a sign: colours alone tell it to some people only."""
        return _MARKS.get(self.status(name), "")

    def note(self, box: Box) -> str:
        """What stands below, or behind, the state's name."""
        kind = box.node.type
        note = self.notes.get(box.node.name) or kind
        return f"· {note}" if box.inner else f"{_SYMBOLS.get(kind, '')} {note}"

    def short(self, box: Box) -> str:
        """The state's name, as much of it as its box has room for."""
        name = box.node.name
        room = int((box.width - _NAME_ROOM_PX) / layout.CHARACTER_PX)
        return name if len(name) <= room + 2 else name[: room - 1] + "…"


def _way(line: Line) -> str:
    """From point to point: straight round the others, else curved and upright at each."""
    (x, y), *rest = line.points
    way = f"M{x:.1f} {y:.1f}"
    for next_x, next_y in rest:
        middle = (y + next_y) / 2
        bend = f"C{x:.1f} {middle:.1f} {next_x:.1f} {middle:.1f} " if not line.backwards else "L"
        way += f"{bend}{next_x:.1f} {next_y:.1f}"
        x, y = next_x, next_y
    return way
