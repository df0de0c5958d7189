"""One crash beside other work, whoever asks for it."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

from localstack_standalone.launcher.record import Record
from targets import crash
from testbed.errors import EmulatorError

if TYPE_CHECKING:
    import pytest

KNOWN = Record("embedded", 4566, {"pid": 1, "created": 0.0})


def test_it_crashes_once_though_many_ask_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    happened: list[Path] = []
    everyone = threading.Barrier(16)
    failures: list[RuntimeError] = []

    def ask() -> None:
        everyone.wait(timeout=10)
        try:
            made.begin()
        except RuntimeError as error:
            failures.append(error)

    monkeypatch.setattr(crash, "crash", lambda state_dir, _known: happened.append(state_dir))
    made = crash.Crash(tmp_path, KNOWN)
    with made:
        assert not made.is_over
        askers = [threading.Thread(target=ask) for _ in range(16)]
        for asker in askers:
            asker.start()
        for asker in askers:
            asker.join(timeout=10)
    assert (failures, happened, made.is_over) == ([], [tmp_path], True)


def test_why_it_did_not_come_up_again_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: Any) -> None:
        raise EmulatorError("its port is taken")

    monkeypatch.setattr(crash, "crash", fails)
    made = crash.Crash(tmp_path, KNOWN)
    with made:
        made.begin()
    assert "its port is taken" in str(made.failure)
    assert made.is_over
