"""The page Many images, drawn without a browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from client.many import ImageOutcome
from console.batch import Batch, OpenBatches
from console.pages import many
from tests.support.shown import MARKUP, Reader, read

if TYPE_CHECKING:
    from console.watch import WatchedTestbed


@pytest.fixture
def shown_batch(monkeypatch: pytest.MonkeyPatch) -> Batch:
    """The one that the page draws."""
    batches = OpenBatches()
    batch = batches.new()
    monkeypatch.setattr(batches, "new", lambda: batch)
    monkeypatch.setattr(many, "BATCHES", batches)
    return batch


def drawn(watch: WatchedTestbed) -> Reader:
    return read(lambda: many.draw(watch))


def test_each_image_has_a_tile_and_what_failed_its_cause(
    watch: WatchedTestbed, shown_batch: Batch
) -> None:
    """The thumbnail of one, code and cause of the other; both lead to their executions."""
    shown_batch.add([("a.png", 1), ("b.png", 1), ("c.png", 1)])
    shown_batch.begin(1)
    shown_batch.end(1, ImageOutcome(execution="e1"))
    shown_batch.begin(2)
    shown_batch.end(2, ImageOutcome(execution="e2", code="EMPTY_OBJECT", cause="it is empty"))
    shown = drawn(watch)
    assert "/executions/e1" in shown.values("href")
    assert "/executions/e2" in shown.values("href")
    assert any("thumb-a.png" in address for address in shown.values("src"))
    assert "it is empty" in shown.text
    assert "The object has no bytes" in shown.text
    assert "2 of 3 through · 1 made · 1 failed · 0 under way · 1 waiting" in shown.text


def test_a_name_is_a_text(watch: WatchedTestbed, shown_batch: Batch) -> None:
    """Whatever a file is called, and whatever a function says of it."""
    shown_batch.add([(MARKUP, 1)])
    shown_batch.begin(1)
    shown_batch.end(1, ImageOutcome(execution=None, code=MARKUP, cause=MARKUP))
    shown = drawn(watch)
    assert "x" not in shown.values("src")
    assert 3 <= shown.text.count(MARKUP)


def test_more_causes_than_fit_are_counted(watch: WatchedTestbed, shown_batch: Batch) -> None:
    """Three of them stand there."""
    shown_batch.add([(f"{number}.png", 1) for number in range(5)])
    for number in range(1, 6):
        shown_batch.begin(number)
        shown_batch.end(number, ImageOutcome(execution=None, code="X", cause=f"cause {number}"))
    text = drawn(watch).text
    assert "and 2 more causes" in text
    assert "All are through: 0 made, 5 failed" in text
