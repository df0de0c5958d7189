from __future__ import annotations

import json
from typing import Any

import pytest

from tests.support.machines import NESTED, OURS
from views import graph
from views.graph import END, START


def test_our_machine_is_read_from_its_definition() -> None:
    """Every transition: next, choice, default and catch; Succeed and Fail end."""
    parsed = graph.parse(OURS)
    assert {
        (START, "ResizeImage", "next", ""),
        ("ResizeImage", "WasResizeSuccessful", "next", ""),
        ("ResizeImage", "FailState", "catch", "States.ALL"),
        ("WasResizeSuccessful", "SuccessState", "choice", "$.success = true"),
        ("WasResizeSuccessful", "FailState", "default", "otherwise"),
        ("SuccessState", END, "next", ""),
        ("FailState", END, "next", ""),
    } == {(edge.source, edge.target, edge.kind, edge.label) for edge in parsed.edges}


def test_states_inside_others_are_found() -> None:
    """Branches, ItemProcessor and the older Iterator, at any depth."""
    names = [state.name for state in graph.parse(json.dumps(NESTED)).states()]
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
    assert words == graph.condition(rule)


def test_the_fields_of_a_definition_are_those_of_its_states_too() -> None:
    """Once each, also of states inside others."""
    inner = {"StartAt": "P", "States": {"P": {"Type": "Pass", "Result": 1, "End": True}}}
    many = {"Type": "Map", "ItemProcessor": inner, "End": True}
    both = {"Type": "Parallel", "Branches": [inner], "Next": "M"}
    machine = {"StartAt": "B", "States": {"B": both, "M": many}}
    expected = ["StartAt", "States", "Type", "Branches", "Next", "Result", "End", "ItemProcessor"]
    assert expected == graph.fields(json.dumps(machine))
