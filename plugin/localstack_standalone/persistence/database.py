"""What a database of ours looks like: one table of records, each with a checksum, and nothing else.

SQLite looks at the structure of its file, and not at what is in it: that is what checksums are for.
"""

from __future__ import annotations

import datetime as dt
import sqlite3
import zlib
from typing import Final

from localstack_standalone.persistence.errors import (
    DamagedStateError,
    ForeignStateError,
    OtherVersionError,
)

FORMAT: Final = 1
# "LSSA", so that another program's database is not taken for ours (SQLite's application_id).
APPLICATION: Final = 0x4C535341
SCHEMA: Final = (
    "CREATE TABLE record (kind TEXT, key TEXT, body BLOB NOT NULL, PRIMARY KEY (kind, key))"
    " WITHOUT ROWID"
)
# Since when there is this state; no service's.
SINCE: Final = ("state", "since")
_CHECKSUM_BYTES: Final = 4


def sealed(kind: str, key: str, body: bytes) -> bytes:
    """What is written of a record: a checksum, and its body."""
    return _checksum(kind, key, body) + body


def unsealed(kind: str, key: str, stored: bytes) -> bytes:
    """The body of a record.

    Raises:
        DamagedStateError: its checksum is another one.
    """
    body = stored[_CHECKSUM_BYTES:]
    if stored[:_CHECKSUM_BYTES] != _checksum(kind, key, body):
        name = key.replace("\0", "/")
        raise DamagedStateError(f"the checksum of a record is wrong ({kind}: {name})")
    return body


def _checksum(kind: str, key: str, body: bytes) -> bytes:
    return zlib.crc32(body, zlib.crc32(f"{kind}\0{key}".encode())).to_bytes(_CHECKSUM_BYTES)


def make(connection: sqlite3.Connection) -> None:
    """Make an empty database one of ours, without any record."""
    connection.execute("BEGIN")
    connection.execute(f"PRAGMA application_id = {APPLICATION}")
    connection.execute(f"PRAGMA user_version = {FORMAT}")
    connection.execute(SCHEMA)
    connection.execute("COMMIT")


def say_since(connection: sqlite3.Connection) -> None:
    """Write when it began: now."""
    now = dt.datetime.now(dt.UTC).isoformat(timespec="seconds").encode()
    put = (*SINCE, sealed(*SINCE, now))
    connection.execute("INSERT INTO record VALUES (?, ?, ?)", put)


def counts(connection: sqlite3.Connection) -> dict[str, int]:
    """How many records of each kind of a service's state there are."""
    rows = connection.execute("SELECT kind, count(*) FROM record GROUP BY kind")
    return {kind: number for kind, number in rows if kind != SINCE[0]}


def recognize(connection: sqlite3.Connection) -> None:
    """See that a database is one of ours, of this version.

    Raises:
        DamagedStateError: it has nothing in it.
        ForeignStateError: it is another program's, or has what ours never have.
        OtherVersionError: it is another version's.
    """
    if connection.execute("SELECT count(*) FROM sqlite_schema").fetchone() == (0,):
        raise DamagedStateError(
            "it is empty: its first write was interrupted, or all of it is gone"
        )
    [application] = connection.execute("PRAGMA application_id").fetchone()
    if application != APPLICATION:
        raise ForeignStateError(f"a database of another program (application_id {application})")
    [found] = connection.execute("PRAGMA user_version").fetchone()
    if found != FORMAT:
        raise OtherVersionError(found, FORMAT)
    schema = connection.execute("SELECT type, name, sql FROM sqlite_schema").fetchall()
    if schema != [("table", "record", SCHEMA)]:
        raise ForeignStateError("a database with other tables, views or triggers than ours")


def refuse_damage(connection: sqlite3.Connection) -> None:
    """Have SQLite look at all of it.

    Raises:
        DamagedStateError: something is not what was written.
    """
    [verdict] = connection.execute("PRAGMA quick_check(1)").fetchone()
    if verdict != "ok":
        raise DamagedStateError(verdict)
