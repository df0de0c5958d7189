"""A state machine's drawing as SVG, its states coloured by how they stand.

Colours are CSS variables of the page around it, so that one drawing serves light and dark.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Final

from pipeline import trace_graph, trace_layout

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pipeline.trace_layout import Box, Drawing, Line

MARGIN_PX: Final = 20.0
ROOT_PX: Final = 16.0
_SYMBOLS: Final = {
    "Task": "λ",
    "Choice": "◇",
    "Pass": "→",
    "Wait": "◷",
    "Succeed": "✓",
    "Fail": "✗",
}
STYLE: Final = """
.asl { font-family: inherit; max-width: 100%; height: auto; }
.asl .box { fill: var(--asl-box); stroke: var(--asl-line); stroke-width: 2; }
.asl .inner { fill: var(--asl-inner); }
.asl text { fill: var(--asl-text); font-size: 15px; }
.asl .name { font-weight: 600; }
.asl .type, .asl .label { font-size: 13px; fill: var(--asl-dim); }
.asl .label { paint-order: stroke; stroke: var(--asl-ground); stroke-width: 5px; }
.asl .line { fill: none; stroke: var(--asl-line); stroke-width: 2; }
.asl .line.catch, .asl .line.default { stroke-dasharray: 6 4; }
.asl .point { fill: var(--asl-line); }
.asl .tip { fill: var(--asl-line); }
.asl .state.SUCCEEDED > .box { fill: var(--asl-good-ground); stroke: var(--asl-good); }
.asl .state.FAILED > .box, .asl .state.TIMED_OUT > .box, .asl .state.ABORTED > .box {
  fill: var(--asl-bad-ground); stroke: var(--asl-bad); }
