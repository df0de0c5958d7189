from __future__ import annotations

import pytest

from localstack_standalone.tuning.stepfunctions.bounded_history import (
    KEPT,
    Executions,
    KeptSettingError,
    kept,
)


@pytest.mark.parametrize(
    ("setting", "number"), [(None, KEPT), ("", KEPT), (" 7 ", 7), ("0", 0), ("100000", 100_000)]
)
def test_the_setting_is_a_number(setting: str | None, number: int) -> None:
    """Nothing said means the default, and 0 means all."""
    assert number == kept(setting)


@pytest.mark.parametrize("setting", ["many", "-1", "1.5"])
def test_a_setting_that_is_none_is_quoted(setting: str) -> None:
    """With what it may be."""
    with pytest.raises(KeptSettingError, match="0 keeps every execution") as caught:
        kept(setting)
    assert repr(setting) in str(caught.value)


def test_the_oldest_that_ended_are_forgotten() -> None:
    """What still runs is kept, however old."""
    executions = Executions((f"arn-{n}", "running" if n in (0, 4) else "ended") for n in range(10))
    executions.forget(6, lambda execution: execution == "ended")
    assert ["arn-0", "arn-4", "arn-6", "arn-7", "arn-8", "arn-9"] == list(executions)


def test_fewer_than_may_be_kept_are_all_kept() -> None:
    """Nothing is forgotten before its time."""
    executions = Executions({"a": 1, "b": 2})
    executions.forget(2, lambda _: True)
    assert ["a", "b"] == list(executions)


def test_looking_at_all_of_them_bears_a_change() -> None:
    """An execution that starts meanwhile does not end a listing with an error."""
    executions = Executions({"a": 1, "b": 2})
    for value in executions.values():
        executions[f"new-{value}"] = value
    assert 4 == len(executions)
