"""The page Resources, drawn without a browser."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from console import inventory
from console.inventory import Item
from console.pages import resources
from infra.resource import Description
from testbed.errors import TestbedError
from tests.support.shown import read

if TYPE_CHECKING:
    import pytest

    from console.watch import Deployment, WatchedTestbed

MACHINE = json.dumps({"StartAt": "A", "States": {"A": {"Type": "Succeed"}}})
DESCRIBED = Item(
    title="State machine M",
    description=Description(
        facts={"type": "STANDARD"}, documents=(("Definition", MACHINE),), definition=MACHINE
    ),
    commands=("awslocal stepfunctions list-state-machines",),
)
MISSING = Item(title="Bucket B", description=Description(facts={}), error="NoSuchBucket")


def test_each_resource_is_described(watch: WatchedTestbed, monkeypatch: pytest.MonkeyPatch) -> None:
    """Facts, what defines it, a drawing of a machine, and the command; or why it cannot be."""
    monkeypatch.setattr(inventory, "look", lambda _: [DESCRIBED, MISSING])
    shown = read(lambda: resources.draw(watch))
    assert "2 things" in shown.text
    assert "typeSTANDARD" in shown.text
    assert ["A"] == shown.values("data-state")
    assert "awslocal stepfunctions list-state-machines" in shown.text
    assert "NoSuchBucket: `make provision` brings it back" in shown.text


def test_what_cannot_be_looked_at_says_why(
    watch: WatchedTestbed, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the words of the error."""

    def look(_: Deployment) -> list[Item]:
        raise TestbedError("not now")

    monkeypatch.setattr(inventory, "look", look)
    assert "not now" in read(lambda: resources.draw(watch)).text
