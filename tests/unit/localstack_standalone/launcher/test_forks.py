"""Where forks can be had, and what is said where they cannot."""

from __future__ import annotations

import sys
import types
from pathlib import Path

import pytest

from localstack_standalone.launcher import forks
from localstack_standalone.launcher.emulator import Installation
from localstack_standalone.patching.switch import SwitchError


@pytest.fixture(autouse=True)
def linux(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever these tests run on."""
    monkeypatch.setattr(forks, "sys", types.SimpleNamespace(platform="linux"))


def _obstacle(tuning: str | None) -> str | None:
    settings = {} if tuning is None else {"TUNING": tuning}
    return forks.obstacle(Installation(Path(sys.executable), {}, settings=settings))


@pytest.mark.parametrize(
    "tuning", [None, "", "all", "all,-model_cache", "-model_cache", "lean_batch,threaded_gateway"]
)
def test_a_tuning_that_has_the_forking_gateway_has_forks(tuning: str | None) -> None:
    """TUNING means to the launcher what it means to the emulator."""
    assert _obstacle(tuning) is None


@pytest.mark.parametrize("tuning", ["off", "all,-threaded_gateway", "model_cache"])
def test_without_that_gateway_the_setting_is_the_reason(tuning: str) -> None:
    """Whoever set it can undo it."""
    assert f"TUNING={tuning} leaves threaded_gateway out" in str(_obstacle(tuning))


def test_a_tuning_that_is_none_is_an_error() -> None:
    """It is not taken for one without forks."""
    with pytest.raises(SwitchError, match="nonsense"):
        _obstacle("nonsense")


def test_another_system_is_the_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody can change that, and it is good to know."""
    monkeypatch.setattr(forks, "sys", types.SimpleNamespace(platform="darwin"))
    assert "that is for Linux, and this is darwin" == _obstacle(None)
