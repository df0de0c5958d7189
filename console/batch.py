"""Many images that one page sends: how each stands, and what those that failed have in common.

The browser sends the files a few at a time (`static/many.js`), `batch_routes` takes them, and the
page `many` draws what is here. Nothing of NiceGUI, of HTTP or of AWS is in this module.
"""

from __future__ import annotations

import collections
import dataclasses
import enum
from typing import TYPE_CHECKING, Final

from client import submit
from console import execution_groups
from console.execution_groups import GroupKind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from client.many import ImageOutcome

MOST_FILES: Final = 1_000
# As much as the function reads of one object (docs/image-function.md).
MOST_BYTES: Final = submit.MOST_BYTES
NOT_SENT: Final = "NOT_SENT"
"""The code of what never reached the pipeline."""


class ItemState(enum.StrEnum):
    """How an image stands."""

    WAITING = "waiting"
    WORKING = "working"
    DONE = "done"
    FAILED = "failed"


@dataclasses.dataclass(frozen=True, kw_only=True)
class BatchItem:
    """One image of a batch.

    Attributes:
        number: from 1.
        key: of its object: the file's name, with the folders that it came in.
        state: how it stands.
        again: how often it was run again.
        sendable: whether it can be sent at all.
        stored: whether it is in the bucket of originals: to run it again, nothing is uploaded.
        execution: the name of its last execution, if there was one.
        code: of what went wrong; empty where nothing did.
        cause: that in words, likewise.
    """

    number: int
    key: str
    state: ItemState = ItemState.WAITING
    again: int = 0
    sendable: bool = True
    stored: bool = False
    execution: str | None = None
    code: str = ""
    cause: str = ""


@dataclasses.dataclass(frozen=True)
class FailureGroup:
    """Images that failed for the same reason.

    Attributes:
        code: of the reason.
        causes: what was said of each, without repeats, the most frequent first.
        keys: whose it was.
    """

    code: str
    causes: tuple[str, ...]
    keys: tuple[str, ...]


class Batch:
    """The images of one page, in the order in which they were chosen.

    Attributes:
        group: the name of its executions' group.
        left_out: how many files were not taken: hidden ones, and those over `MOST_FILES`.
    """

    def __init__(self) -> None:
        self.group = execution_groups.new(GroupKind.BATCH)
        self.left_out = 0
        self._items: list[BatchItem] = []

    @property
    def items(self) -> tuple[BatchItem, ...]:
        """All of them."""
        return tuple(self._items)

    def add(self, files: Iterable[tuple[str, int]], *, hidden: int = 0) -> list[int]:
        """Take files of these names and sizes in bytes.

        Returns:
            For each file its number; 0 for one that is not to be sent.
        """
        self.left_out += hidden
        numbers = []
        for name, length_bytes in files:
            if len(self._items) >= MOST_FILES:
                self.left_out += 1
                numbers.append(0)
                continue
            number = len(self._items) + 1
            fits = length_bytes <= MOST_BYTES
            self._items.append(BatchItem(number=number, key=name, sendable=fits))
            if not fits:
                self.not_sent(number, "larger than the 25 MB that the function reads")
            numbers.append(number if fits else 0)
        return numbers

    def begin(self, number: int) -> BatchItem | None:
        """Start with an image; None where it is under way, done, or none of this batch's."""
        item = self._item(number)
        if item is None or item.state in (ItemState.WORKING, ItemState.DONE):
            return None
        if not item.sendable:
            return None
        again = item.again + (item.state is ItemState.FAILED)
        return self._set(
            dataclasses.replace(
                item, state=ItemState.WORKING, again=again, execution=None, code="", cause=""
            )
        )

    def name(self, item: BatchItem) -> str:
        """What the execution of *item* is called."""
        return execution_groups.member(self.group, item.number, item.again)

    def end(self, number: int, outcome: ImageOutcome) -> None:
        """An image is through, well or not; its original is stored."""
        if (item := self._item(number)) is not None:
            self._set(
                dataclasses.replace(
                    item,
                    state=ItemState.FAILED if outcome.code else ItemState.DONE,
                    stored=True,
                    execution=outcome.execution,
                    code=outcome.code,
                    cause=outcome.cause,
                )
            )

    def not_sent(self, number: int, why: str) -> None:
        """An image did not reach the pipeline."""
        item = self._item(number)
        if item is not None and item.state is not ItemState.DONE:
            state = ItemState.FAILED
            self._set(dataclasses.replace(item, state=state, code=NOT_SENT, cause=why))

    def failed(self) -> list[BatchItem]:
        """Those that failed."""
        return [item for item in self._items if item.state is ItemState.FAILED]

    def repeatable(self) -> list[BatchItem]:
        """Those of them that can be run again."""
        return [item for item in self.failed() if item.sendable]

    def count(self, state: ItemState) -> int:
        """How many stand so."""
        return sum(item.state is state for item in self._items)

    @property
    def is_over(self) -> bool:
        """Whether nothing of it is under way or waits."""
        return all(item.state in (ItemState.DONE, ItemState.FAILED) for item in self._items)

    def failures(self) -> list[FailureGroup]:
        """What failed, by its code, the most frequent first."""
        by_code: dict[str, list[BatchItem]] = {}
        for item in self.failed():
            by_code.setdefault(item.code, []).append(item)
        groups = sorted(by_code.items(), key=lambda one: -len(one[1]))
        return [
            FailureGroup(
                code,
                tuple(cause for cause, _ in collections.Counter(_causes(items)).most_common()),
                tuple(item.key for item in items),
            )
            for code, items in groups
        ]

    def _item(self, number: int) -> BatchItem | None:
        return self._items[number - 1] if 1 <= number <= len(self._items) else None

    def _set(self, item: BatchItem) -> BatchItem:
        self._items[item.number - 1] = item
        return item


def _causes(items: Iterable[BatchItem]) -> list[str]:
    return [item.cause for item in items if item.cause]


class OpenBatches:
    """Those whose pages are open, or were a while ago; the oldest are forgotten first."""

    MOST: Final = 50

    def __init__(self) -> None:
        self._batches: dict[str, Batch] = {}

    def new(self) -> Batch:
        """One more."""
        made = Batch()
        self._batches[made.group] = made
        while len(self._batches) > self.MOST:
            del self._batches[next(iter(self._batches))]
        return made

    def get(self, group: str) -> Batch | None:
        """The one whose group is called so."""
        return self._batches.get(group)
