"""Executions that are held, and what ends a hold."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from localstack_standalone.slow_motion.holds import MOST_WATCHED, HoldError, SlowMotion
from testbed import waiting


class Clock:
    """Goes when it is told to."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def motion(clock: Clock) -> SlowMotion:
    return SlowMotion(longest_s=100, unattended_s=15, clock=clock)


def held(motion: SlowMotion, name: str = "e") -> threading.Thread:
    """A thread that is held at the API."""
    thread = threading.Thread(target=lambda: motion.hold(name, "api"), daemon=True)
    thread.start()
    until(lambda: motion.look(name)["held"] is not None)
    return thread


def until(what: Callable[[], bool]) -> None:
    waiting.until(lambda: (what() or None, "not yet"), "it", timeout_s=10, interval_s=0.01)


def test_who_is_not_watched_is_not_held(motion: SlowMotion) -> None:
    """Off unless it was asked for."""
    assert not motion.is_on
    motion.hold("e", "api")
    motion.watch("other")
    motion.hold("e", "api")
    assert {"watched": False, "held": None} == motion.look("e")


def test_it_is_held_until_it_is_let_go(motion: SlowMotion) -> None:
    """By the number of this hold: a second press does not let go the next one."""
    motion.watch("e")
    thread = held(motion)
    told = {"number": 1, "place": "api", "state": "", "type": ""}
    assert {"watched": True, "held": told} == motion.look("e")
    motion.step("e", 7)
    motion.step("e", 1)
    thread.join(10)
    assert not thread.is_alive()
    again = held(motion)
    motion.step("e", 1)
    assert motion.look("e")["held"]["number"] == 2
    motion.step("e", 2)
    again.join(10)
    assert not again.is_alive()


def test_it_is_let_go_when_nobody_asks(motion: SlowMotion, clock: Clock) -> None:
    """The page was closed: the rest of the way is not held either."""
    motion.watch("e")
    thread = held(motion)
    clock.now = 15
    thread.join(10)
    assert not thread.is_alive()
    assert not motion.is_on


def test_it_is_let_go_after_its_time_though_somebody_asks(motion: SlowMotion, clock: Clock) -> None:
    """That hold alone: it is held again at the next place."""
    motion.watch("e")
    thread = held(motion)
    for clock.now in (10, 20, 30, 40, 50, 60, 70, 80, 90, 100):
        motion.look("e")
    thread.join(10)
    assert not thread.is_alive()
    assert motion.is_watched("e")


def test_all_are_let_go_when_the_emulator_stops(motion: SlowMotion) -> None:
    """Or one, when it is held no more."""
    motion.watch("e")
    motion.watch("f")
    one, other = held(motion, "e"), held(motion, "f")
    motion.release("e")
    one.join(10)
    assert other.is_alive()
    motion.release_all()
    other.join(10)
    assert not (one.is_alive())
    assert not (other.is_alive())
    assert not (motion.is_on)


def test_so_many_are_held_and_no_more(motion: SlowMotion, clock: Clock) -> None:
    """What nobody asks for makes room."""
    for number in range(MOST_WATCHED):
        motion.watch(str(number))
    with pytest.raises(HoldError, match="already"):
        motion.watch("more")
    clock.now = 15
    motion.watch("more")
    assert not motion.is_watched("0")
