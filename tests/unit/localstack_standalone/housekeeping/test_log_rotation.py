"""Which file is the log, and what is left of it, decided where LocalStack is."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from testbed import settings

PYTHON = settings.ENVS / "emulator" / "bin" / "python"
IS_OUTPUT = """
import pathlib, sys
from localstack_standalone.housekeeping import log_rotation
sys.exit(not log_rotation.is_output(pathlib.Path(sys.argv[1])))
"""
ROTATE = """
import pathlib, sys
from localstack_standalone.housekeeping import log_rotation
with open(sys.argv[1], "ab") as kept:
    print(log_rotation.rotate(pathlib.Path(sys.argv[1]), int(sys.argv[2])))
    kept.write(b"next")
"""
LONGEST_BYTES = 10


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "emulator.log"


def rotated(log: Path) -> bool:
    """Whether it was; one that has the file open writes ``next`` to it afterwards."""
    done = subprocess.run(
        [PYTHON, "-c", ROTATE, log, str(LONGEST_BYTES)],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return done.stdout.strip() == "True"


def test_a_log_of_the_longest_length_stays(log: Path) -> None:
    """It goes on at its end, and there is no copy."""
    log.write_bytes(b"x" * LONGEST_BYTES)
    assert not rotated(log)
    assert b"x" * LONGEST_BYTES + b"next" == log.read_bytes()
    assert [log] == list(log.parent.iterdir())


def test_a_longer_one_is_copied_and_goes_on_from_its_beginning(log: Path) -> None:
    """Over the older copy; who has the file open goes on writing to it."""
    copy = log.with_name("emulator.log.1")
    copy.write_bytes(b"an older and longer copy")
    log.write_bytes(b"x" * (LONGEST_BYTES + 1))
    assert rotated(log)
    assert (b"next", b"x" * (LONGEST_BYTES + 1)) == (log.read_bytes(), copy.read_bytes())


def test_without_room_for_a_copy_there_is_none(log: Path) -> None:
    """The log is bounded all the same: the lines to come are worth more."""
    log.write_bytes(b"x" * (LONGEST_BYTES + 1))
    log.with_name("emulator.log.1").symlink_to("/dev/full")
    assert rotated(log)
    assert b"next" == log.read_bytes()
    assert [log] == list(log.parent.iterdir())


@pytest.mark.parametrize(("output", "is_log"), [("emulator.log", True), ("other.log", False)])
def test_the_log_is_where_the_output_goes(log: Path, output: str, *, is_log: bool) -> None:
    """A file of its name that something else writes is left alone."""
    log.touch()
    with (log.parent / output).open("ab") as out:
        done = subprocess.run([PYTHON, "-c", IS_OUTPUT, log], stdout=out, timeout=60, check=False)
    assert is_log == (done.returncode == 0)


def test_where_there_is_no_log_nothing_is_one(log: Path) -> None:
    """An emulator in a container writes to its output, and has no such file."""
    done = subprocess.run(
        [PYTHON, "-c", IS_OUTPUT, log], capture_output=True, timeout=60, check=False
    )
    assert (1, b"") == (done.returncode, done.stderr)
