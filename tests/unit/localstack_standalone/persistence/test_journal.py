"""The store: what `settle` says is written is there after the process is killed."""

from __future__ import annotations

import contextlib
import datetime as dt
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from localstack_standalone.persistence.database import FORMAT
from localstack_standalone.persistence.errors import (
    DamagedStateError,
    ForeignStateError,
    NotSavedError,
    OtherVersionError,
)
from localstack_standalone.persistence.journal import FILE, Journal
from testbed import waiting


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


def test_a_prefix_goes_that_is_on_disk_and_waits(tmp_path: Path, journal: Journal) -> None:
    for key in ("x/1", "x/2", "xy", "z"):
        journal.put("a", key, b"old")
    journal.put("b", "x/1", b"of another kind")
    journal.settle()
    journal.put("a", "x/3", b"waits")
    journal.remove_all("a", "x/")
    journal.put("a", "x/2", b"new")
    assert journal.get("a", "x/1") is None
    assert journal.get("a", "x/2") == b"new"
    assert journal.get("a", "x/3") is None
    journal.settle()
    journal.close()
    reopened = Journal(tmp_path)
    assert list(reopened.entries("a")) == [("x/2", b"new"), ("xy", b"old"), ("z", b"old")]
    assert list(reopened.entries("b")) == [("x/1", b"of another kind")]
    reopened.close()


def test_a_prefix_goes_when_the_disk_takes_it_again(journal: Journal) -> None:
    for key in ("x/1", "z"):
        journal.put("a", key, b"old")
    journal.settle()
    journal.put("a", "x/2", b"before")
    with refusing(journal):
        journal.remove_all("a", "x/1")
        with pytest.raises(NotSavedError):
            journal.write()
        journal.put("a", "x/1", b"anew")
        journal.put("a", "x/3", b"behind")
        journal.remove_all("a", "x/2")
    assert list(journal.entries("a")) == [("x/1", b"anew"), ("x/3", b"behind"), ("z", b"old")]


def test_a_prefix_goes_that_was_being_written_in_vain(
    journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Full:
        def execute(self, statement: str, *_: object) -> None:
            if statement != "ROLLBACK":
                journal.remove_all("a", "x/")
            raise sqlite3.OperationalError("the disk is full")

    journal.put("a", "x/1", b"before")
    journal.put("a", "z", b"before")
    with monkeypatch.context() as patched:
        patched.setattr(journal, "_connection", Full())
        with pytest.raises(NotSavedError, match="the disk is full"):
            journal.write()
    assert list(journal.entries("a")) == [("z", b"before")]


def test_more_than_one_statement_holds_come_and_go(journal: Journal) -> None:
    names = [f"{number:03}" for number in range(200)]
    for kind in ("a", "b"):
        for name in names:
            journal.put(kind, name, name.encode())
    journal.settle()
    for name in names[::2]:
        journal.remove("a", name)
        journal.remove("b", name)
    for name in names[:4]:
        journal.put("a", name, b"new")
    journal.settle()
    new = [(name, b"new") for name in names[:4]]
    left = [(name, name.encode()) for name in names[1::2]]
    assert list(journal.entries("a")) == new + left[2:]
    assert list(journal.entries("b")) == left


def test_what_is_removed_later_goes_soon(tmp_path: Path, journal: Journal) -> None:
    journal.put("a", "1", b"one")
    journal.settle()
    journal.remove_later("a", "1")
    waiting.until(
        lambda: (not list(journal.entries("a")) or None, "it is there"), "its end", timeout_s=10
    )
    journal.put("a", "2", b"two")
    journal.settle()
    journal.remove_later("a", "2")
    journal.close()
    assert list(Journal(tmp_path).entries("a")) == []


def test_a_thread_waits_for_its_own_alone(journal: Journal) -> None:
    journal.put("a", "1", b"one")
    journal.settle_own()
    other = threading.Thread(target=lambda: journal.put("a", "2", b"of another"))
    other.start()
    other.join()
    with refusing(journal):
        journal.settle_own()  # there is nothing to write for it
        journal.put("a", "3", b"own")
        with pytest.raises(NotSavedError):
            journal.settle_own()
    journal.settle_own()
    assert [key for key, _ in journal.entries("a")] == ["1", "2", "3"]


@contextlib.contextmanager
def refusing(journal: Journal) -> Iterator[None]:
    """Nothing can be written, as on a disk that is full."""
    connection = journal._connection  # noqa: SLF001 - another's lock is waited for five seconds
    connection.execute("PRAGMA query_only = ON")
    yield
    connection.execute("PRAGMA query_only = OFF")


def test_what_nobody_waits_for_is_written_soon(tmp_path: Path, journal: Journal) -> None:
    journal.put("a", "1", b"one")
    written = threading.Event()

    def look() -> None:
        reader = sqlite3.connect(tmp_path / FILE)
        while not written.is_set():
            if reader.execute("SELECT count(*) FROM record WHERE kind = 'a'").fetchone() == (1,):
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


def test_an_empty_file_is_damaged(tmp_path: Path) -> None:
    """Its first write was interrupted, or all in it is gone: nobody can tell."""
    (tmp_path / FILE).touch()
    with pytest.raises(DamagedStateError, match="empty"):
        Journal(tmp_path)


def test_it_knows_since_when_and_how_much(journal: Journal) -> None:
    since = dt.datetime.fromisoformat(journal.since())
    assert dt.timedelta(0) <= dt.datetime.now(dt.UTC) - since < dt.timedelta(minutes=1)
    journal.put("a", "1", b"x" * 10_000)
    journal.settle()
    assert journal.counts() == {"a": 1}
    assert journal.size() > 10_000
    journal.clear()
    assert journal.counts() == {}
    assert dt.datetime.fromisoformat(journal.since()) >= since


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
