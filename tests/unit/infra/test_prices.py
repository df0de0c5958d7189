"""What the pipeline costs on AWS, by its list prices."""

from __future__ import annotations

import json

import pytest

from infra import prices
from infra.resources import function, state_machine


def test_a_thousand_images_cost_what_their_parts_cost() -> None:
    """By hand: 3.50 a million; 4 times 0.025 a thousand; 1 GB for 1 s each; 2 PUT, 3 GET; 2 KB."""
    costs = {each.service: each.thousand_images_usd for each in prices.CHARGES}
    assert {
        "API Gateway": pytest.approx(0.0035),
        "Step Functions": pytest.approx(0.1),
        "Lambda": pytest.approx(0.0002 + 0.0166667),
        "S3": pytest.approx(0.01 + 0.0012),
        "CloudWatch Logs": pytest.approx(0.001),
    } == costs
    assert pytest.approx(sum(costs.values())) == prices.thousand_images_usd()


def test_what_is_counted_is_what_is_deployed() -> None:
    """The function's memory, and the states that an image passes, with the start."""
    assert function.MEMORY_MB == prices.FUNCTION_GB * 1024
    text = state_machine.definition(function_arn="arn:f").replace("\n", " ")
    states = json.loads(text)["States"]
    passed = [name for name in states if states[name]["Type"] != "Fail"]
    assert len(passed) + 1 == prices.TRANSITIONS


def test_every_charge_has_its_source_and_its_free_part() -> None:
    """Prices change: each line says where today's are."""
    for each in prices.CHARGES:
        assert each.source.startswith("https://aws.amazon.com/"), each.service
        assert each.free, each.service
        assert each.at_rest, each.service
