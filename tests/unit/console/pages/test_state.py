"""The page States, drawn without a browser."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from client import tested_state
from client.tested_state import TestedState
from console.pages import state
from testbed.errors import TestbedError
from tests.support.shown import read

if TYPE_CHECKING:
    from console.watch import Deployment, WatchedTestbed
    from tests.support.fake_step_functions import StepFunctions

MACHINE = json.dumps({"StartAt": "Main", "States": {"Main": {"Type": "Succeed"}}})


@pytest.fixture(autouse=True)
def machine(sfn: StepFunctions, monkeypatch: pytest.MonkeyPatch) -> None:
    def describe(**_asked: str) -> dict[str, str]:
        return {"definition": MACHINE}

    monkeypatch.setattr(sfn, "describe_state_machine", describe, raising=False)


def test_the_form_offers_the_states(watch: WatchedTestbed) -> None:
    """With their types."""
    shown = read(lambda: state.draw(watch))
    assert "1 states" in shown.text
    assert "Main (Succeed)" in shown.text


@pytest.mark.parametrize(
    ("way", "mock", "asked"),
    [
        (state.REAL, "", None),
        (state.RESULT, "{}", {"result": "{}", "fieldValidationMode": "NONE"}),
        (state.ERROR, "Busy: why", {"errorOutput": {"error": "Busy", "cause": "why"}}),
    ],
)
def test_the_way_says_what_stands_for_a_call(
    found: Deployment, monkeypatch: pytest.MonkeyPatch, way: str, mock: str, asked: Any
) -> None:
    """Nothing, a result or an error."""
    seen: list[Any] = []

    def run(*_words: Any, mock: Any) -> TestedState:
        seen.append(mock)
        return TestedState("Main", "Succeed", (), {"status": "SUCCEEDED"})

    monkeypatch.setattr(tested_state, "run", run)
    state.run(found, "Main", "{}", way, mock)
    assert [asked] == seen


@pytest.mark.parametrize(
    ("given", "way", "mock", "words"),
    [
        ("{", state.REAL, "", "the input is no JSON"),
        ("{}", state.RESULT, "{", "the result is no JSON"),
    ],
)
def test_what_is_no_json_is_told(
    found: Deployment, given: str, way: str, mock: str, words: str
) -> None:
    """Before anything is asked of Step Functions."""
    with pytest.raises(TestbedError, match=words):
        state.run(found, "Main", given, way, mock)
