from __future__ import annotations

from pathlib import Path

import pytest

from localstack_standalone.launcher import record
from localstack_standalone.launcher.errors import OtherPortError, OtherSettingsError
from localstack_standalone.launcher.record import Record

RECORD = Record("embedded", 4600, {"pid": 7, "created": 1.5}, {"TUNING": "off"})


def test_it_is_read_as_it_was_written(tmp_path: Path) -> None:
    """What one command writes, the next one finds; and nothing once it is forgotten."""
    record.write(tmp_path, RECORD)
    assert RECORD == record.read(tmp_path)
    assert ("http://127.0.0.1:4600", 7) == (RECORD.endpoint, RECORD.pid)
    assert ["emulator.json"] == [entry.name for entry in tmp_path.iterdir()]
    record.forget(tmp_path)
    record.forget(tmp_path)
    assert record.read(tmp_path) is None


@pytest.mark.parametrize("content", ["", "{", "[]", '{"port": 1}'])
def test_one_that_cannot_be_read_is_none(tmp_path: Path, content: str) -> None:
    """A half-written file does not stop anybody."""
    (tmp_path / record.FILE_NAME).write_text(content, encoding="utf-8")
    assert record.read(tmp_path) is None


@pytest.mark.parametrize("port", [None, 4600])
@pytest.mark.parametrize("settings", [{}, {"TUNING": "off"}])
def test_what_it_has_is_kept(port: int | None, settings: dict[str, str], tmp_path: Path) -> None:
    """Settings that it was started with beside those do not matter."""
    RECORD.refuse_other(tmp_path, port, settings)


def test_what_it_has_not_is_refused(tmp_path: Path) -> None:
    """A running emulator does not change; the error has what it is about."""
    with pytest.raises(OtherPortError, match="up on port 4600 already") as other_port:
        RECORD.refuse_other(tmp_path, 4601, {})
    assert (tmp_path, 4600) == (other_port.value.state_dir, other_port.value.port)
    with pytest.raises(OtherSettingsError, match="without TUNING=all, DEBUG=1") as other:
        RECORD.refuse_other(tmp_path, None, {"TUNING": "all", "DEBUG": "1"})
    assert ("TUNING=all", "DEBUG=1") == other.value.named
