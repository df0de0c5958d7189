"""`make reset` empties what runs; it restarts what has to be, as it was."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from localstack_standalone.launcher.record import Record
from scripts import reset
from targets import choose, kept_state
from targets.base import Running
from testbed import settings
from testbed.errors import NotRunningError, TestbedError
from testbed.settings import Settings

KEPT = {"TUNING": "off", "DEBUG": "1"}


class Testbed:
    """One that is up; tells what is done with it, and with which settings."""

    __test__ = False

    def __init__(self) -> None:
        self.record = Record("docker", 4701, {"project": "p"}, {**KEPT, "MEMORY": "3g"})
        self.running = Running("docker", self.record.endpoint, self.record)
        self.done: list[str] = []
        self.brought: Settings | None = None
        self.emulator: dict[str, str] = {}
        self.silent = False

    def empty(self, _endpoint: str) -> float:
        if self.silent:
            raise NotRunningError("it does not answer")
        self.done.append("empty")
        return 0.1

    def down(self, _state_dir: Path) -> bool:
        self.done.append("down")
        return True

    def start(self, _wanted: Settings) -> Running:
        self.done.append("start")
        self.silent = False
        return self.running

    def fill(self, _started: Running, wanted: Settings) -> None:
        self.done.append("fill")
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
    bed = Testbed()
    monkeypatch.setattr(choose, "find", lambda _state_dir: bed.running)
    monkeypatch.setattr(choose, "down", bed.down)
    monkeypatch.setattr(choose, "start", bed.start)
    monkeypatch.setattr(kept_state, "reset", bed.empty)
    monkeypatch.setattr(reset, "fill", bed.fill)
    return bed


@pytest.mark.usefixtures("environ")
def test_it_goes_on_running(testbed: Testbed) -> None:
    """On its target and its port, with the settings that it was started with."""
    reset.main()
    assert ["empty", "fill"] == testbed.done
    assert testbed.brought is not None
    assert ("docker", 4701, "3g") == (
        testbed.brought.target,
        testbed.brought.port,
        testbed.brought.memory,
    )
    assert KEPT == testbed.emulator


@pytest.mark.usefixtures("environ")
def test_one_that_does_not_answer_is_started_anew(testbed: Testbed) -> None:
    """And emptied then: what it kept is there again."""
    testbed.silent = True
    reset.main()
    assert ["down", "start", "empty", "fill"] == testbed.done


def test_what_is_set_now_goes_before_what_was(
    testbed: Testbed, environ: Callable[..., None]
) -> None:
    """That is how a setting is changed; the address stays all the same."""
    environ(TUNING="all", MEMORY="2g", PORT="auto")
    reset.main()
    assert ["down", "start", "empty", "fill"] == testbed.done
    assert testbed.brought is not None
    assert (4701, "2g") == (testbed.brought.port, testbed.brought.memory)
    assert {**KEPT, "TUNING": "all"} == testbed.emulator


def test_what_is_set_as_it_was_restarts_nothing(
    testbed: Testbed, environ: Callable[..., None]
) -> None:
    environ(DEBUG="1", MEMORY="3g")
    reset.main()
    assert ["empty", "fill"] == testbed.done


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
