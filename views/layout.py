"""Where the states of a graph are drawn: in layers from top to bottom, in pixels.

grandalf finds the places, by Sugiyama's method; what it does not know is here: machines inside
states, labels, and ways back that lead round everything.
"""

from __future__ import annotations

import dataclasses
import itertools
from typing import TYPE_CHECKING, Final

from grandalf.graphs import Edge as _Link
from grandalf.graphs import Graph as _Links
from grandalf.graphs import Vertex
from grandalf.layouts import SugiyamaLayout, VertexViewer

from views.graph import Edge, Graph, Node

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

CHARACTER_PX: Final = 9.0
# Beside a state's name: its edges, and a sign of how it stands.
BESIDE_NAME_PX: Final = 60.0
NODE_HEIGHT_PX: Final = 56.0
POINT_PX: Final = 26.0
GAP_X_PX, GAP_Y_PX = 36.0, 72.0
PADDING_PX: Final = 18.0
TITLE_PX: Final = 44.0
LABEL_CHARACTERS: Final = 28
_BEND_PX, _DIP_PX = 12.0, 16.0
LABEL_GAP_PX, MOST_GAP_PX = 6.0, 18.0
# Of a label, above and below the line that its letters stand on.
_LABEL_CHARACTER_PX, _ASCENT_PX, _DESCENT_PX = 8.2, 13.0, 4.0
_SAMPLES: Final = 24
_MIN_WIDTH_PX, _MAX_WIDTH_PX = 120.0, 320.0
_SWEEPS: Final = 6

type _Point = tuple[float, float]


@dataclasses.dataclass(kw_only=True)
class Box:
    """A node's place; x and y are its upper left corner."""

    node: Node
    width: float
    height: float
    x: float = 0.0
    y: float = 0.0
    inner: tuple[Drawing, ...] = ()

    @property
    def middle(self) -> float:
        """The x of its centre."""
        return self.x + self.width / 2

    @property
    def centre(self) -> float:
        """The y of its centre."""
        return self.y + self.height / 2

    def placed(self) -> Iterator[tuple[float, Drawing]]:
        """Its inner drawings, each with its x inside: what room is left is spread evenly."""
        free = self.width - 2 * PADDING_PX - sum(one.width for one in self.inner)
        gap = free / max(1, len(self.inner))
        across = PADDING_PX + gap / 2
        for drawing in self.inner:
            yield across, drawing
            across += drawing.width + gap


@dataclasses.dataclass(frozen=True)
class Area:
    """A rectangle."""

    left: float
    top: float
    right: float
    bottom: float

    def holds(self, x: float, y: float) -> bool:
        """Whether the point is in it."""
        return self.left < x < self.right and self.top < y < self.bottom

    def meets(self, other: Area) -> bool:
        """Whether the two have anything in common."""
        across = self.left < other.right and other.left < self.right
        return across and self.top < other.bottom and other.top < self.bottom

    def grown(self, by: float) -> Area:
        """With an edge of *by* all around."""
        return Area(self.left - by, self.top - by, self.right + by, self.bottom + by)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Line:
    """An edge's way, from the lower side of one box to the upper side of another.

    Attributes:
        edge: which edge.
        points: where it passes.
        backwards: whether it closes a circle, and goes round everything.
        label: what is written at it, shortened.
        label_at: the middle of that across, and the line that its letters stand on.
    """

    edge: Edge
    points: tuple[_Point, ...]
    backwards: bool = False
    label: str = ""
    label_at: _Point = (0.0, 0.0)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Drawing:
    """A graph with all its places; *left* is how far labels reach over its left side."""

    boxes: tuple[Box, ...]
    lines: tuple[Line, ...]
    width: float
    height: float
    left: float = 0.0


def arrange(graph: Graph) -> Drawing:
    """Give each state of *graph*, and of the machines inside its states, its place."""
    boxes = {node.name: _box(node) for node in graph.nodes}
    ways, right = _settle(graph, boxes)
    lines = [Line(edge=edge, points=way) for edge, way in ways.items()]
    for edge in graph.edges:
        if edge not in ways:
            right += GAP_X_PX / 2
            lines.append(Line(edge=edge, points=_round(boxes, edge, right), backwards=True))
    lines = _labelled(lines, boxes.values())
    labels = [area(line) for line in lines if line.label]
    left = max(0.0, -min((one.left for one in labels), default=0.0))
    return Drawing(
        boxes=tuple(boxes.values()),
        lines=tuple(lines),
        left=left,
        width=left + max(right + _BEND_PX / 2, max((one.right for one in labels), default=0.0)),
        height=max(box.y + box.height for box in boxes.values()),
    )


def _labelled(lines: list[Line], boxes: Iterable[Box]) -> list[Line]:
    """Each line with its label beside it: where it covers nothing, else the least."""
    done: list[Line] = []
    ways = {line.edge: trace(line) for line in lines}
    walls = [Area(box.x, box.y, box.x + box.width, box.y + box.height) for box in boxes]
    for line in sorted(lines, key=lambda one: one.points[1]):
        text = line.edge.label
        if text:
            short = text if len(text) <= LABEL_CHARACTERS else text[: LABEL_CHARACTERS - 1] + "…"
            named = dataclasses.replace(line, label=short)
            places = [dataclasses.replace(named, label_at=at) for at in _beside(named)]
            others = [*walls, *(area(one) for one in done if one.label)]
            # The first of those that are equally good.
            line = min(places, key=lambda one: _covered(area(one), ways.values(), others))  # noqa: PLW2901 - the same
        done.append(line)
    return done


