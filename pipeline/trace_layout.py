"""Where the states of a graph are drawn: in layers from top to bottom, in pixels.

The method is Sugiyama's: layers by the longest way from the start, points on the layers that an
edge crosses, the order in each layer by the mean of its neighbours, then places without overlap
(K. Sugiyama, S. Tagawa, M. Toda, "Methods for Visual Understanding of Hierarchical System
Structures", 1981).
"""

from __future__ import annotations

import dataclasses
import itertools
from typing import TYPE_CHECKING, Final

from pipeline.trace_graph import Edge, Graph, Node

if TYPE_CHECKING:
    from collections.abc import Iterable

CHARACTER_PX: Final = 9.0
NODE_HEIGHT_PX: Final = 56.0
POINT_PX: Final = 26.0
GAP_X_PX, GAP_Y_PX = 36.0, 72.0
PADDING_PX: Final = 18.0
TITLE_PX: Final = 44.0
LABEL_CHARACTERS: Final = 28
_BEND_PX, _DIP_PX = 12.0, 16.0
_LABEL_CHARACTER_PX, _LABEL_HEIGHT_PX = 7.4, 17.0
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


@dataclasses.dataclass(frozen=True, kw_only=True)
class Line:
    """An edge's way, from the lower side of one box to the upper side of another.

    Attributes:
        edge: which edge.
        points: where it passes.
        backwards: whether it closes a circle, and goes round everything.
        label: what is written at it, shortened.
        label_at: the middle of that.
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
    backwards = _backwards(graph)
    layers = _layers(graph, backwards)
    places = _Layers(boxes, layers, [edge for edge in graph.edges if edge not in backwards])
    places.settle()
    lines = [Line(edge=edge, points=places.way(edge)) for edge in places.edges]
    right = max(cell.right for cell in places.cells.values())
    for edge in sorted(backwards, key=lambda one: (one.source, one.target)):
        right += GAP_X_PX / 2
        lines.append(Line(edge=edge, points=_round(boxes, edge, right), backwards=True))
    lines = _labelled(lines)
    reach = [_reach(line) for line in lines if line.label]
    left = max(0.0, -min((start for start, _ in reach), default=0.0))
    return Drawing(
        boxes=tuple(boxes.values()),
        lines=tuple(lines),
        left=left,
        width=left + max(right + _BEND_PX / 2, max((end for _, end in reach), default=0.0)),
        height=max(box.y + box.height for box in boxes.values()),
    )


def _labelled(lines: list[Line]) -> list[Line]:
    """Each line with its label near the end of its first stretch, pushed down off the others."""
    done: list[Line] = []
    for line in sorted(lines, key=lambda one: one.points[1]):
        text = line.edge.label
        if text:
            short = text if len(text) <= LABEL_CHARACTERS else text[: LABEL_CHARACTERS - 1] + "…"
            (x, y), (next_x, next_y), *_ = line.points
            at = (x + (next_x - x) * 0.84, y + (next_y - y) * 0.62)
            if line.backwards:
                at = (x, y + _DIP_PX)
            line = dataclasses.replace(line, label=short, label_at=at)  # noqa: PLW2901 - the same
            while any(overlap(line, other) for other in done):
                x, y = line.label_at
                line = dataclasses.replace(line, label_at=(x, y + _LABEL_HEIGHT_PX))  # noqa: PLW2901
        done.append(line)
    return done


def overlap(line: Line, other: Line) -> bool:
    """Whether the labels of the two lines cover each other."""
    (start, end), (other_start, other_end) = _reach(line), _reach(other)
    beside = end < other_start or other_end < start
    return (
        bool(other.label)
        and not beside
        and (abs(line.label_at[1] - other.label_at[1]) < _LABEL_HEIGHT_PX)
    )


def _reach(line: Line) -> _Point:
    """From where to where its label reaches across."""
    half = len(line.label) * _LABEL_CHARACTER_PX / 2
    return line.label_at[0] - half, line.label_at[0] + half


def _box(node: Node) -> Box:
    if node.type in {"Start", "End"}:
        return Box(node=node, width=POINT_PX, height=POINT_PX)
    width = min(_MAX_WIDTH_PX, max(_MIN_WIDTH_PX, len(node.name) * CHARACTER_PX + 34))
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


def _backwards(graph: Graph) -> set[Edge]:
    """The edges that close a circle, found on the way from the start."""
    leaving: dict[str, list[Edge]] = {}
    for edge in graph.edges:
        leaving.setdefault(edge.source, []).append(edge)
    found: set[Edge] = set()
    done: set[str] = set()
    for node in graph.nodes:
        if node.name in done:
            continue
        on_way = {node.name}
        stack = [(node.name, iter(leaving.get(node.name, [])))]
        while stack:
            name, edges = stack[-1]
            onward = next(edges, None)
            if onward is None:
                stack.pop()
                on_way.discard(name)
                done.add(name)
            elif onward.target in on_way:
                found.add(onward)
            elif onward.target not in done:
                on_way.add(onward.target)
                stack.append((onward.target, iter(leaving.get(onward.target, []))))
    return found


def _layers(graph: Graph, backwards: set[Edge]) -> dict[str, int]:
    """Each node's layer: the length of the longest way to it."""
    forwards = [edge for edge in graph.edges if edge not in backwards]
    layer = {node.name: 0 for node in graph.nodes}
    for _ in graph.nodes:
        changed = False
        for edge in forwards:
            if layer[edge.target] <= layer[edge.source]:
                layer[edge.target] = layer[edge.source] + 1
                changed = True
        if not changed:
            break
    return layer


