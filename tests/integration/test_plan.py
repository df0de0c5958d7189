"""`make provision PLAN=1`, and a resource more, against a real emulator."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from console import inventory
from console.watch import Deployment
from infra import sam, stack
from infra.resource import Outcome, ResourcePlan
from infra.resources.bucket import Bucket
from testbed import names
from testbed.aws import Aws
from tests.conftest import Emulator
from tests.integration import stack_support
from tests.integration.stack_support import Stack

TENTH = Bucket("a-tenth-resource", needs=(stack.API,))


@pytest.fixture(scope="module")
def aws(emulator: Emulator) -> Aws:
    return Aws(endpoint=emulator.endpoint)


@pytest.fixture
def empty(aws: Aws) -> Iterator[Stack]:
    """A stack before it is made."""
    made = Stack(aws)
    yield made
    made.destroy()


def planned(aws: Aws) -> list[ResourcePlan]:
    """What would be done; no request of it writes."""
    zipped = stack_support.built()
    with stack_support.writes(aws) as writes:
        plans = stack.plan(aws, package=zipped)
    assert [] == writes
    return plans


def outcomes(plans: list[ResourcePlan]) -> list[tuple[str, Outcome]]:
    return [(each.resource.title, each.outcome) for each in plans]


def test_a_plan_of_a_fresh_account_creates_everything(aws: Aws, empty: Stack) -> None:
    """Each resource is told, and none is there afterwards."""
    assert [(each.title, Outcome.CREATED) for each in stack.RESOURCES] == outcomes(planned(aws))
    assert [(each.title, Outcome.CREATED) for each in stack.RESOURCES] == outcomes(planned(aws))


def test_a_plan_says_which_attribute_differs_and_how(aws: Aws, empty: Stack) -> None:
    """From what to what; all else would stay; and applying it does just that."""
    empty.apply()
    assert {Outcome.UNCHANGED} == {each.outcome for each in planned(aws)}
    aws.lambda_.update_function_configuration(FunctionName=names.FUNCTION, Timeout=3)
    aws.logs.put_retention_policy(logGroupName=names.FUNCTION_LOG_GROUP, retentionInDays=365)
    changed = [each for each in planned(aws) if each.outcome is not Outcome.UNCHANGED]
    told = {
        (each.resource.title, difference.found, difference.wanted)
        for each in changed
        for difference in each.differences
    }
    assert {(stack.FUNCTION.title, 3, 30), (stack.LOG_GROUP.title, 365, 14)} == told
    done = {title for title, outcome in empty.apply().items() if outcome is not Outcome.UNCHANGED}
    assert {each.resource.title for each in changed} == done


def test_a_declaration_is_all_that_a_resource_needs(
    aws: Aws, empty: Stack, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """It is planned, made after what it needs, shown, in the SAM template, and destroyed."""
    monkeypatch.setattr(stack, "RESOURCES", (*stack.RESOURCES, TENTH))
    assert (TENTH.title, Outcome.CREATED) == outcomes(planned(aws))[-1]
    assert Outcome.CREATED == empty.apply()[TENTH.title]
    assert TENTH.title == empty.rows[-1].resource
    shown = inventory.look(Deployment(aws, empty.outputs, tmp_path))
    assert f"Bucket {TENTH.name}" in {item.title for item in shown if item.error is None}
    assert sam.logical_id(TENTH) in sam.template(stack.RESOURCES)["Resources"]
    assert Outcome.DESTROYED == empty.destroy()[TENTH.title]
    assert TENTH.title == empty.rows[0].resource