def _beside(line: Line) -> Iterator[_Point]:
    """Where *line*'s label may stand: to its right, to its left; early on its way, then later."""
    half = len(line.label) * _LABEL_CHARACTER_PX / 2
    points = trace(line)
    usual = points[_SAMPLES * 3 // 5][1]
    near_first = sorted(points, key=lambda one: abs(one[1] - usual))
    for gap in (LABEL_GAP_PX, 2 * LABEL_GAP_PX, MOST_GAP_PX):  # a slope needs the wider ones
        for x, y in near_first:
            yield x + half + gap, y + (_ASCENT_PX - _DESCENT_PX) / 2
            yield x - half - gap, y + (_ASCENT_PX - _DESCENT_PX) / 2
            # Where a line runs flat, there is room above and below it alone.
            yield x, y + gap + _ASCENT_PX
            yield x, y - gap - _DESCENT_PX


def _covered(label: Area, ways: Iterable[list[_Point]], others: Iterable[Area]) -> int:
    """How much of what is drawn a label would cover, and be covered by."""
    points = sum(label.holds(*point) for way in ways for point in way)
    return points + sum(_SAMPLES for other in others if label.meets(other))


def trace(line: Line) -> list[_Point]:
    """Points on *line*'s way as it is drawn, close enough to find what lies on it."""
    found: list[_Point] = []
    for (x, y), (to_x, to_y) in itertools.pairwise(line.points):
        for step in range(_SAMPLES + 1):
            t = step / _SAMPLES
            # From upright to upright: a cubic whose control points are at half its height.
            bent = t if line.backwards else t * t * (3 - 2 * t)
            rise = t if line.backwards else 1.5 * t * (1 - t) + t**3
            found.append((x + (to_x - x) * bent, y + (to_y - y) * rise))
    return found


def area(line: Line) -> Area:
    """What *line*'s label takes up."""
    x, y = line.label_at
    half = len(line.label) * _LABEL_CHARACTER_PX / 2
    return Area(x - half, y - _ASCENT_PX, x + half, y + _DESCENT_PX)


def overlap(line: Line, other: Line) -> bool:
    """Whether the labels of the two lines cover each other."""
    return bool(other.label) and area(line).meets(area(other))


def _box(node: Node) -> Box:
    if node.type in {"Start", "End"}:
        return Box(node=node, width=POINT_PX, height=POINT_PX)
    width = min(_MAX_WIDTH_PX, max(_MIN_WIDTH_PX, len(node.name) * CHARACTER_PX + BESIDE_NAME_PX))
    if not node.inner:
        return Box(node=node, width=width, height=NODE_HEIGHT_PX)
    inner = tuple(arrange(graph) for graph in node.inner)
    across = sum(drawing.width for drawing in inner) + GAP_X_PX * (len(inner) - 1)
    return Box(
        node=node,
        width=max(width, across + 2 * PADDING_PX),
        height=max(drawing.height for drawing in inner) + TITLE_PX + PADDING_PX,
        inner=inner,
    )


def _settle(graph: Graph, boxes: dict[str, Box]) -> tuple[dict[Edge, tuple[_Point, ...]], float]:
    """Place *boxes* in layers; the ways of edges that lead downwards, and the right side of all."""
    vertices = {name: Vertex(box) for name, box in boxes.items()}
    for vertex in vertices.values():
        vertex.view = VertexViewer(w=vertex.data.width, h=vertex.data.height)
    links = [_Link(vertices[edge.source], vertices[edge.target], data=edge) for edge in graph.edges]
    ways: dict[Edge, tuple[_Point, ...]] = {}
    right = -GAP_X_PX
    for part in _Links(list(vertices.values()), links).C:
        layers = SugiyamaLayout(part)
        layers.xspace, layers.yspace = GAP_X_PX, GAP_Y_PX
        layers.dw, layers.dh = _BEND_PX, 0.0
        layers.init_all(roots=[one for one in part.sV if not one.e_in()] or [next(iter(part.sV))])
        layers.draw(_SWEEPS)
        right = _shift([one.view for layer in layers.layers for one in layer], right + GAP_X_PX)
        for vertex in part.sV:
            x, y = vertex.view.xy
            vertex.data.x, vertex.data.y = x - vertex.view.w / 2, y - vertex.view.h / 2
        own = (link for link in links if link in part.sE)  # in their order, which labels depend on
        ways |= {link.data: way for link in own if (way := _way(layers, link))}
    return ways, right


def _shift(cells: list[VertexViewer], left: float) -> float:
    """Move *cells* to the right of *left*; their own right side."""
    by = left - min(cell.xy[0] - cell.w / 2 for cell in cells)
    for cell in cells:
        cell.xy = cell.xy[0] + by, cell.xy[1]
    return float(max(cell.xy[0] + cell.w / 2 for cell in cells))


def _way(layers: SugiyamaLayout, link: _Link) -> tuple[_Point, ...]:
    """*link*'s points, upright through the layers that it passes; none if it leads back."""
    source, target = (one.data for one in link.v)
    first, last = (layers.grx[one].rank for one in link.v)
    if last <= first:
        return ()
    points = [(source.middle, source.y + source.height)]
    for rank in range(first + 1, last):
        x, y = layers.ctrls[link][rank].view.xy
        half = max(one.view.h for one in layers.layers[rank]) / 2
        points += [(x, y - half), (x, y + half)]
    return (*points, (target.middle, target.y))


def _round(boxes: dict[str, Box], edge: Edge, rail: float) -> tuple[_Point, ...]:
    """The way back, on a *rail* to the right of everything; it leaves below and enters above."""
    source, target = boxes[edge.source], boxes[edge.target]
    below, above = source.y + source.height + _DIP_PX, target.y - _DIP_PX
    return (
        (source.middle, source.y + source.height),
        (source.middle, below),
        (rail, below),
        (rail, above),
        (target.middle + _DIP_PX, above),
        (target.middle + _DIP_PX, target.y),
    )
