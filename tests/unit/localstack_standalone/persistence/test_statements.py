"""A batch in SQL: few statements, none of which looks at every record."""

from __future__ import annotations

import sqlite3
from contextlib import closing

from localstack_standalone.persistence import database, statements
from localstack_standalone.persistence.statements import Key


def test_a_batch_is_a_statement_for_so_many_rows() -> None:
    """Of each kind that is removed, and of all that is written."""
    batch: dict[Key, bytes | None] = {("a", str(number)): b"x" for number in range(statements.ROWS)}
    assert 1 == len(list(statements.writing(batch)))
    batch |= {("b", "1"): b"x", ("a", "gone"): None, ("a", "too"): None, ("b", "gone"): None}
    assert 4 == len(list(statements.writing(batch)))
    assert [] == list(statements.writing({}))


def test_none_looks_at_every_record() -> None:
    """SQLite says that it searches by the key."""
    gone: dict[Key, bytes | None] = {("a", "1"): None, ("a", "2"): None}
    work = [*statements.removing([("a", "x/")]), *statements.writing(gone)]
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        database.make(connection)
        for text, values in work:
            plan = connection.execute(f"EXPLAIN QUERY PLAN {text}", values).fetchall()
            assert plan[0][-1].startswith("SEARCH record USING PRIMARY KEY"), plan


def test_a_range_has_what_begins_so() -> None:
    """Of its kind."""
    assert statements.is_in(("a", "x/1"), ("a", "x/"))
    assert not statements.is_in(("a", "xy"), ("a", "x/"))
    assert not statements.is_in(("b", "x/1"), ("a", "x/"))
