"""State that was torn, wherever: it is noticed, none of it is half taken, and all of it is left."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from localstack_standalone.persistence import folder, wal
from localstack_standalone.persistence.errors import DamagedStateError, PersistenceError
from localstack_standalone.persistence.journal import FILE, Journal

RECORDS = 50
KILLED = """
import os, pathlib, signal, sys
from localstack_standalone.persistence.journal import Journal

journal = Journal(pathlib.Path(sys.argv[1]))
for number in range(int(sys.argv[2])):
    journal.put("a", f"{number:04}", bytes(range(256)) * 12)
    journal.settle()
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture(scope="module")
def killed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """As a kill leaves it: all is in the log."""
    made = tmp_path_factory.mktemp("killed")
    subprocess.run([sys.executable, "-c", KILLED, str(made), str(RECORDS)], check=False)
    assert (made / f"{FILE}{wal.LOG}").stat().st_size > RECORDS * 3072
    return made


@pytest.fixture(scope="module")
def closed(tmp_path_factory: pytest.TempPathFactory, killed: Path) -> Path:
    """As a stop leaves it: all is in the file."""
    made = tmp_path_factory.mktemp("closed") / "state"
    shutil.copytree(killed, made)
    Journal(made).close()
    assert [path.name for path in made.iterdir()] == [FILE]
    return made


def torn(state: Path, target: Path, damage: Callable[[Path], object]) -> Path:
    shutil.copytree(state, target)
    damage(target)
    return target


def refused(state: Path) -> PersistenceError:
    """How it is refused, when all of it was read; what is there is as it was."""
    before = {path.name: path.read_bytes() for path in state.iterdir()}
    with pytest.raises(folder.UNREADABLE) as caught:
        read_all(state)
    aside = folder.set_aside(state, caught.value)
    left = {path.name: path.read_bytes() for path in aside.path.iterdir()}
    for name in (FILE + wal.LOG, FILE):
        # (Of a log that is damaged the pages before that may have been moved to the file.)
        if name in before and not (name == FILE and FILE + wal.LOG in before):
            assert left[name] == before[name]
    fresh = Journal(state)
    assert fresh.kinds() == []
    fresh.close()
    return caught.value


def read_all(state: Path) -> list[tuple[str, bytes]]:
    journal = Journal(state)
    try:
        return list(journal.entries("a"))
    finally:
        journal.close()


def flipped(name: str, at: int) -> Callable[[Path], object]:
    def damage(state: Path) -> None:
        data = bytearray((state / name).read_bytes())
        data[at] ^= 0xFF
        (state / name).write_bytes(data)

    return damage


def cut(name: str, size: int) -> Callable[[Path], object]:
    def damage(state: Path) -> None:
        with (state / name).open("r+b") as file:
            file.truncate(size)

    return damage


def without(*names: str) -> Callable[[Path], object]:
    def damage(state: Path) -> None:
        for name in names:
            (state / name).unlink()

    return damage


def test_a_kill_loses_nothing(killed: Path, tmp_path: Path) -> None:
    assert len(read_all(torn(killed, tmp_path / "state", lambda _: None))) == RECORDS


@pytest.mark.parametrize("at", [0, 5, 10, 17, 25, 31, 33, 41, 50, 60_000, -1])
def test_a_byte_of_the_log(killed: Path, tmp_path: Path, at: int) -> None:
    """In its head, in a frame's head, in the first, a middle and the last page."""
    error = refused(torn(killed, tmp_path / "state", flipped(FILE + wal.LOG, at)))
    assert isinstance(error, DamagedStateError)
    assert "pages in state.db-wal" in str(error)


@pytest.mark.parametrize("size", [0, 1, 31, 32, 100, 4152, 60_000])
def test_a_log_that_was_cut(killed: Path, tmp_path: Path, size: int) -> None:
    refused(torn(killed, tmp_path / "state", cut(FILE + wal.LOG, size)))


@pytest.mark.parametrize(
    "names",
    [[FILE + wal.LOG], [FILE + wal.LOG, FILE + wal.INDEX], [FILE]],
    ids="+".join,
)
def test_a_file_that_is_missing(killed: Path, tmp_path: Path, names: list[str]) -> None:
    error = refused(torn(killed, tmp_path / "state", without(*names)))
    assert "missing" in str(error)


def test_an_index_that_is_missing_is_made_anew(killed: Path, tmp_path: Path) -> None:
    assert len(read_all(torn(killed, tmp_path / "state", without(FILE + wal.INDEX)))) == RECORDS


def test_a_log_that_was_begun_anew(tmp_path: Path) -> None:
    """Its index may still be that of the one before."""
    state = tmp_path / "state"
    subprocess.run([sys.executable, "-c", KILLED, str(state), "50"], check=False)
    index = (state / (FILE + wal.INDEX)).read_bytes()
    connection = sqlite3.connect(state / FILE)
    connection.execute("PRAGMA wal_checkpoint(RESTART)")
    connection.execute("DELETE FROM record WHERE key = '0000'")
    connection.commit()
    shutil.copytree(state, tmp_path / "later")
    connection.close()
    (tmp_path / "later" / (FILE + wal.INDEX)).write_bytes(index)
    assert len(read_all(tmp_path / "later")) == RECORDS - 1


@pytest.mark.parametrize(
    ("at", "reason"),
    [
        (0, "damaged"),  # the name of the format
        (20, "damaged"),  # the head: bytes that pages leave free
        (60, "format"),  # user_version
        (68, "another program"),  # application_id
        (100, "damaged"),  # the first page
        (4096, "damaged"),  # the head of a page
        (4100, "damaged"),
        (8200, "checksum"),  # a body
        (50_000, "checksum"),
    ],
)
def test_a_byte_of_the_file(closed: Path, tmp_path: Path, at: int, reason: str) -> None:
    assert reason in str(refused(torn(closed, tmp_path / "state", flipped(FILE, at))))


@pytest.mark.parametrize("size", [0, 1, 100, 4095, 4096, 8192, 50_000])
def test_a_file_that_was_cut(closed: Path, tmp_path: Path, size: int) -> None:
    assert isinstance(refused(torn(closed, tmp_path / "state", cut(FILE, size))), DamagedStateError)


def test_a_file_that_was_emptied_under_its_log(killed: Path, tmp_path: Path) -> None:
    """SQLite would delete the log."""
    assert "is empty" in str(refused(torn(killed, tmp_path / "state", cut(FILE, 0))))
