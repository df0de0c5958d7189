"""The store of what is kept: one SQLite file, written ahead of every answer.

In WAL mode a commit is one append to the log, which survives the process; an fsync of the log has
it survive the machine. Whoever needs its change on disk does both for all that is waiting: a burst
of requests shares them, and no thread waits for another's turn to run. What nobody waits for, such
as the events of an execution, is written along, or by the flusher after FLUSH_S, and synced after
SYNC_S. The log is one sequence: what is on disk of it is always all up to some moment.

A change that could not be written stays waiting: the next commit that succeeds has it.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from localstack_standalone.persistence import database, statements, wal
from localstack_standalone.persistence.errors import (
    DamagedStateError,
    ForeignStateError,
    NotSavedError,
    PersistenceError,
    UnusableFolderError,
)

FILE: Final = "state.db"
FLUSH_S: Final = 0.05
# How long what nobody waits for may be in the log and not on disk: a sync of the flusher's holds up
# whoever needs one at that moment.
SYNC_S: Final = 0.5
# How much the log grows before its pages are moved to the file, in pages of 4 KiB.
CHECKPOINT_PAGES: Final = 4_000
_NEXT_KIND: Final = "SELECT min(kind) FROM record WHERE kind > ?"
# Of SQLite's cache, in KiB: with its own 2 MB it reads again what it removes.
_CACHE_KIB: Final = 8 * 1024
# What SQLite says of a file that is not what it wrote; anything else is not the file's fault.
_TORN: Final = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})


class Journal:
    """Records by kind and key, in the file `FILE` of *folder*.

    Raises:
        DamagedStateError: SQLite cannot read what is there.
        ForeignStateError: it is another program's.
        OtherVersionError: another version's.
        UnusableFolderError: this user may not read or write there, or the disk is read-only.
    """

    def __init__(self, folder: Path) -> None:
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            raise UnusableFolderError(folder, str(error)) from error
        self.path: Final = folder / FILE
        self._waiting: dict[statements.Key, bytes | None] = {}
        # Ranges whose records go before those that wait are written.
        self._ranges: list[statements.Key] = []
        self._queue_lock = threading.Lock()
        self._commit_lock = threading.Lock()
        self._sync_lock = threading.Lock()
        self._later: list[statements.Key] = []
        self._queued = self._saved = self._synced = 0
        self._own = threading.local()  # how far what a thread queued goes
        self._ended = threading.Event()
        self._work = threading.Event()
        self._connection = self._open()
        self._log = os.open(wal.beside(self.path, wal.LOG), os.O_RDWR | os.O_CREAT, 0o600)
        self._flusher = threading.Thread(target=self._flush, name="state-flusher", daemon=True)
        self._flusher.start()

    def put(self, kind: str, key: str, body: bytes) -> None:
        """Have *body* written as the record *key*; `settle` says when it is."""
        self._queue((kind, key), body)

    def remove(self, kind: str, key: str) -> None:
        """Have the record *key* removed, if there is one."""
        self._queue((kind, key), None)

    def remove_later(self, kind: str, key: str) -> None:
        """Have the record *key* removed by the flusher: nobody is told that, or looks for it."""
        with self._queue_lock:
            self._later.append((kind, key))
        self._wake()

    def remove_all(self, kind: str, prefix: str) -> None:
        """Have all records removed whose keys begin with *prefix*, those that wait too."""
        with self._queue_lock:
            for key in [each for each in self._waiting if statements.is_in(each, (kind, prefix))]:
                del self._waiting[key]
            self._ranges.append((kind, prefix))
            self._count()
        self._wake()

    def write(self) -> None:
        """Return when all that was queued before survives this process.

        Raises:
            NotSavedError: the disk did not take it.
        """
        with self._queue_lock:
            ticket = self._queued
        self._write(ticket)

    def settle(self) -> None:
        """Return when all that was queued before is on disk, and survives the machine.

        Raises:
            NotSavedError: the disk did not take it.
        """
        with self._queue_lock:
            ticket = self._queued
        self._settle(ticket)

    def settle_own(self) -> None:
        """The same, of what this thread queued: others may go on meanwhile.

        Raises:
            NotSavedError: the disk did not take it.
        """
        self._settle(getattr(self._own, "ticket", 0))

    def entries(
        self, kind: str, prefix: str = "", *, bodies: bool = True
    ) -> Iterator[tuple[str, bytes]]:
        """The records of *kind* whose keys begin with *prefix*, by key, those that wait too.

        Raises:
            DamagedStateError: SQLite cannot read them.
            NotSavedError: what waits could not be written.
        """
        self.write()
        chosen = "body" if bodies else "NULL"
        with self._reading():
            rows = self._connection.execute(
                f"SELECT key, {chosen} FROM record "  # noqa: S608 - one of two constants
                "WHERE kind = ? AND key >= ? AND key < ? ORDER BY key",
                (kind, prefix, prefix + statements.BEHIND),
            ).fetchall()
        for key, stored in rows:
            yield key, database.unsealed(kind, key, stored) if bodies else b""

    def get(self, kind: str, key: str) -> bytes | None:
        """The record *key*, None if there is none; one that waits counts.

        Raises:
            DamagedStateError: SQLite cannot read it.
        """
        with self._queue_lock:
            if (kind, key) in self._waiting:
                return self._waiting[kind, key]
            if any(statements.is_in((kind, key), each) for each in self._ranges):
                return None
        with self._reading():
            found = self._connection.execute(
                "SELECT body FROM record WHERE kind = ? AND key = ?", (kind, key)
            ).fetchone()
        return None if found is None else database.unsealed(kind, key, found[0])

    def kinds(self) -> list[str]:
        """Each kind of a service's of which there is a record on disk.

        Raises:
            DamagedStateError: SQLite cannot read them.
        """
        found, last = [], ""
        with self._reading():
            # One step a kind: DISTINCT would look at every record.
            while (row := self._connection.execute(_NEXT_KIND, (last,)).fetchone())[0] is not None:
                [last] = row
                found.append(last)
        return [kind for kind in found if kind != database.SINCE[0]]

    def counts(self) -> dict[str, int]:
        """How many records of each kind are on disk.

        Raises:
            DamagedStateError: SQLite cannot read them.
        """
        with self._reading():
            return database.counts(self._connection)

    def since(self) -> str:
        """When this state began, as ISO 8601 has it."""
        return (self.get(*database.SINCE) or b"").decode()

    def size(self) -> int:
        """How many bytes it is on disk."""
        files = (self.path, wal.beside(self.path, wal.LOG))
        return sum(file.stat().st_size for file in files if file.exists())

    def clear(self) -> None:
        """Remove every record, at once.

        Raises:
            NotSavedError: the disk did not take it.
        """
        with self._commit_lock, self._queue_lock:
            self._waiting.clear()
            self._ranges.clear()
            try:
                self._connection.execute("BEGIN")
                self._connection.execute("DELETE FROM record")
                database.say_since(self._connection)
                self._connection.execute("COMMIT")
            except sqlite3.Error as error:
                with contextlib.suppress(sqlite3.Error):
                    self._connection.execute("ROLLBACK")
                raise NotSavedError(self.path, str(error)) from error
            self._saved = self._queued

    def copy_to(self, target: Path) -> None:
        """Write all that is on disk to the new file *target*, compacted.

        Raises:
            NotSavedError: there is no room for it.
        """
        self.write()
        with self._commit_lock:
            try:
                self._connection.execute("VACUUM INTO ?", (str(target),))
            except sqlite3.Error as error:
                raise NotSavedError(target, str(error)) from error

    def close(self) -> None:
        """Write what waits, and end; a second time nothing happens."""
        if self._ended.is_set():
            return
        self._ended.set()
        self._wake()
        self._flusher.join()
        self._remove_later()
        with contextlib.suppress(NotSavedError):
            self.settle()
        with self._commit_lock:
            wal.unmark(self.path)  # closing moves all to the file, and removes the log
            self._connection.close()
            os.close(self._log)

    def _queue(self, key: statements.Key, body: bytes | None) -> None:
        with self._queue_lock:
            self._waiting[key] = body
            self._count()
        self._wake()

    def _count(self) -> None:
        self._queued += 1
        self._own.ticket = self._queued

    def _wake(self) -> None:
        if not self._work.is_set():  # which is cheaper than to set it again
            self._work.set()

    def _write(self, ticket: int) -> None:
        if self._saved >= ticket:
            return
        with self._commit_lock:
            if self._saved < ticket:  # whoever had the lock may have written this too
                self._commit()

    def _settle(self, ticket: int) -> None:
        if self._synced >= ticket:
            return
        self._write(ticket)
        with self._sync_lock:
            if self._synced >= ticket:  # likewise
                return
            written = self._saved
            try:
                os.fdatasync(self._log)
            except OSError as error:
                raise NotSavedError(self.path, str(error)) from error
            self._synced = written

    def _commit(self) -> None:
        """Write all that waits; whoever calls has the lock for that."""
        with self._queue_lock:
            batch, self._waiting = self._waiting, {}
            ranges, self._ranges = self._ranges, []
            ticket = self._queued
        work = [*statements.removing(ranges), *statements.writing(batch)]
        try:
            if len(work) > 1:  # one alone is its own transaction
                work = [("BEGIN", []), *work, ("COMMIT", [])]
            for statement in work:
                self._connection.execute(*statement)
        except (sqlite3.Error, OSError) as error:
            with contextlib.suppress(sqlite3.Error):
                self._connection.execute("ROLLBACK")
            with self._queue_lock:  # what was queued since is newer
                gone = [
                    key
                    for key in batch
                    if any(statements.is_in(key, each) for each in self._ranges)
                ]
                for key in gone:
                    del batch[key]
                self._waiting = batch | self._waiting
                self._ranges = ranges + self._ranges
            raise NotSavedError(self.path, str(error)) from error
        self._saved = ticket

    def _flush(self) -> None:
        synced = time.monotonic()
        while not self._ended.is_set():
            self._work.wait(SYNC_S if self._synced < self._saved else None)
            self._ended.wait(FLUSH_S)
            self._work.clear()
            # Whoever waits for a change is told; the flusher tries again with the next.
            with contextlib.suppress(NotSavedError):
                self._remove_later()
                self.write()
                if time.monotonic() - synced >= SYNC_S:
                    self.settle()
                    synced = time.monotonic()

    def _remove_later(self) -> None:
        with self._queue_lock:
            later, self._later = self._later, []
        for key in later:
            self._queue(key, None)

    @contextlib.contextmanager
    def _reading(self) -> Iterator[None]:
        with self._commit_lock:
            try:
                yield
            except sqlite3.DatabaseError as error:
                raise DamagedStateError(str(error)) from error

    def _open(self) -> sqlite3.Connection:
        try:
            if self.path.is_dir():
                raise ForeignStateError(f"a folder is where {self.path.name} belongs")
            log = wal.LogExpectation.of(self.path)
            new = not self.path.exists()
            connection = sqlite3.connect(self.path, isolation_level=None, check_same_thread=False)
            try:
                self._prepare(connection, log, new=new)
            except BaseException:
                connection.close()
                raise
        except (sqlite3.Error, OSError) as error:
            raise _fault(self.path, error) from error
        return connection

    def _prepare(
        self, connection: sqlite3.Connection, log: wal.LogExpectation, *, new: bool
    ) -> None:
        # A log that is damaged stays as it is, for whoever looks at it.
        connection.setconfig(sqlite3.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE)
        if new:
            connection.execute("PRAGMA journal_mode = WAL")
            database.make(connection)
            database.say_since(connection)
            self.path.chmod(0o600)
        else:
            log.check(connection)
            database.recognize(connection)
            database.refuse_damage(connection)
        connection.setconfig(sqlite3.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, False)  # noqa: FBT003
        _configure(connection)
        wal.mark(self.path)


def _fault(path: Path, error: sqlite3.Error | OSError) -> PersistenceError:
    """Ours for what SQLite or the system says when the file is opened."""
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_OK) & 0xFF  # without its extension
    if code in _TORN:
        return DamagedStateError(str(error))
    return UnusableFolderError(path, str(error))


def _configure(connection: sqlite3.Connection) -> None:
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")  # `settle` has the log synced
    # Debian's SQLite fills what is free with zeros, and writes that: a page more for each removed.
    connection.execute("PRAGMA secure_delete = OFF")
    connection.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
    connection.execute(f"PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES}")
