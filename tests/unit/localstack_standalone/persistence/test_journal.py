"""The store: what `settle` says is written is there after the process is killed."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from localstack_standalone.persistence.errors import (
    DamagedStateError,
    ForeignStateError,
    OtherVersionError,
)
from localstack_standalone.persistence.journal import FILE, FORMAT, Journal


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    made = Journal(tmp_path)
    yield made
    made.close()


def test_records_by_kind_and_key(journal: Journal) -> None:
    journal.put("a", "2", b"two")
    journal.put("a", "1", b"one")
    journal.put("a", "10", b"ten")
    journal.put("b", "1", b"other")
    assert list(journal.entries("a")) == [("1", b"one"), ("10", b"ten"), ("2", b"two")]
    assert list(journal.entries("a", "1")) == [("1", b"one"), ("10", b"ten")]
    assert journal.get("b", "1") == b"other"
    assert journal.get("b", "2") is None
    assert journal.kinds() == ["a", "b"]


def test_what_waits_is_read_before_it_is_written(journal: Journal) -> None:
    journal.put("a", "1", b"one")
    assert journal.get("a", "1") == b"one"
    journal.remove("a", "1")
    assert journal.get("a", "1") is None


def test_the_last_change_counts(tmp_path: Path, journal: Journal) -> None:
    journal.put("a", "1", b"one")
    journal.put("a", "2", b"two")
    journal.settle()
    journal.put("a", "1", b"another")
    journal.remove("a", "2")
    journal.settle()
    journal.close()
    assert list(Journal(tmp_path).entries("a")) == [("1", b"another")]


def test_all_of_a_prefix_go_together(journal: Journal) -> None:
    for key in ("x/1", "x/2", "xy", "z"):
        journal.put("a", key, b"")
    journal.remove_all("a", "x/")
    assert [key for key, _ in journal.entries("a")] == ["xy", "z"]


def test_what_nobody_waits_for_is_written_soon(tmp_path: Path, journal: Journal) -> None:
    journal.put("a", "1", b"one")
    written = threading.Event()

    def look() -> None:
        reader = sqlite3.connect(tmp_path / FILE)
        while not written.is_set():
            if reader.execute("SELECT count(*) FROM record").fetchone() == (1,):
                written.set()
        reader.close()

    threading.Thread(target=look, daemon=True).start()
    assert written.wait(timeout=10)


def test_many_threads_share_commits_and_each_is_told_the_truth(
    tmp_path: Path, journal: Journal
) -> None:
    def write(thread: int) -> None:
        reader = sqlite3.connect(tmp_path / FILE)
        for number in range(50):
            journal.put("a", f"{thread}/{number}", b"x")
            journal.settle()
            key = f"{thread}/{number}"
            found = reader.execute("SELECT body FROM record WHERE key = ?", (key,)).fetchone()
            missing.extend([] if found else [key])
        reader.close()

    missing: list[str] = []
    threads = [threading.Thread(target=write, args=(each,)) for each in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert missing == []


WRITER = """
import pathlib, sys
from localstack_standalone.persistence.journal import Journal

journal = Journal(pathlib.Path(sys.argv[1]))
for number in range(100_000):
    journal.put("a", f"{number:06}", b"x" * 100)
    journal.settle()
    print(number, flush=True)
"""


def test_what_is_settled_survives_a_kill(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", WRITER, str(tmp_path)], stdout=subprocess.PIPE, text=True
    ) as writer:
        assert writer.stdout is not None
        acknowledged = [int(writer.stdout.readline()) for _ in range(300)]
        writer.send_signal(signal.SIGKILL)
    keys = {key for key, _ in Journal(tmp_path).entries("a")}
    assert {f"{number:06}" for number in acknowledged} <= keys


def test_clear_empties_it(journal: Journal) -> None:
    journal.put("a", "1", b"one")
    journal.settle()
    journal.put("a", "2", b"two")
    journal.clear()
    assert journal.kinds() == []


def test_a_copy_is_whole(tmp_path: Path, journal: Journal) -> None:
    journal.put("a", "1", b"one")
    (tmp_path / "other").mkdir()
    journal.copy_to(tmp_path / "other" / FILE)
    assert list(Journal(tmp_path / "other").entries("a")) == [("1", b"one")]


def test_only_its_owner_may_read_it(tmp_path: Path, journal: Journal) -> None:
    assert journal.path.stat().st_mode & 0o077 == 0
    assert Journal(tmp_path / "new").path.parent.stat().st_mode & 0o077 == 0


def test_a_first_write_that_was_interrupted_is_nothing(tmp_path: Path) -> None:
    (tmp_path / FILE).touch()
    assert Journal(tmp_path).kinds() == []


def test_the_database_of_another_program_is_not_taken(tmp_path: Path) -> None:
    other = sqlite3.connect(tmp_path / FILE)
    other.execute("CREATE TABLE theirs (a)")
    other.commit()
    other.close()
    with pytest.raises(ForeignStateError, match="another program"):
        Journal(tmp_path)


def test_another_format_is_refused_by_number(tmp_path: Path) -> None:
    Journal(tmp_path).close()
    newer = sqlite3.connect(tmp_path / FILE)
    newer.execute(f"PRAGMA user_version = {FORMAT + 1}")
    newer.commit()
    newer.close()
    with pytest.raises(OtherVersionError, match=f"format {FORMAT + 1}, .* format {FORMAT}"):
        Journal(tmp_path)


def test_what_is_no_database_is_damaged(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"nothing of SQLite's" * 1000)
    with pytest.raises(DamagedStateError):
        Journal(tmp_path)
