"""What `make fault` asks for, and shows."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from scripts import fault
from testbed import fault_scenarios, faults
from testbed.errors import SettingError
from testbed.faults import FaultInForce

ON = FaultInForce(
    name="slow", operation="s3:*", kind="latency", rate=0.3, seed=7, calls=9, hits=3, latency="500"
)


def printed(*on: FaultInForce) -> str:
    console = Console(file=io.StringIO(), width=200)
    console.print(fault.shown(on))
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_a_rule_is_what_make_was_given() -> None:
    """As text: the emulator says what is wrong with it. Nothing given is no rule."""
    given = {"OPERATION": "s3:GetObject", "KIND": "latency", "RATE": "0.3", "LATENCY": "500"}
    read = fault.read_arguments([], given | {"SEED": "7"})
    wanted = {"operation": "s3:GetObject", "kind": "latency", "rate": "0.3", "latency": "500"}
    assert (wanted, 7) == (fault.rule(read), read.seed)
    nothing = fault.read_arguments([], {})
    assert (None, None) == (fault.rule(nothing), nothing.seed)


def test_a_name_is_taken_from_the_command_line_alone() -> None:
    """Some systems have a variable NAME of their own."""
    assert fault.rule(fault.read_arguments([], {"NAME": "host"})) is None
    given = {"NAME": "slow", "TESTBED_GIVEN": "NAME KIND", "KIND": "latency"}
    assert {"kind": "latency", "name": "slow"} == fault.rule(fault.read_arguments([], given))


def test_a_seed_that_is_none_is_refused() -> None:
    with pytest.raises(SettingError, match="SEED='x'"):
        fault.read_arguments([], {"SEED": "x"})


def test_what_is_on_is_shown_with_what_it_hit() -> None:
    told = printed(ON)
    for words in ("slow", "s3:* 30% latency 500 ms", "3 of 9 calls", "7"):
        assert words in told
    assert "no faults are on" in printed()


def test_every_scenario_is_listed_with_what_comes_of_it() -> None:
    told = " ".join(printed().split())
    for each in fault_scenarios.SCENARIOS:
        assert each.name in told
        assert each.outcome.split(":")[0][:30] in told


@pytest.mark.parametrize(
    ("off", "removed"),
    [
        ("1", [None]),
        ("slow", ["slow"]),
        ("brownout", ["brownout.1", "brownout.2"]),
        ("gone", ["gone"]),
    ],
)
def test_off_takes_all_or_those_of_a_name(
    monkeypatch: pytest.MonkeyPatch, off: str, removed: list[str | None]
) -> None:
    """A scenario has several; what is not there is asked for all the same, and refused there."""
    on = [ON, *(FaultInForce(**{**vars(ON), "name": f"brownout.{n}"}) for n in (1, 2))]
    seen: list[str | None] = []
    monkeypatch.setattr(faults, "fetch", lambda _endpoint: on)
    monkeypatch.setattr(faults, "remove", lambda _endpoint, name=None: seen.append(name))
    fault.switch_off("http://here", off)
    assert removed == seen
