"""What can go wrong with state on disk; each message says what, where and what to do next."""

from __future__ import annotations

from pathlib import Path


class PersistenceError(Exception):
    """State could not be kept, or not be read."""


class NotSavedError(PersistenceError):
    """What was changed is in memory alone: the disk took no more, or is gone."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(
            f"the change could not be written to {path}: {reason}. It was not acknowledged and may "
            "be lost at a restart; make room there, then repeat the request"
        )


class DamagedStateError(PersistenceError):
    """What is on disk is not what was written."""

    def __init__(self, what: str) -> None:
        super().__init__(f"the state on disk is damaged: {what}")


class OtherVersionError(PersistenceError):
    """The state on disk was written in another format than this version reads."""

    def __init__(self, found: int, known: int) -> None:
        super().__init__(
            f"the state on disk has format {found}, and this version reads format {known}"
        )


class ForeignStateError(PersistenceError):
    """What is there is no state of ours."""


class NotDataError(PersistenceError):
    """Something is to be kept that is no data: a thread, a connection, code."""

    def __init__(self, kind: type) -> None:
        super().__init__(f"{kind.__module__}.{kind.__qualname__} cannot be kept: it is no data")
