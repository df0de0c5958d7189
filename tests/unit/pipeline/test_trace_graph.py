from __future__ import annotations

import itertools
import json
import re
import xml.etree.ElementTree as ET
from typing import Any

import pytest

from pipeline import trace_graph, trace_layout, trace_svg
from pipeline.trace_graph import END, START
from pipeline.trace_layout import Box, Drawing
from testbed import settings

OURS = (settings.ROOT / "statemachine" / "image_processing.asl.json").read_text(encoding="utf-8")
LINE: dict[str, Any] = {
    "StartAt": "A",
    "States": {
        "A": {"Type": "Pass", "Next": "B"},
        "B": {"Type": "Wait", "Seconds": 1, "End": True},
    },
}
LOOP: dict[str, Any] = {
    "StartAt": "Poll",
    "States": {
        "Poll": {"Type": "Task", "Next": "Ready?"},
        "Ready?": {
            "Type": "Choice",
            "Choices": [
                {"Variable": "$.state", "StringEquals": "ready", "Next": "Done"},
                {"Variable": "$.tries", "NumericGreaterThanEquals": 3, "Next": "Sorry"},
            ],
            "Default": "Pause",
        },
        "Pause": {"Type": "Wait", "Seconds": 5, "Next": "Poll"},
        "Done": {"Type": "Succeed"},
        "Sorry": {"Type": "Fail"},
    },
}
NESTED: dict[str, Any] = {
    "StartAt": "Both",
    "States": {
        "Both": {
            "Type": "Parallel",
            "Branches": [
                LINE,
                {
                    "StartAt": "All",
                    "States": {"All": {"Type": "Map", "ItemProcessor": LOOP, "End": True}},
                },
            ],
            "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Sorry"}],
            "Next": "Old map",
        },
        "Old map": {"Type": "Map", "Iterator": LINE, "End": True},
        "Sorry": {"Type": "Fail"},
    },
}
WIDE: dict[str, Any] = {
    "StartAt": "Which",
    "States": {
        "Which": {
            "Type": "Choice",
            "Choices": [
                {"Variable": "$.n", "NumericEquals": n, "Next": f"A rather long name {n}"}
                for n in range(7)
            ],
            "Default": "A rather long name 0",
        },
        **{f"A rather long name {n}": {"Type": "Task", "End": True} for n in range(7)},
    },
}
MACHINES = {
    "ours": OURS,
    "line": json.dumps(LINE),
    "loop": json.dumps(LOOP),
    "nested": json.dumps(NESTED),
    "wide": json.dumps(WIDE),
}
every_machine = pytest.mark.parametrize("definition", MACHINES.values(), ids=MACHINES)


def test_our_machine_is_read_from_its_definition() -> None:
    """Every transition: next, choice, default and catch; Succeed and Fail end."""
    graph = trace_graph.parse(OURS)
    assert {
        (START, "ResizeImage", "next", ""),
        ("ResizeImage", "WasResizeSuccessful", "next", ""),
        ("ResizeImage", "FailState", "catch", "States.ALL"),
        ("WasResizeSuccessful", "SuccessState", "choice", "$.success = true"),
        ("WasResizeSuccessful", "FailState", "default", "otherwise"),
        ("SuccessState", END, "next", ""),
        ("FailState", END, "next", ""),
    } == {(edge.source, edge.target, edge.kind, edge.label) for edge in graph.edges}


def test_states_inside_others_are_found() -> None:
    """Branches, ItemProcessor and the older Iterator, at any depth."""
    names = [state.name for state in trace_graph.parse(json.dumps(NESTED)).states()]
    assert ["Both", "Old map", "Sorry"] == names[:3]
    assert {"A", "B", "All", "Poll", "Ready?", "Pause", "Done"} <= set(names)


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ({"Variable": "$.a", "StringEquals": "x"}, '$.a = "x"'),
        ({"Variable": "$.a", "NumericLessThanPath": "$.b"}, "$.a < $.b"),
        ({"Variable": "$.a", "IsPresent": False}, "$.a is not present"),
        ({"Not": {"Variable": "$.a", "BooleanEquals": True}}, "not ($.a = true)"),
        (
            {
                "Or": [
                    {"Variable": "$.a", "IsNull": True},
                    {"Variable": "$.b", "StringMatches": "*"},
                ]
            },
            '$.a is null or $.b matches "*"',
        ),
        ({"Condition": "{% $states.input.n > 3 %}"}, "$states.input.n > 3"),
    ],
)
def test_a_rule_is_put_into_words(rule: dict[str, Any], words: str) -> None:
    """JSONPath's comparisons and JSONata's conditions."""
    assert words == trace_graph.condition(rule)


@every_machine
def test_no_state_lies_on_another(definition: str) -> None:
    """And inner ones lie inside their own."""
    assert_apart(trace_layout.arrange(trace_graph.parse(definition)))


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
    drawing = trace_layout.arrange(trace_graph.parse(definition))
    boxes = {box.node.name: box for box in drawing.boxes}
    for line in drawing.lines:
        assert boxes[line.edge.target].y == line.points[-1][1]
        if not line.backwards:
            ys = [y for _, y in line.points]
            assert sorted(ys) == ys


def test_only_a_loop_goes_back() -> None:
    """The way round is the one from Pause to Poll."""
    drawing = trace_layout.arrange(trace_graph.parse(json.dumps(LOOP)))
    back = [(line.edge.source, line.edge.target) for line in drawing.lines if line.backwards]
    assert [("Pause", "Poll")] == back


@every_machine
def test_labels_do_not_cover_each_other(definition: str) -> None:
    """Each condition can be read."""
    drawing = trace_layout.arrange(trace_graph.parse(definition))
    labelled = [line for line in drawing.lines if line.label]
    for one, other in itertools.combinations(labelled, 2):
        assert not trace_layout.overlap(one, other)


@every_machine
def test_a_drawing_is_sound_svg_that_names_every_state(definition: str) -> None:
    """Well-formed, with each state once as a shape."""
    root = ET.fromstring(trace_svg.svg(definition))  # noqa: S314 - made here
    shapes = [one.get("data-state") for one in root.iter("g") if "state" in one.get("class", "")]
    assert len(trace_graph.parse(definition).states()) == len(shapes)


def test_states_are_coloured_by_how_they_stand() -> None:
    """By class for the eye, by name for the ear."""
    drawn = trace_svg.svg(OURS, {"ResizeImage": "FAILED"}, interactive=True)
    assert re.search(r'class="state FAILED" data-state="ResizeImage"', drawn)
    assert "ResizeImage λ Task, failed" in drawn
    assert "SuccessState ✓ Succeed, not entered" in drawn


def test_names_are_text_whatever_they_hold() -> None:
    """A state may be called anything; no markup comes of it."""
    odd = "<b>\"&'</b>"
    machine = {"StartAt": odd, "States": {odd: {"Type": "Pass", "Comment": odd, "End": True}}}
    root = ET.fromstring(trace_svg.svg(json.dumps(machine), {odd: "SUCCEEDED"}, interactive=True))  # noqa: S314 - made here
    assert [] == list(root.iter("b"))


def test_what_can_be_pressed_holds_nothing_that_can() -> None:
    """A Parallel state's button is its title, not all of it."""
    root = ET.fromstring(trace_svg.svg(json.dumps(NESTED), interactive=True))  # noqa: S314 - made here
    buttons = [one for one in root.iter("g") if one.get("role") == "button"]
    assert len(trace_graph.parse(json.dumps(NESTED)).states()) == len(buttons)
    for button in buttons:
        assert [button] == [one for one in button.iter("g") if one.get("role") == "button"]
