"""What a batch of changes is in SQL: as few statements as it can be.

Each call of SQLite's gives up the interpreter, and a thread that computes may keep it for 5 ms: a
row a call took up to 40 ms a batch.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from localstack_standalone.persistence import database

ROWS: Final = 64  # in one statement
BEHIND: Final = "\U0010ffff"  # every key that begins like another

type Key = tuple[str, str]
type Statement = tuple[str, list[str | bytes]]


def is_in(key: Key, records: Key) -> bool:
    """Whether *records*, a kind and a prefix, has *key*."""
    return key[0] == records[0] and key[1].startswith(records[1])


def removing(ranges: Iterable[Key]) -> Iterator[Statement]:
    """What removes all records of those ranges, each a kind and a prefix."""
    for kind, prefix in ranges:
        yield (
            "DELETE FROM record WHERE kind = ? AND key >= ? AND key < ?",
            [kind, prefix, prefix + BEHIND],
        )


def writing(batch: Mapping[Key, bytes | None]) -> Iterator[Statement]:
    """What writes the records of *batch*, and removes those that are None."""
    put = [(*key, database.sealed(*key, body)) for key, body in batch.items() if body is not None]
    for rows in itertools.batched(put, ROWS, strict=False):
        values = ", ".join(["(?, ?, ?)"] * len(rows))
        insert = f"INSERT OR REPLACE INTO record VALUES {values}"  # noqa: S608 - marks
        yield insert, list(itertools.chain(*rows))
    gone = sorted(key for key, body in batch.items() if body is None)
    for kind, keys in itertools.groupby(gone, key=lambda each: each[0]):
        for some in itertools.batched((key for _, key in keys), ROWS, strict=False):
            marks = ", ".join("?" * len(some))
            # Not the pairs of both: SQLite would look at every record for these.
            delete = f"DELETE FROM record WHERE kind = ? AND key IN ({marks})"  # noqa: S608 - marks
            yield delete, [kind, *some]
