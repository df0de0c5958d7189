"""The page Definitions, drawn without a browser."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from client import machines
from console.pages import definitions
from tests.support.addresses import ON_AWS
from tests.support.shown import read

if TYPE_CHECKING:
    from console.watch import WatchedTestbed
    from tests.support.fake_step_functions import StepFunctions

MACHINE = json.dumps({"StartAt": "Main", "States": {"Main": {"Type": "Succeed"}}})


class Validator:
    """What Step Functions says of a definition."""

    def __init__(self) -> None:
        self.diagnostics: list[dict[str, str]] = []
        self.asked: list[str] = []

    def validate(self, *, definition: str, **_more: str) -> dict[str, Any]:
        self.asked.append(definition)
        return {"diagnostics": self.diagnostics}


@pytest.fixture
def validator(sfn: StepFunctions, monkeypatch: pytest.MonkeyPatch) -> Validator:
    made = Validator()
    described = {"definition": MACHINE}
    monkeypatch.setattr(sfn, "describe_state_machine", lambda **_: described, raising=False)
    monkeypatch.setattr(sfn, "validate_state_machine_definition", made.validate, raising=False)
    monkeypatch.setattr(machines, "inputs", lambda _aws, _machine: [])
    return made


def test_a_definition_in_one_line_is_laid_out(watch: WatchedTestbed, validator: Validator) -> None:
    """A program wrote it, a person is to read it; it counts as it is deployed."""
    shown = read(lambda: definitions.draw(watch))
    assert [json.dumps(json.loads(MACHINE), indent=2)] == validator.asked
    assert "✓ Valid, as it is deployed" in shown.text
    assert "Choose a state to see its lines." in shown.text
    assert ["Main"] == shown.values("data-state")


def test_mistakes_are_listed_by_line(watch: WatchedTestbed, validator: Validator) -> None:
    """For who does not see the editor; the graph stays."""
    validator.diagnostics = [
        {"severity": "ERROR", "code": "C", "message": "bad", "location": "/States/Main/Type"},
        {"severity": "WARNING", "code": "W", "message": "odd", "location": "/"},
    ]
    text = read(lambda: definitions.draw(watch)).text
    assert "✗ 2 things to look at" in text
    assert "Line 1: odd (W)" in text
    assert "Line 5: bad (C)" in text
    assert "The graph is of the last text without an error." in text


def test_what_was_tried_is_there_again(watch: WatchedTestbed, validator: Validator) -> None:
    """With its input."""
    watch.trials.keep_draft(ON_AWS.state_machine_arn, "{\n}", '{"tried": 1}')
    shown = read(lambda: definitions.draw(watch))
    assert ["{\n}"] == validator.asked
    assert ", not deployed" in shown.text
    (area,) = [one for tag, one in shown.elements if tag == "textarea"]
    assert '{"tried": 1}' == area["value"]


def test_one_that_is_lost_is_waited_for(watch: WatchedTestbed, validator: Validator) -> None:
    """Nothing is drawn until it is known."""
    watch._found = None  # noqa: SLF001 - as the watch does when it is lost
    assert "loading" in read(lambda: definitions.draw(watch)).text
    assert [] == validator.asked
