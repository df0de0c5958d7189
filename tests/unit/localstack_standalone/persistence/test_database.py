"""What a database of ours is, and what is none."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

import pytest

from localstack_standalone.persistence import database
from localstack_standalone.persistence.errors import (
    DamagedStateError,
    ForeignStateError,
    OtherVersionError,
)


@pytest.fixture
def connection() -> Iterator[sqlite3.Connection]:
    made = sqlite3.connect(":memory:", isolation_level=None)
    yield made
    made.close()


def test_what_was_made_is_recognized(connection: sqlite3.Connection) -> None:
    database.make(connection)
    database.recognize(connection)
    database.refuse_damage(connection)


def test_nothing_is_damaged(connection: sqlite3.Connection) -> None:
    with pytest.raises(DamagedStateError, match="empty"):
        database.recognize(connection)


@pytest.mark.parametrize(
    "more",
    [
        "CREATE TABLE other (a)",
        "CREATE VIEW seen AS SELECT * FROM record",
        "CREATE TRIGGER each DELETE ON record BEGIN SELECT 1; END",
        "CREATE INDEX by_body ON record (body)",
        "ALTER TABLE record ADD COLUMN more AS (hex(body))",
    ],
)
def test_more_than_records_is_foreign(connection: sqlite3.Connection, more: str) -> None:
    database.make(connection)
    connection.execute(more)
    with pytest.raises(ForeignStateError, match="other tables, views or triggers"):
        database.recognize(connection)


def test_another_program_and_another_version(connection: sqlite3.Connection) -> None:
    database.make(connection)
    connection.execute("PRAGMA user_version = 7")
    with pytest.raises(OtherVersionError, match="format 7"):
        database.recognize(connection)
    connection.execute("PRAGMA application_id = 1")
    with pytest.raises(ForeignStateError, match="application_id 1"):
        database.recognize(connection)


def test_records_are_counted_by_kind(connection: sqlite3.Connection) -> None:
    """When it began is a record too, and nobody's."""
    database.make(connection)
    database.say_since(connection)
    for key in ("1", "2"):
        connection.execute("INSERT INTO record VALUES ('a', ?, x'00')", (key,))
    assert database.counts(connection) == {"a": 2}


def test_a_checksum_is_of_kind_key_and_body() -> None:
    stored = database.sealed("a", "1", b"body")
    assert database.unsealed("a", "1", stored) == b"body"
    for kind, key, data in (("b", "1", stored), ("a", "2", stored), ("a", "1", stored + b"x")):
        with pytest.raises(DamagedStateError, match=f"checksum .*{kind}: {key}"):
            database.unsealed(kind, key, data)
    with pytest.raises(DamagedStateError):
        database.unsealed("a", "1", b"")
