"""The page New execution, drawn without a browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

from client import machines
from client.machines import Machine
from console.pages import new
from tests.support.addresses import ON_AWS
from tests.support.shown import MARKUP, read

if TYPE_CHECKING:
    import pytest

    from console.watch import WatchedTestbed
    from tests.support.fake_step_functions import StepFunctions


def test_the_latest_input_stands_in_the_field(
    watch: WatchedTestbed, sfn: StepFunctions, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Laid out; all that were used are offered, each in a line, and what is markup is text."""
    assert sfn.machines
    used = [f'{{"a":"{"x" * 200}"}}', f'"{MARKUP.replace(chr(34), "")}"']
    monkeypatch.setattr(machines, "inputs", lambda _aws, _machine: used)
    shown = read(lambda: new.draw(watch))
    (area,) = [one for tag, one in shown.elements if tag == "textarea"]
    assert area["value"].startswith('{\n  "a": "xxx')
    assert "…" in shown.text
    assert "img" not in [tag for tag, _ in shown.elements]


def test_an_express_machine_is_offered_what_it_was_given_from_here(
    watch: WatchedTestbed, sfn: StepFunctions
) -> None:
    """And has no name to give."""
    sfn.machines[0]["type"] = machines.EXPRESS
    watch.remember(ON_AWS.state_machine_arn, '{"mine":1}')
    shown = read(lambda: new.draw(watch))
    assert '{"mine": 1}' in shown.text
    assert "An Express machine" in shown.text
    assert "Made by Step Functions if left empty" not in shown.text


def test_a_machine_that_is_not_there_is_named(watch: WatchedTestbed, sfn: StepFunctions) -> None:
    """With what there is."""
    sfn.machines[0] |= {"stateMachineArn": "arn:another", "name": "Another"}
    shown = read(lambda: new.draw(watch))
    assert "there is no state machine arn:m; there are Another" in shown.text


def test_a_machine_is_found_by_its_arn() -> None:
    """It, and no other."""
    found = [Machine("arn:a", "a", "STANDARD"), Machine("arn:b", "b", "STANDARD")]
    assert found[1] == machines.wanted(found, "arn:b")
