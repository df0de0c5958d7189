"""Many images of one page, and what those that failed have in common."""

from __future__ import annotations

import pytest

from client.many import ImageOutcome
from console import batch
from console.batch import Batch, ItemState, OpenBatches

CORRUPT = ImageOutcome(execution="e", code="CORRUPT_IMAGE", cause="it is torn")


@pytest.fixture
def three() -> Batch:
    made = Batch()
    assert [1, 2, 3] == made.add([("a.png", 1), ("in/b.png", 2), ("c.png", batch.MOST_BYTES)])
    return made


def test_an_image_goes_from_waiting_to_its_end(three: Batch) -> None:
    """Its execution is named after the batch, the number, and how often it was run."""
    item = three.begin(2)
    assert item is not None
    assert (f"{three.group}-2", ItemState.WORKING) == (three.name(item), item.state)
    three.end(2, ImageOutcome(execution="e"))
    counts = [three.count(one) for one in (ItemState.DONE, ItemState.FAILED, ItemState.WAITING)]
    assert [1, 0, 2] == counts
    assert not three.is_over


def test_an_image_is_not_begun_twice(three: Batch) -> None:
    """While it is under way, when it is done, or where there is none of its number."""
    three.begin(1)
    assert three.begin(1) is None
    three.end(1, ImageOutcome(execution="e"))
    assert three.begin(1) is None
    assert three.begin(0) is None
    assert three.begin(4) is None


def test_what_failed_runs_again_under_another_name(three: Batch) -> None:
    """Its object is there: nothing has to be uploaded; the failure is forgotten."""
    three.begin(1)
    three.end(1, CORRUPT)
    (failed,) = three.failed()
    assert (1, True) == (failed.number, failed.stored)
    item = three.begin(1)
    assert item is not None
    assert (f"{three.group}-1-1", "", None) == (three.name(item), item.code, item.execution)


def test_failures_are_grouped_by_code_the_most_frequent_first(three: Batch) -> None:
    """What was said of several stands once."""
    three.begin(1)
    three.not_sent(1, "the line broke")
    for number in (2, 3):
        three.begin(number)
        three.end(number, CORRUPT)
    corrupt, lost = three.failures()
    assert ("CORRUPT_IMAGE", ("it is torn",)) == (corrupt.code, corrupt.causes)
    assert ("in/b.png", "c.png") == corrupt.keys
    assert (batch.NOT_SENT, ("the line broke",), ("a.png",)) == (lost.code, lost.causes, lost.keys)
    assert three.is_over


def test_what_is_too_large_is_not_sent() -> None:
    """The function would refuse it, after 25 MB and more have gone both ways."""
    made = Batch()
    assert [0, 2] == made.add([("big.png", batch.MOST_BYTES + 1), ("small.png", 1)])
    (refused,) = made.failed()
    assert (batch.NOT_SENT, False) == (refused.code, refused.stored)
    assert "25 MB" in refused.cause
    assert [] == made.repeatable()
    assert made.begin(1) is None


def test_more_files_than_a_batch_takes_are_left_out() -> None:
    """And counted, as hidden ones are."""
    made = Batch()
    numbers = made.add([("a.png", 1)] * (batch.MOST_FILES + 2), hidden=3)
    assert [batch.MOST_FILES, 0, 0] == numbers[-3:]
    assert (batch.MOST_FILES, 5) == (len(made.items), made.left_out)


def test_an_end_of_none_is_nobodys(three: Batch) -> None:
    """Numbers come from a browser."""
    three.end(9, CORRUPT)
    three.not_sent(-1, "why")
    assert [] == three.failed()


def test_what_is_done_does_not_fail_any_more(three: Batch) -> None:
    """A browser that lost the answer says so too late."""
    three.begin(1)
    three.end(1, ImageOutcome(execution="e"))
    three.not_sent(1, "the line broke")
    assert 1 == three.count(ItemState.DONE)


def test_old_batches_are_forgotten() -> None:
    """A console that runs for a term keeps no page's batch for ever."""
    batches = OpenBatches()
    first = batches.new()
    assert first is batches.get(first.group)
    for _ in range(OpenBatches.MOST):
        last = batches.new()
    assert batches.get(first.group) is None
    assert last is batches.get(last.group)
