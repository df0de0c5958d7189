from __future__ import annotations

import pytest

from scripts import load_test
from scripts.load_test import Wanted
from testbed.errors import SettingError


def test_what_is_not_said_is_usual() -> None:
    """A thousand from sixteen clients, nothing killed."""
    wanted = load_test.read({})
    assert (1000, 16, False) == (wanted.count, wanted.clients, wanted.kill)


def test_everything_can_be_said() -> None:
    """An empty variable counts as unset, as for every command."""
    given = {"N": "30", "C": "4", "KILL": "1", "SEED": "7"}
    assert Wanted(30, 4, kill=True, seed=7) == load_test.read(given)
    assert load_test.read({"N": "", "SEED": "7"}).count == 1000
    assert load_test.read({"CRASH": "1"}).crash


def test_faults_are_rules_of_the_run() -> None:
    """By names of its own, so that it takes no others away."""
    (rule,) = load_test.read({"FAULTS": "s3:5%"}).faults
    assert {"name": "load-test.1", "operation": "s3:*", "rate": "5%", "kind": "throttling"} == rule
    with pytest.raises(SettingError, match="FAULTS='s3'"):
        load_test.read({"FAULTS": "s3"})


@pytest.mark.parametrize(
    ("name", "value"), [("N", "0"), ("N", "5001"), ("C", "many"), ("C", "257"), ("SEED", "-1")]
)
def test_what_is_no_number_is_refused(name: str, value: str) -> None:
    """The error names the variable and the value."""
    with pytest.raises(SettingError, match=f"{name}.*{value}"):
        load_test.read({name: value})
