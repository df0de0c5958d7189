"""Batches: what is put together, what waits, and what a fork leaves."""

from __future__ import annotations

import queue
import threading

import pytest

from localstack_standalone.lambda_process.engine import batches
from localstack_standalone.lambda_process.engine.batches import Batches


class Destinations:
    """Take what is sent, one batch after another, each when it is let."""

    def __init__(self) -> None:
        self.taken: queue.Queue[tuple[str, list[int]]] = queue.Queue()
        self.refused: set[str] = set()

    def send(self, destination: str, items: list[int]) -> None:
        if destination in self.refused:
            raise ConnectionError(destination)
        self.taken.put((destination, items))


@pytest.fixture
def destinations() -> Destinations:
    return Destinations()


def started(destinations: Destinations, pause_s: float = 0.2) -> Batches[str, int]:
    return Batches(destinations.send, name="test-batches", pause_s=pause_s)


def test_items_of_a_moment_go_together(destinations: Destinations) -> None:
    """Each destination gets its own, in order, in one piece."""
    made = started(destinations)
    for number in range(3):
        made.put("a", number)
    made.put("b", 9)
    assert [("a", [0, 1, 2]), ("b", [9])] == [destinations.taken.get(timeout=10) for _ in "ab"]


def test_a_flood_goes_in_pieces(
    destinations: Destinations, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No batch has more items or bytes than its service takes."""
    monkeypatch.setattr(batches, "BATCH_ITEMS", 2)
    made = started(destinations)
    for number in range(5):
        made.put("a", number)
    sent = [destinations.taken.get(timeout=10)[1] for _ in range(3)]
    assert [[0, 1], [2, 3], [4]] == sent


def test_what_cannot_be_sent_is_told_and_keeps_nobody(
    destinations: Destinations, caplog: pytest.LogCaptureFixture
) -> None:
    """The log has how many were lost, and the other destinations get theirs."""
    destinations.refused = {"a"}
    made = started(destinations)
    made.put("a", 1)
    made.put("b", 2)
    assert ("b", [2]) == destinations.taken.get(timeout=10)
    assert "lost 1 items for a" in caplog.text


def test_whoever_floods_waits(destinations: Destinations, monkeypatch: pytest.MonkeyPatch) -> None:
    """Memory does not grow with what a function writes faster than it can be taken."""
    monkeypatch.setattr(batches, "PENDING_BYTES", 10)
    let = threading.Event()

    def slow(destination: str, items: list[int]) -> None:
        let.wait(10)
        destinations.send(destination, items)

    made = Batches(slow, name="test-batches", pause_s=0.0)
    made.put("a", 0)

    def flood_it() -> None:
        for number in range(1, 6):
            made.put("a", number, 6)

    flood = threading.Thread(target=flood_it)
    flood.start()
    flood.join(0.2)
    assert flood.is_alive()
    let.set()
    flood.join(10)
    taken: list[int] = []
    while len(taken) < 6:
        taken += destinations.taken.get(timeout=10)[1]
    assert [0, 1, 2, 3, 4, 5] == taken


def test_a_renewed_one_has_forgotten_what_waited(destinations: Destinations) -> None:
    """As after a fork: what waited is the parent's to send, and a thread starts when needed."""
    begun, let = threading.Event(), threading.Event()

    def slow(destination: str, items: list[int]) -> None:
        begun.set()
        let.wait(10)
        destinations.send(destination, items)

    made = Batches(slow, name="test-batches", pause_s=0.0)
    made.put("a", 0)
    assert begun.wait(10)
    made.put("a", 1)
    made.renew()
    made.put("a", 2)
    let.set()
    assert [[0], [2]] == sorted(destinations.taken.get(timeout=10)[1] for _ in range(2))


def test_what_is_dropped_is_never_sent() -> None:
    """What is on its way arrives before `drop` returns, what waits never does."""
    taken: list[int] = []
    on_its_way, go_on = threading.Event(), threading.Event()

    def send(_destination: str, items: list[int]) -> None:
        on_its_way.set()
        assert go_on.wait(timeout=10)
        taken.extend(items)

    made = Batches(send, name="test-batches", pause_s=0.0)
    made.put("a", 1)
    assert on_its_way.wait(timeout=10)
    made.put("a", 2)
    dropping = threading.Thread(target=made.drop)
    dropping.start()
    go_on.set()
    dropping.join(timeout=10)
    assert taken == [1]
    made.drop()
    assert taken == [1]
