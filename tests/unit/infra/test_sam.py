"""What the template of any resources is; tests/contract has that of the stack."""

from __future__ import annotations

import pytest

from infra import sam
from tests.support.resources import Declared


@pytest.mark.parametrize(
    ("name", "logical_id"),
    [
        ("red", "RedDeskLamp"),
        ("my-red", "MyRedDeskLamp"),
        ("/aws/red one", "AwsRedOneDeskLamp"),
        ("RedDeskLamp", "RedDeskLamp"),
        ("reddesklamp", "Reddesklamp"),
        ("RedLamp", "RedLampDeskLamp"),
    ],
)
def test_a_logical_id_is_letters_and_digits(name: str, logical_id: str) -> None:
    """Name and kind, as CloudFormation allows them; the kind once where the name ends with it."""
    assert logical_id == sam.logical_id(Declared(name))


def test_the_account_and_region_are_substituted_wherever_they_stand() -> None:
    """CloudFormation replaces them within Fn::Sub alone; what has none stays as it is."""
    arn = f"arn:aws:lamps:{sam.ACCOUNT.region}:{sam.ACCOUNT.id}:lamp"
    part = {"Name": "${other}", "Arns": [arn, "x"], "Inner": {"Arn": arn, "Watts": 7, "On": True}}
    template = sam.template([Declared("red", part=part)])
    assert template["Resources"]["RedDeskLamp"] == {
        "Name": "${other}",
        "Arns": [{"Fn::Sub": arn}, "x"],
        "Inner": {"Arn": {"Fn::Sub": arn}, "Watts": 7, "On": True},
    }


def test_what_a_resource_needs_is_made_before_it() -> None:
    """In the order that is given, by logical id; one that needs nothing says nothing."""
    red, blue = Declared("red"), Declared("blue")
    resources = sam.template(iter([red, blue, Declared("all", needs=(blue, red))]))["Resources"]
    assert {"RedDeskLamp": {}, "BlueDeskLamp": {}} == {
        name: part for name, part in resources.items() if "DependsOn" not in part
    }
    assert ["BlueDeskLamp", "RedDeskLamp"] == resources["AllDeskLamp"]["DependsOn"]