.asl .state.CAUGHT > .box { fill: var(--asl-caught-ground); stroke: var(--asl-caught); }
.asl .state.RUNNING > .box { fill: var(--asl-busy-ground); stroke: var(--asl-busy); }
.asl .state.selected > .box { stroke-width: 4; }
.asl [tabindex] { cursor: pointer; }
.asl [tabindex]:focus-visible { outline: 3px solid var(--asl-busy); outline-offset: 3px; }
@media (prefers-reduced-motion: no-preference) {
  .asl .state.RUNNING > .box { animation: asl-busy 1s ease-in-out infinite alternate; }
}
@keyframes asl-busy { to { stroke-width: 5; } }
"""


def svg(
    definition: str,
    statuses: Mapping[str, str] | None = None,
    *,
    notes: Mapping[str, str] | None = None,
    selected: str | None = None,
    interactive: bool = False,
) -> str:
    """The machine that *definition* defines, drawn.

    Args:
        definition: JSON text in the Amazon States Language.
        statuses: how a state stands, by its name; the others have not been entered.
        notes: a line under a state's name instead of its type, such as its duration.
        selected: name of the state that is marked.
        interactive: whether states take the keyboard's focus, for a page that listens.
    """
    graph = trace_graph.parse(definition)
    drawing = trace_layout.arrange(graph)
    painter = _Painter(statuses or {}, notes or {}, selected, interactive=interactive)
    width, height = drawing.width + 2 * MARGIN_PX, drawing.height + 2 * MARGIN_PX
    role = "group" if interactive else "img"
    # Sized by the text around it: what is enlarged for a projector enlarges the drawing.
    return (
        f'<svg class="asl" viewBox="0 0 {width:.0f} {height:.0f}" role="{role}" '
        f'style="width:{width / ROOT_PX:.2f}rem" aria-label="{escape(_summary(graph, painter))}">'
        '<defs><marker id="asl-tip" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="7" '
        'markerHeight="7" orient="auto-start-reverse"><path class="tip" d="M0 0L10 5L0 10z"/>'
        f"</marker></defs>{painter.drawing(drawing, MARGIN_PX, MARGIN_PX)}</svg>"
    )


def _summary(graph: trace_graph.Graph, painter: _Painter) -> str:
    told = [f"{state.name} {painter.spoken(state.name)}" for state in graph.states()]
    return "State machine: " + ", ".join(told)


class _Painter:
    """Writes a drawing's parts, with what is to be shown of each state."""

    def __init__(
        self,
        statuses: Mapping[str, str],
        notes: Mapping[str, str],
        selected: str | None,
        *,
        interactive: bool,
    ) -> None:
        self._statuses, self._notes = statuses, notes
        self._selected, self._interactive = selected, interactive

    def drawing(self, drawing: Drawing, x: float, y: float) -> str:
        lines = "".join(self._line(line) for line in drawing.lines)
        boxes = "".join(self._box(box) for box in drawing.boxes)
        labels = "".join(_label(line) for line in drawing.lines if line.label)
        return (
            f'<g transform="translate({x + drawing.left:.1f} {y:.1f})">{lines}{boxes}{labels}</g>'
        )

    def spoken(self, name: str) -> str:
        """How the state stands, in words."""
        return self._statuses.get(name, "not entered").lower().replace("_", " ")

    def _box(self, box: Box) -> str:
        if box.node.type in {"Start", "End"}:
            return _point(box)
        name = box.node.name
        status = self._statuses.get(name, "")
        marked = " selected" if name == self._selected else ""
        shape = (
            f'<rect class="box{" inner" if box.inner else ""}" width="{box.width:.1f}" '
            f'height="{box.height:.1f}" rx="9"/>'
        )
        inside, across = "", trace_layout.PADDING_PX
        free = box.width - 2 * trace_layout.PADDING_PX - sum(one.width for one in box.inner)
        gap = free / len(box.inner) if box.inner else 0.0
        for drawing in box.inner:
            inside += self.drawing(drawing, across + gap / 2, trace_layout.TITLE_PX)
            across += drawing.width + gap
        data = f'data-state="{escape(name)}"'
        words, access = self._words(box), self._access(box)
        if box.inner:  # what can be pressed must not hold what else can
            words, access = f"<g {data}{access}>{words}</g>", ""
        return (
            f'<g class="state {status}{marked}" {data} '
            f'transform="translate({box.x:.1f} {box.y:.1f})"{access}>{shape}{words}{inside}</g>'
        )

    def _access(self, box: Box) -> str:
        if not self._interactive:
            return ""
        label = f"{box.node.name} {self._note(box)}, {self.spoken(box.node.name)}"
        return f' tabindex="0" role="button" aria-label="{escape(label)}"'

    def _note(self, box: Box) -> str:
        """What stands below, or behind, the state's name."""
        kind = box.node.type
        note = self._notes.get(box.node.name) or kind
        return f"· {note}" if box.inner else f"{_SYMBOLS.get(kind, '')} {note}"

    def _words(self, box: Box) -> str:
        name = box.node.name
        title = f"<title>{escape(box.node.comment)}</title>" if box.node.comment else ""
        if box.inner:
            words = f"{name} {self._note(box)}"
            return f'{title}<text class="name" x="14" y="27">{escape(words)}</text>'
        room = int((box.width - 20) / trace_layout.CHARACTER_PX)
        short = name if len(name) <= room + 2 else name[: room - 1] + "…"
        return (
            f'{title}<text class="name" x="{box.width / 2:.1f}" y="24" text-anchor="middle">'
            f'{escape(short)}</text> <text class="type" x="{box.width / 2:.1f}" y="43" '
            f'text-anchor="middle">{escape(self._note(box))}</text>'
        )

    def _line(self, line: Line) -> str:
        way = _straight(line) if line.backwards else _curved(line)
        return f'<path class="line {line.edge.kind}" d="{way}" marker-end="url(#asl-tip)"/>'


def _point(box: Box) -> str:
    radius = box.width / 2 - 3
    x, y = box.x + box.width / 2, box.y + box.height / 2
    name = "start" if box.node.type == "Start" else "end"
    ring = f'<circle class="line" cx="{x:.1f}" cy="{y:.1f}" r="{radius + 3:.1f}"/>'
    dot = f'<circle class="point" cx="{x:.1f}" cy="{y:.1f}" r="{radius - 2:.1f}"/>'
    return f"<g><title>{name}</title>{ring if name == 'end' else ''}{dot}</g>"


def _curved(line: Line) -> str:
    """From point to point, upright at each."""
    (x, y), *rest = line.points
    way = f"M{x:.1f} {y:.1f}"
    for next_x, next_y in rest:
        middle = (y + next_y) / 2
        way += f"C{x:.1f} {middle:.1f} {next_x:.1f} {middle:.1f} {next_x:.1f} {next_y:.1f}"
        x, y = next_x, next_y
    return way


def _straight(line: Line) -> str:
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in line.points)


def _label(line: Line) -> str:
    x, y = line.label_at
    return (
        f'<text class="label" x="{x:.1f}" y="{y:.1f}" text-anchor="middle">'
        f"<title>{escape(line.edge.label)}</title>{escape(line.label)}</text>"
    )
