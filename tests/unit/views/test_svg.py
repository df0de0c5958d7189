from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET

import pytest

from tests.support.machines import MACHINES, NESTED, OURS
from views import graph, svg

every_machine = pytest.mark.parametrize("definition", MACHINES.values(), ids=MACHINES)


@every_machine
def test_a_drawing_is_sound_svg_that_names_every_state(definition: str) -> None:
    """Well-formed, with each state once as a shape."""
    root = ET.fromstring(svg.svg(definition))  # noqa: S314 - made here
    shapes = [one.get("data-state") for one in root.iter("g") if "state" in one.get("class", "")]
    assert len(graph.parse(definition).states()) == len(shapes)


def test_states_are_coloured_by_how_they_stand() -> None:
    """By class for the eye, by name for the ear."""
    drawn = svg.svg(OURS, {"ResizeImage": "FAILED"}, interactive=True)
    assert re.search(r'class="state FAILED"\s+data-state="ResizeImage"', drawn)
    assert "ResizeImage λ Task, failed" in drawn
    assert "SuccessState ✓ Succeed, not entered" in drawn


def test_states_are_told_apart_without_colours() -> None:
    """A sign stands in each state that was entered and ended."""
    drawn = svg.svg(OURS, {"ResizeImage": "CAUGHT", "FailState": "FAILED"})
    marks = re.findall(r'class="mark".*?>(.)</text>', drawn)
    assert ["↷", "✗"] == marks


def test_the_label_of_the_catch_that_fired_is_told_apart() -> None:
    """And no label of a way that was not gone."""
    drawn = svg.svg(OURS, {"ResizeImage": "CAUGHT", "FailState": "FAILED"})
    assert 1 == drawn.count('class="label taken catch"')
    assert 1 == drawn.count('class="label taken')
    assert "label taken" not in svg.svg(OURS)


def taken(statuses: dict[str, str]) -> set[tuple[str, str]]:
    """Kind and label of what is drawn as taken."""
    told = svg._Told(statuses, {}, None)  # noqa: SLF001 - a line of the drawing names no states
    return {(edge.source, edge.target) for edge in graph.parse(OURS).edges if told.took(edge)}


def test_the_way_that_was_gone_is_drawn_as_such() -> None:
    """A Catch that took over is; one that did not is not."""
    refused = {
        "ResizeImage": "SUCCEEDED",
        "WasResizeSuccessful": "SUCCEEDED",
        "FailState": "FAILED",
    }
    assert taken(refused) == {
        (graph.START, "ResizeImage"),
        ("ResizeImage", "WasResizeSuccessful"),
        ("WasResizeSuccessful", "FailState"),
        ("FailState", graph.END),
    }
    caught = {"ResizeImage": "CAUGHT", "FailState": "FAILED"}
    assert taken(caught) == {
        (graph.START, "ResizeImage"),
        ("ResizeImage", "FailState"),
        ("FailState", graph.END),
    }
    assert taken({"ResizeImage": "RUNNING"}) == {(graph.START, "ResizeImage")}
    assert taken({}) == set()
    assert 'class="line catch taken"' in svg.svg(OURS, caught)


def test_names_are_text_whatever_they_hold() -> None:
    """A state may be called anything; no markup comes of it."""
    odd = "<b>\"&'</b>"
    machine = {"StartAt": odd, "States": {odd: {"Type": "Pass", "Comment": odd, "End": True}}}
    root = ET.fromstring(svg.svg(json.dumps(machine), {odd: "SUCCEEDED"}, interactive=True))  # noqa: S314 - made here
    assert [] == list(root.iter("b"))


def test_what_can_be_pressed_holds_nothing_that_can() -> None:
    """A Parallel state's button is its title, not all of it."""
    root = ET.fromstring(svg.svg(json.dumps(NESTED), interactive=True))  # noqa: S314 - made here
    buttons = [one for one in root.iter("g") if one.get("role") == "button"]
    assert len(graph.parse(json.dumps(NESTED)).states()) == len(buttons)
    for button in buttons:
        assert [button] == [one for one in button.iter("g") if one.get("role") == "button"]
