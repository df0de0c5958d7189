"""The store of what is kept: one SQLite file, written ahead of every answer.

In WAL mode with ``synchronous=FULL`` a commit is one append and one fsync of the log. Whoever needs
its change on disk commits all that is waiting, for everybody: a burst of requests shares a commit,
and no thread waits for another's turn to run. What nobody waits for, such as the events of an
execution, is written along, or by the flusher after FLUSH_S.

A change that could not be written stays waiting: the next commit that succeeds has it.
"""

from __future__ import annotations

import contextlib
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from localstack_standalone.persistence.errors import (
    DamagedStateError,
    ForeignStateError,
    NotSavedError,
    OtherVersionError,
)

FORMAT: Final = 1
# "LSSA", so that another program's database is not taken for ours (SQLite's application_id).
APPLICATION: Final = 0x4C535341
FILE: Final = "state.db"
FLUSH_S: Final = 0.05
# How much the log grows before its pages are moved to the file, in pages of 4 KiB.
CHECKPOINT_PAGES: Final = 4_000
_NEXT_KIND: Final = "SELECT min(kind) FROM record WHERE kind > ?"
_UPPER: Final = "\U0010ffff"  # behind every key that begins like another

type _Key = tuple[str, str]


class Journal:
    """Records by kind and key, in the file `FILE` of *folder*.

    Raises:
        DamagedStateError: SQLite cannot read what is there.
        ForeignStateError: it is another program's.
        OtherVersionError: another version's.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.path: Final = folder / FILE
        self._waiting: dict[_Key, bytes | None] = {}
        self._queue_lock = threading.Lock()
        self._commit_lock = threading.Lock()
        self._queued = self._saved = 0
        self._ended = threading.Event()
        self._work = threading.Event()
        self._connection = self._open()
        self._flusher = threading.Thread(target=self._flush, name="state-flusher", daemon=True)
        self._flusher.start()

    def put(self, kind: str, key: str, body: bytes) -> None:
        """Have *body* written as the record *key*; `settle` says when it is."""
        self._queue((kind, key), body)

    def remove(self, kind: str, key: str) -> None:
        """Have the record *key* removed, if there is one."""
        self._queue((kind, key), None)

    def remove_all(self, kind: str, prefix: str) -> None:
        """Have all records removed whose keys begin with *prefix*, in one with all that waits."""
        for key, _ in self.entries(kind, prefix, bodies=False):
            self.remove(kind, key)

    def settle(self) -> None:
        """Return when all that was queued before is on disk.

        Raises:
            NotSavedError: the disk did not take it.
        """
        with self._queue_lock:
            ticket = self._queued
        if self._saved >= ticket:
            return
        with self._commit_lock:
            if self._saved < ticket:  # whoever had the lock may have written this too
                self._commit()

    def entries(
        self, kind: str, prefix: str = "", *, bodies: bool = True
    ) -> Iterator[tuple[str, bytes]]:
        """The records of *kind* whose keys begin with *prefix*, by key, those that wait too.

        Raises:
            DamagedStateError: SQLite cannot read them.
            NotSavedError: what waits could not be written.
        """
        self.settle()
        chosen = "body" if bodies else "x''"
        with self._reading():
            rows = self._connection.execute(
                f"SELECT key, {chosen} FROM record "  # noqa: S608 - one of two constants
                "WHERE kind = ? AND key >= ? AND key < ? ORDER BY key",
                (kind, prefix, prefix + _UPPER),
            ).fetchall()
        yield from rows

    def get(self, kind: str, key: str) -> bytes | None:
        """The record *key*, None if there is none; one that waits counts.

        Raises:
            DamagedStateError: SQLite cannot read it.
        """
        with self._queue_lock:
            if (kind, key) in self._waiting:
                return self._waiting[kind, key]
        with self._reading():
            found = self._connection.execute(
                "SELECT body FROM record WHERE kind = ? AND key = ?", (kind, key)
            ).fetchone()
        return None if found is None else bytes(found[0])

    def kinds(self) -> list[str]:
        """Each kind of which there is a record on disk.

        Raises:
            DamagedStateError: SQLite cannot read them.
        """
        found, last = [], ""
        with self._reading():
            # One step a kind: DISTINCT would look at every record.
            while (row := self._connection.execute(_NEXT_KIND, (last,)).fetchone())[0] is not None:
                [last] = row
                found.append(last)
        return found

    def clear(self) -> None:
        """Remove every record, at once.

        Raises:
            NotSavedError: the disk did not take it.
        """
        with self._commit_lock, self._queue_lock:
            self._waiting.clear()
            try:
                self._connection.execute("DELETE FROM record")
            except sqlite3.Error as error:
                raise NotSavedError(self.path, str(error)) from error
            self._saved = self._queued

    def copy_to(self, target: Path) -> None:
        """Write all that is on disk to the new file *target*, compacted."""
        self.settle()
        with self._commit_lock:
            self._connection.execute("VACUUM INTO ?", (str(target),))

    def close(self) -> None:
        """Write what waits, and end."""
        self._ended.set()
        self._work.set()
        self._flusher.join()
        with contextlib.suppress(NotSavedError):
            self.settle()
        with self._commit_lock:
            self._connection.close()

    def _queue(self, key: _Key, body: bytes | None) -> None:
        with self._queue_lock:
            self._waiting[key] = body
            self._queued += 1
        self._work.set()

    def _commit(self) -> None:
        """Write all that waits; whoever calls has the lock for that."""
        with self._queue_lock:
            batch, self._waiting = self._waiting, {}
            ticket = self._queued
        put = [(*key, body) for key, body in batch.items() if body is not None]
        gone = [key for key, body in batch.items() if body is None]
        try:
            self._connection.execute("BEGIN")
            self._connection.executemany("INSERT OR REPLACE INTO record VALUES (?, ?, ?)", put)
            self._connection.executemany("DELETE FROM record WHERE kind = ? AND key = ?", gone)
            self._connection.execute("COMMIT")
        except (sqlite3.Error, OSError) as error:
            with contextlib.suppress(sqlite3.Error):
                self._connection.execute("ROLLBACK")
            with self._queue_lock:  # what was queued since is newer
                self._waiting = batch | self._waiting
            raise NotSavedError(self.path, str(error)) from error
        self._saved = ticket

    def _flush(self) -> None:
        while not self._ended.is_set():
            self._work.wait()
            self._ended.wait(FLUSH_S)
            self._work.clear()
            # Whoever waits for a change is told; the flusher tries again with the next.
            with contextlib.suppress(NotSavedError):
                self.settle()

    @contextlib.contextmanager
    def _reading(self) -> Iterator[None]:
        with self._commit_lock:
            try:
                yield
            except sqlite3.DatabaseError as error:
                raise DamagedStateError(str(error)) from error

    def _open(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self.path, isolation_level=None, check_same_thread=False)
        try:
            if _is_empty(connection):
                self.path.chmod(0o600)
                _begin(connection)
            else:
                _recognize(connection)
            _configure(connection)
        except BaseException as error:
            connection.close()
            if isinstance(error, sqlite3.DatabaseError):
                raise DamagedStateError(str(error)) from error
            raise
        return connection


def _is_empty(connection: sqlite3.Connection) -> bool:
    """Whether nothing was written to it: it is new, or its first write was interrupted."""
    [count] = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    return int(count) == 0


def _begin(connection: sqlite3.Connection) -> None:
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("BEGIN")
    connection.execute(f"PRAGMA application_id = {APPLICATION}")
    connection.execute(f"PRAGMA user_version = {FORMAT}")
    connection.execute(
        "CREATE TABLE record (kind TEXT, key TEXT, body BLOB NOT NULL, PRIMARY KEY (kind, key))"
        " WITHOUT ROWID"
    )
    connection.execute("COMMIT")


def _recognize(connection: sqlite3.Connection) -> None:
    [application] = connection.execute("PRAGMA application_id").fetchone()
    if application != APPLICATION:
        raise ForeignStateError(f"a database of another program (application_id {application})")
    [found] = connection.execute("PRAGMA user_version").fetchone()
    if found != FORMAT:
        raise OtherVersionError(found, FORMAT)
    [verdict] = connection.execute("PRAGMA quick_check(1)").fetchone()
    if verdict != "ok":
        raise DamagedStateError(verdict)


def _configure(connection: sqlite3.Connection) -> None:
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute(f"PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES}")
