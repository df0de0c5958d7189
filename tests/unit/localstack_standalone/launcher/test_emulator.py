from __future__ import annotations

from pathlib import Path

import pytest

from localstack_standalone.launcher import emulator, environ, record, state_folder
from localstack_standalone.launcher.emulator import Installation
from localstack_standalone.launcher.errors import OtherTargetError
from localstack_standalone.launcher.record import Record

NOWHERE = Path("/nowhere/python")


def test_what_a_person_sets_overrides_all_but_the_services(tmp_path: Path) -> None:
    """Those that the emulator must have are told apart: a setting could only leave some out."""
    set_by_hand = {"DEBUG": "1", "LANG": "fr_FR", "SERVICES": "sqs"}
    named = Installation(NOWHERE, {}, ("s3", "sqs"), set_by_hand)
    made = emulator.environment_for(tmp_path, 4600, named)
    assert ("1", "fr_FR", "s3,sqs") == (made["DEBUG"], made["LANG"], made["SERVICES"])
    none_named = Installation(NOWHERE, {}, (), set_by_hand)
    assert "sqs" == emulator.environment_for(tmp_path, 4600, none_named)["SERVICES"]


def test_all_that_it_keeps_is_in_its_folder(tmp_path: Path) -> None:
    """And nothing of the user's environment variables but PATH is there."""
    made = emulator.environment_for(tmp_path, 4600, Installation(NOWHERE, {}))
    folders = ("HOME", "TMPDIR", "XDG_CACHE_HOME", "FILESYSTEM_ROOT", "LOCALSTACK_VOLUME_DIR")
    assert {tmp_path} == {Path(made[name]).parent for name in folders}
    assert "127.0.0.1:4600" == made["GATEWAY_LISTEN"] == made["LOCALSTACK_HOST"]
    assert "USER" not in made


def test_one_that_others_started_is_not_ours_to_stop(tmp_path: Path) -> None:
    """A container, say: it is no process of this machine, and its record stays."""
    record.write(tmp_path, Record("docker", 4600, {"project": "another"}))
    for ask in (emulator.status, emulator.stop):
        with pytest.raises(OtherTargetError, match="started as docker"):
            ask(tmp_path)
    assert record.read(tmp_path) is not None


def test_a_new_log_replaces_both_files(tmp_path: Path) -> None:
    """What is kept of a log is the moved part, then the rest; a new start keeps neither."""
    log = emulator.log_path(tmp_path)
    with pytest.raises(FileNotFoundError):
        emulator.log_text(tmp_path)
    log.write_text("second\n")
    emulator.older_log(log).write_text("first\n")
    assert "first\nsecond\n" == emulator.log_text(tmp_path)
    emulator.begin_log(tmp_path).close()
    assert "" == emulator.log_text(tmp_path)


def test_state_is_kept_where_that_is_asked_for(tmp_path: Path) -> None:
    """In the folder, beside what each start empties."""
    forgetful, keeping = Installation(NOWHERE, {}), Installation(NOWHERE, {}, persist=True)
    assert environ.KEEPS_IN not in emulator.environment_for(tmp_path, 1, forgetful)
    kept = emulator.environment_for(tmp_path, 1, keeping)[environ.KEEPS_IN]
    assert str(tmp_path / state_folder.KEPT) == kept
    assert state_folder.KEPT not in state_folder.OF_AN_EMULATOR
