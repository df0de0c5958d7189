"""What SQLite's log must still have: changes that were acknowledged, and are nowhere else yet.

SQLite reads its log up to the first frame that is wrong, which after a crash is right: what follows
was never acknowledged. So it cannot tell a log that was cut, lost, or in which a byte was flipped.
But the log's index, a file beside it, tells how far the log went; and a mark that is there while
the state is in use tells that there has to be a log. What a machine that lost its power had not
synced is in neither of them for sure: the index counts for as long as the machine runs.

The files' formats: https://www.sqlite.org/walformat.html
"""

from __future__ import annotations

import dataclasses
import itertools
import sqlite3
import struct
from pathlib import Path
from typing import Any, Final

from localstack_standalone.persistence.errors import DamagedStateError

LOG: Final = "-wal"
INDEX: Final = "-shm"
MARK: Final = "-open"
# Of a log: magic, version, page size, checkpoints, salts. Of its index: version, unused, changes,
# flags, frames, pages, a frame's checksum, salts.
_LOG_HEAD: Final = struct.Struct(">IIII8s")
_LOG_HEAD_BYTES: Final = 32
_INDEX_HEAD: Final = struct.Struct("=IIIIIIII8s")
_INDEX_HEAD_BYTES: Final = 48
_BOOT: Final = Path("/proc/sys/kernel/random/boot_id")
_UINT32: Final = 2**32


def beside(file: Path, suffix: str) -> Path:
    """The file of SQLite's, or the mark, that belongs to *file*."""
    return file.with_name(file.name + suffix)


@dataclasses.dataclass(frozen=True)
class LogExpectation:
    """What the log of *file* has to have, read before SQLite opens it."""

    file: Path
    frames: int

    @classmethod
    def of(cls, file: Path) -> LogExpectation:
        """What index and mark say.

        Raises:
            DamagedStateError: there has to be a log, or a file, and there is none.
        """
        log, in_use = beside(file, LOG), beside(file, MARK).exists()
        size = log.stat().st_size if log.exists() else 0
        if in_use and not log.exists():
            raise DamagedStateError(f"{log.name} is missing, which had the latest changes")
        if (in_use or size) and (not file.exists() or not file.stat().st_size):
            raise DamagedStateError(f"{file.name} is empty or missing, and its log is not")
        ran_here = in_use and beside(file, MARK).read_text(encoding="ascii") == _boot()
        return cls(file, _frames(beside(file, INDEX), log) if ran_here else 0)

    def check(self, connection: sqlite3.Connection) -> None:
        """See that SQLite has found all of it.

        Raises:
            DamagedStateError: it has not.
        """
        # It tells how many frames it has, while it moves them to the file; -1 where it has no log.
        _, found, _ = connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
        readable = max(0, found)
        if readable < self.frames:
            name = beside(self.file, LOG).name
            raise DamagedStateError(f"of {self.frames} pages in {name} {readable} can be read")


def mark(file: Path) -> None:
    """Say that *file* is in use: from now on there has to be a log."""
    beside(file, MARK).touch(mode=0o600)
    beside(file, MARK).write_text(_boot(), encoding="ascii")


def unmark(file: Path) -> None:
    """Say that all is in *file*, or that nobody changes it any more."""
    beside(file, MARK).unlink(missing_ok=True)


def _boot() -> str:
    """What tells this run of the machine from others; nothing where the system does not say."""
    try:
        return _BOOT.read_text(encoding="ascii").strip()
    except OSError:
        return ""


def _frames(index: Path, log: Path) -> int:
    """How many the index knows of, 0 where it is of another log."""
    known = _index(index)
    if known is None:
        return 0
    frames: int = known[4]
    head = _first(log, _LOG_HEAD_BYTES)
    # A log that was begun anew has other salts, and a head that is whole.
    begun_anew = _is_whole(head) and _LOG_HEAD.unpack_from(head)[-1] != known[-1]
    return 0 if begun_anew else frames


def _index(index: Path) -> tuple[Any, ...] | None:
    """What an index begins with, twice; None while that is being written."""
    head = _first(index, 2 * _INDEX_HEAD_BYTES)
    one, two = head[:_INDEX_HEAD_BYTES], head[_INDEX_HEAD_BYTES:]
    return _INDEX_HEAD.unpack_from(one) if one == two and len(two) == _INDEX_HEAD_BYTES else None


def _first(file: Path, size: int) -> bytes:
    """Its first bytes, none where it is not there."""
    try:
        with file.open("rb") as opened:
            return opened.read(size)
    except FileNotFoundError:
        return b""


def _is_whole(head: bytes) -> bool:
    """Whether the head of a log has the checksum that it says."""
    if len(head) < _LOG_HEAD_BYTES:
        return False
    *words, first, second = struct.unpack(">8I", head)
    if not words[0] & 1:  # its magic number tells in which order the checksum reads
        words = list(struct.unpack("<6I", head[:24]))
    one = two = 0
    for low, high in itertools.batched(words, 2, strict=True):
        one = (one + low + two) % _UINT32
        two = (two + high + one) % _UINT32
    return (one, two) == (first, second)
