from __future__ import annotations

import itertools
import json

import pytest

from tests.support.machines import LOOP, MACHINES
from views import graph, layout
from views.layout import Box, Drawing

every_machine = pytest.mark.parametrize("definition", MACHINES.values(), ids=MACHINES)


@every_machine
def test_no_state_lies_on_another(definition: str) -> None:
    """And inner ones lie inside their own."""
    assert_apart(layout.arrange(graph.parse(definition)))


def assert_apart(drawing: Drawing) -> None:
    for one, other in itertools.combinations(drawing.boxes, 2):
        assert not overlap(one, other), (one.node.name, other.node.name)
    for box in drawing.boxes:
        assert box.x >= 0
        assert box.x + box.width <= drawing.width
        assert box.y + box.height <= drawing.height
        for inner in box.inner:
            assert inner.width <= box.width
            assert inner.height <= box.height
            assert_apart(inner)


def overlap(one: Box, other: Box) -> bool:
    beside = one.x + one.width <= other.x or other.x + other.width <= one.x
    below = one.y + one.height <= other.y or other.y + other.height <= one.y
    return not (beside or below)


@every_machine
def test_transitions_lead_downwards_unless_they_go_back(definition: str) -> None:
    """A line ends at the upper side of its target."""
    drawing = layout.arrange(graph.parse(definition))
    boxes = {box.node.name: box for box in drawing.boxes}
    for line in drawing.lines:
        assert boxes[line.edge.target].y == line.points[-1][1]
        if not line.backwards:
            ys = [y for _, y in line.points]
            assert sorted(ys) == ys


def test_only_a_loop_goes_back() -> None:
    """The way round is the one from Pause to Poll."""
    drawing = layout.arrange(graph.parse(json.dumps(LOOP)))
    back = [(line.edge.source, line.edge.target) for line in drawing.lines if line.backwards]
    assert [("Pause", "Poll")] == back


@every_machine
def test_labels_do_not_cover_each_other(definition: str) -> None:
    """Each condition can be read."""
    drawing = layout.arrange(graph.parse(definition))
    labelled = [line for line in drawing.lines if line.label]
    for one, other in itertools.combinations(labelled, 2):
        assert not layout.overlap(one, other)


@every_machine
def test_no_label_lies_on_a_line_or_a_state(definition: str) -> None:
    """Nor on its own line: what is crossed out cannot be read at the back of a room."""
    assert_readable(layout.arrange(graph.parse(definition)))


def assert_readable(drawing: Drawing) -> None:
    for label in (line for line in drawing.lines if line.label):
        area = layout.area(label)
        for line in drawing.lines:
            crossing = [one for one in layout.trace(line) if area.holds(*one)]
            assert not crossing, (label.label, line.edge)
        for box in drawing.boxes:
            beside = box.x + box.width <= area.left or area.right <= box.x
            below = box.y + box.height <= area.top or area.bottom <= box.y
            assert beside or below, (label.label, box.node.name)
    for box in drawing.boxes:
        for inner in box.inner:
            assert_readable(inner)


@every_machine
def test_a_label_is_near_its_own_line(definition: str) -> None:
    """Else nobody knows which way it speaks of."""
    for label in (one for one in layout.arrange(graph.parse(definition)).lines if one.label):
        area = layout.area(label).grown(layout.MOST_GAP_PX + 1)
        assert any(area.holds(*one) for one in layout.trace(label)), label.label


@every_machine
def test_a_machine_is_always_drawn_alike(definition: str) -> None:
    """Lines in the same order too: labels are kept apart in it."""
    first, *others = (layout.arrange(graph.parse(definition)) for _ in range(4))
    assert [first] * 3 == others
