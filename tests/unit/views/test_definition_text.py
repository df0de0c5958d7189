"""A definition's lines."""

from __future__ import annotations

import json
from typing import Any

import pytest

from views import definition_text
from views.definition_text import DefinitionText, LineMistake

TEXT = """{
  "StartAt": "Both",
  "States": {
    "Both": {
      "Type": "Parallel",
      "Branches": [
        {"States": {
          "Inner": {"Type": "Pass"}
        }}
      ]
    },
    "Each": {"Type": "Map", "ItemProcessor": {
      "States": {"Deep": {
        "Type": "Pass"}}}}
  }
}
"""


def test_each_state_has_its_lines() -> None:
    """Those inside others too."""
    assert {"Both": (4, 11), "Inner": (8, 8), "Each": (12, 14), "Deep": (13, 14)} == (
        DefinitionText(TEXT).states
    )


@pytest.mark.parametrize(
    ("line", "name"),
    [(1, None), (4, "Both"), (8, "Inner"), (10, "Both"), (12, "Each"), (14, "Deep"), (15, None)],
)
def test_a_line_is_of_its_innermost_state(line: int, name: str | None) -> None:
    """None is of what is outside of all."""
    assert name == DefinitionText(TEXT).state_at(line)


def test_mistakes_stand_on_their_lines() -> None:
    """In the order of the text; one without a place is of the whole."""
    found = DefinitionText(TEXT).mistakes(
        [
            {"message": "later", "location": "/States/Each/Type", "code": "C", "severity": "ERROR"},
            {"message": "missing", "location": "/States/Both/Branches[0]/States/Inner/Next"},
            {"message": "all", "severity": "WARNING"},
        ]
    )
    assert [
        LineMistake(1, "all", "WARNING"),
        LineMistake(8, "missing"),
        LineMistake(12, "later", code="C"),
    ] == (found)
    assert ["all", "missing", "later (C)"] == [str(one) for one in found]


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ('{"a": 1,\n "b" 2}', 2, "no JSON: Expecting ':' delimiter (line 2, column 6)"),
        ("[1]", 1, "a definition is a JSON object"),
        ("", 1, "no JSON: Expecting value (line 1, column 1)"),
    ],
)
def test_what_is_no_json_is_the_only_mistake(text: str, line: int, words: str) -> None:
    """With its place; what a service says of it beside does not count."""
    read = DefinitionText(text)
    assert [LineMistake(line, words)] == read.mistakes([{"message": "something"}])
    assert {} == read.states


@pytest.mark.parametrize(
    "machine",
    [{"States": None}, {"States": {"A": 1}}, {"States": {"A": {"Branches": 1, "Iterator": []}}}],
)
def test_what_is_no_machine_yet_is_read_all_the_same(machine: dict[str, Any]) -> None:
    """It is being typed."""
    assert set(machine["States"] or ()) == set(DefinitionText(json.dumps(machine)).states)


@pytest.mark.parametrize(("line", "at"), [(1, 1), (2, 4), (3, 5), (9, 5)])
def test_a_line_ends_before_its_break(line: int, at: int) -> None:
    """The last one has none."""
    assert at == definition_text.line_end("a\nbc\n", line)