@dataclasses.dataclass
class _Cell:
    """A place in a layer: a box's, or that of an edge that passes."""

    layer: int
    width: float
    x: float = 0.0
    above: list[_Cell] = dataclasses.field(default_factory=list)
    below: list[_Cell] = dataclasses.field(default_factory=list)

    @property
    def middle(self) -> float:
        return self.x + self.width / 2

    @property
    def right(self) -> float:
        return self.x + self.width


class _Layers:
    """The cells of all layers, and the ways of edges through them."""

    def __init__(self, boxes: dict[str, Box], layers: dict[str, int], edges: list[Edge]) -> None:
        self.boxes, self.layers, self.edges = boxes, layers, edges
        self.cells: dict[object, _Cell] = {
            name: _Cell(layers[name], box.width) for name, box in boxes.items()
        }
        self._rows: list[list[_Cell]] = [[] for _ in range(max(layers.values()) + 1)]
        self._passing: dict[Edge, list[_Cell]] = {edge: self._pass(edge) for edge in edges}
        for cell in self.cells.values():
            self._rows[cell.layer].append(cell)

    def _pass(self, edge: Edge) -> list[_Cell]:
        """The cells between *edge*'s ends, each known to its neighbours."""
        between = range(self.layers[edge.source] + 1, self.layers[edge.target])
        passing = [_Cell(layer, _BEND_PX) for layer in between]
        for cell in passing:
            self.cells[edge, cell.layer] = cell
        chain = [self.cells[edge.source], *passing, self.cells[edge.target]]
        for upper, lower in itertools.pairwise(chain):
            upper.below.append(lower)
            lower.above.append(upper)
        return passing

    def settle(self) -> None:
        """Give cells their order and x, and boxes both coordinates."""
        for row in self._rows:
            _pack(row)
        for sweep in range(_SWEEPS):
            rows = self._rows if sweep % 2 == 0 else self._rows[::-1]
            for row in rows:
                wanted = {id(cell): _mean(cell, down=sweep % 2 == 0) for cell in row}
                row.sort(key=lambda cell: wanted[id(cell)])
                _place(row, [wanted[id(cell)] for cell in row])
        left = min(cell.x for cell in self.cells.values())
        top = 0.0
        heights = self._heights()
        for cell in self.cells.values():
            cell.x -= left
        for name, box in self.boxes.items():
            layer = self.layers[name]
            box.x = self.cells[name].x
            box.y = top + sum(heights[:layer]) + GAP_Y_PX * layer
            box.y += (heights[layer] - box.height) / 2

    def _heights(self) -> list[float]:
        heights = [0.0] * len(self._rows)
        for name, box in self.boxes.items():
            heights[self.layers[name]] = max(heights[self.layers[name]], box.height)
        return heights

    def way(self, edge: Edge) -> tuple[_Point, ...]:
        """*edge*'s points, its passing ones in the middle of their layers."""
        source, target = self.boxes[edge.source], self.boxes[edge.target]
        heights = self._heights()
        points = [(source.middle, source.y + source.height)]
        for cell in self._passing[edge]:
            top = sum(heights[: cell.layer]) + GAP_Y_PX * cell.layer
            points += [(cell.middle, top), (cell.middle, top + heights[cell.layer])]
        return (*points, (target.middle, target.y))


def _pack(row: list[_Cell]) -> None:
    """Cells side by side, the row's middle at 0."""
    x = -(sum(cell.width for cell in row) + GAP_X_PX * (len(row) - 1)) / 2
    for cell in row:
        cell.x = x
        x += cell.width + GAP_X_PX


def _mean(cell: _Cell, *, down: bool) -> float:
    """The mean of the neighbours on the side that has its places already."""
    neighbours = cell.above if down else cell.below
    if not neighbours:
        return cell.middle
    return sum(one.middle for one in neighbours) / len(neighbours)


def _place(row: Iterable[_Cell], wanted: list[float]) -> None:
    """Cells as near as may be to where they are *wanted*, in their order, without overlap."""
    cells = list(row)
    x = float("-inf")
    for cell, middle in zip(cells, wanted, strict=True):
        cell.x = max(middle - cell.width / 2, x)
        x = cell.right + GAP_X_PX
    # Pushed to the right only: moved back by what the row drifted on the whole.
    drift = sum(cell.middle for cell in cells) - sum(wanted)
    for cell in cells:
        cell.x -= drift / len(cells)


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
