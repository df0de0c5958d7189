"""CloudWatch closes its database when it has asked it.

``with sqlite3.connect(…)`` ends a transaction, and not the connection (Python's documentation of
sqlite3, "How to use the connection context manager"): LocalStack keeps each until the garbage
collector finds it, a hundred descriptors at a time.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from types import ModuleType, SimpleNamespace
from typing import Any


@contextlib.contextmanager
def connect(*database: Any, **options: Any) -> Iterator[sqlite3.Connection]:
    """A connection as `sqlite3.connect` makes it, that is closed at the end of its block."""
    with contextlib.closing(sqlite3.connect(*database, **options)) as connection, connection:
        yield connection


def tune(module: ModuleType) -> None:
    """Give *module*, CloudWatch's database, connections that close; it asks for nothing else."""
    module.sqlite3 = SimpleNamespace(connect=connect)  # type: ignore[attr-defined]
