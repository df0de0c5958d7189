"""CloudWatch closes its database when it has asked it.

``with sqlite3.connect(…)`` ends a transaction, and not the connection (Python's documentation of
sqlite3, "How to use the connection context manager"): LocalStack keeps each until the garbage
collector finds it, a hundred descriptors at a time.
"""

from __future__ import annotations

import functools
import sqlite3
from types import ModuleType, TracebackType
from typing import Literal


class ClosingConnection(sqlite3.Connection):
    """A connection that is closed at the end of its block."""

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> Literal[False]:
        """Commit or roll back as any connection does, then close."""
        try:
            return super().__exit__(kind, error, traceback)
        finally:
            self.close()


class _Sqlite3(ModuleType):
    """The module sqlite3 with another ``connect``."""

    connect = staticmethod(functools.partial(sqlite3.connect, factory=ClosingConnection))

    def __getattr__(self, name: str) -> object:
        return getattr(sqlite3, name)


def tune(target: ModuleType) -> None:
    """Give *target*, CloudWatch's database, connections that close."""
    target.sqlite3 = _Sqlite3("sqlite3")  # type: ignore[attr-defined]
