from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from localstack_standalone.launcher.record import Record
from scripts import reset
from targets import choose
from targets.base import Running
from testbed import settings
from testbed.errors import NotRunningError, TestbedError
from testbed.settings import Settings

KEPT = {"TUNING": "off", "DEBUG": "1"}


class Testbed:
    """One that is up; tells what is done with it, and with which settings."""

    __test__ = False

    def __init__(self) -> None:
        self.done: list[str] = []
        self.brought: Settings | None = None
        self.emulator: dict[str, str] = {}

    def down(self, _state_dir: Path) -> bool:
        self.done.append("down")
        return True

    def bring_up(self, wanted: Settings) -> None:
        self.done.append("up")
        self.brought, self.emulator = wanted, settings.for_emulator()


@pytest.fixture
def environ(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Sets what a person has set; nothing else is."""
    monkeypatch.setattr(settings, "DOTENV", tmp_path / "none")
    for name in ("TARGET", "PORT", "MEMORY", *KEPT):
        monkeypatch.setenv(name, "")  # is undone in the end, whatever the reset makes of it
        monkeypatch.delenv(name)

    def given(**variables: str) -> None:
        for name, text in {"STATE_DIR": str(tmp_path / "state"), **variables}.items():
            monkeypatch.setenv(name, text)

    given()
    return given


@pytest.fixture
def testbed(monkeypatch: pytest.MonkeyPatch) -> Testbed:
    record = Record("docker", 4701, {"project": "p"}, {**KEPT, "MEMORY": "3g"})
    up, bed = Running("docker", record.endpoint, record), Testbed()
    monkeypatch.setattr(choose, "find", lambda _state_dir: up)
    monkeypatch.setattr(choose, "down", bed.down)
    monkeypatch.setattr(reset, "bring_up", bed.bring_up)
    return bed


@pytest.mark.usefixtures("environ")
def test_it_comes_back_as_it_was(testbed: Testbed) -> None:
    """On its target and its port, with the settings that it was started with."""
    reset.main()
    assert ["down", "up"] == testbed.done
    assert testbed.brought is not None
    assert ("docker", 4701, "3g") == (
        testbed.brought.target,
        testbed.brought.port,
        testbed.brought.memory,
    )
    assert KEPT == testbed.emulator


def test_what_is_set_now_goes_before_what_was(
    testbed: Testbed, environ: Callable[..., None]
) -> None:
    """That is how a setting is changed; the address stays all the same."""
    environ(TUNING="all", MEMORY="2g", PORT="auto")
    reset.main()
    assert testbed.brought is not None
    assert (4701, "2g") == (testbed.brought.port, testbed.brought.memory)
    assert {**KEPT, "TUNING": "all"} == testbed.emulator


def test_aws_is_not_reset(testbed: Testbed, environ: Callable[..., None]) -> None:
    """What is there may be somebody's; what does it is named."""
    environ(TARGET="aws")
    with pytest.raises(TestbedError, match="make destroy"):
        reset.main()
    assert [] == testbed.done


@pytest.mark.usefixtures("environ")
def test_where_none_is_up_none_is_started(
    testbed: Testbed, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody said which target it should be."""
    monkeypatch.setattr(choose, "find", lambda _state_dir: None)
    with pytest.raises(NotRunningError, match="nothing runs from"):
        reset.main()
    assert [] == testbed.done


@pytest.mark.parametrize(
    "wrong",
    [{"DEBUG": "perhaps"}, {"GATEWAY_LISTEN": "0.0.0.0:4566"}],
    ids=lambda wrong: next(iter(wrong)),
)
def test_what_no_start_would_take_is_refused_before_the_end(
    testbed: Testbed, environ: Callable[..., None], wrong: dict[str, str]
) -> None:
    """A mistake costs nobody the testbed that is up."""
    environ(**wrong)
    with pytest.raises(TestbedError, match=next(iter(wrong))):
        reset.main()
    assert [] == testbed.done
