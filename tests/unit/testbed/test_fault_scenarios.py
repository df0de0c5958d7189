from __future__ import annotations

import pytest

from testbed import fault_scenarios, settings
from testbed.errors import SettingError, TestbedError


def test_rules_bear_their_scenarios_name() -> None:
    """So that they are found again; none is another's."""
    for scenario in fault_scenarios.SCENARIOS:
        assert {scenario.name} == {rule["name"].partition(".")[0] for rule in scenario.rules}
    rules = [rule["name"] for each in fault_scenarios.SCENARIOS for rule in each.rules]
    assert len(rules) == len(set(rules))


def test_a_scenario_is_found_by_its_name() -> None:
    assert "bucket-gone" == fault_scenarios.named("bucket-gone").name
    with pytest.raises(TestbedError, match="did you mean s3-brownout"):
        fault_scenarios.named("s3-brown")


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        ("", []),
        ("s3:5%", [("s3:*", "5%", "throttling")]),
        ("s3:PutObject:0.1", [("s3:PutObject", "0.1", "throttling")]),
        (
            "lambda:Invoke:2%:crash, states:1%",
            [("lambda:Invoke", "2%", "crash"), ("states:*", "1%", "throttling")],
        ),
    ],
)
def test_rules_in_short(text: str, rules: list[tuple[str, str, str]]) -> None:
    found = fault_scenarios.listed(text, "run")
    assert rules == [(one["operation"], one["rate"], one["kind"]) for one in found]
    assert [f"run.{number}" for number in range(1, len(rules) + 1)] == [r["name"] for r in found]


def test_a_scenario_may_stand_in_a_list() -> None:
    """Under names of the list's own: what was on before under its name stays."""
    names = [one["name"] for one in fault_scenarios.listed("lost-connections,s3:5%", "run")]
    assert ["run.1", "run.2", "run.3"] == names


@pytest.mark.parametrize("text", ["s3", "s3:much", "S3:5%", "brownout", "s3:5%:crash:x"])
def test_what_is_no_list_is_refused(text: str) -> None:
    with pytest.raises(SettingError, match=r"FAULTS=.*a scenario's name, or operation:rate"):
        fault_scenarios.listed(text, "run")


def test_the_page_tells_of_each_what_it_is() -> None:
    """docs/reliability.md, word by word."""
    page = (settings.ROOT / "docs" / "reliability.md").read_text(encoding="utf-8")
    for each in fault_scenarios.SCENARIOS:
        assert f"| `{each.name}` | {each.about} | {each.outcome} |" in page
