from __future__ import annotations

from pathlib import Path

import pytest

from localstack_standalone.launcher.record import Record
from targets import choose, restart
from targets.base import Running
from testbed import settings
from testbed.errors import NotRunningError


@pytest.fixture(autouse=True)
def environ(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    monkeypatch.setattr(settings, "DOTENV", tmp_path / "none")
    for name in ("TARGET", "PORT", "MEMORY", "IMAGE_TAG", "DEBUG", "PERSIST"):
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)
    return monkeypatch


def known(target: str = "embedded", **given: str) -> Record:
    return Record(target, 4701, {"pid": 1, "created": 0.0, "project": "p"}, given)


def test_what_is_set_as_it_was_or_not_at_all_is_no_change(
    environ: pytest.MonkeyPatch,
) -> None:
    assert not restart.changes(known(DEBUG="1"))
    environ.setenv("DEBUG", "1")
    assert not restart.changes(known(DEBUG="1"))
    assert restart.changes(known())


def test_what_only_a_container_has_is_no_change_elsewhere(environ: pytest.MonkeyPatch) -> None:
    environ.setenv("MEMORY", "2g")
    assert restart.changes(known("docker", MEMORY="3g"))
    assert not restart.changes(known("embedded"))


def test_it_keeps_target_port_and_settings() -> None:
    again = restart.as_it_was(known("docker", MEMORY="3g", PERSIST="0"))
    assert ("docker", 4701, "3g") == (again.target, again.port, again.memory)
    assert settings.for_emulator() == {"PERSIST": "0"}


def test_none_is_up(tmp_path: Path, environ: pytest.MonkeyPatch) -> None:
    environ.setattr(choose, "find", lambda _state_dir: None)
    with pytest.raises(NotRunningError, match="nothing runs"):
        restart.find(tmp_path)
    aws = Running("aws")
    environ.setattr(choose, "find", lambda _state_dir: aws)
    with pytest.raises(NotRunningError, match="nothing runs"):
        restart.find(tmp_path)
