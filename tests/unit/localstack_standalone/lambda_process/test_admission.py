"""The queue for environments, with environments of the tests' own and a clock that they set."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from localstack_standalone.lambda_process import admission
from localstack_standalone.lambda_process.admission import Admission, Capacity
from testbed import waiting

CAPACITY = Capacity(starts=2, busy=4, environments=6)


class Pool:
    """Environments are numbers."""

    def __init__(self) -> None:
        self.idle: dict[str, list[int]] = {}
        self.count = 0

    def reserve_idle(self, version: str) -> int | None:
        return self.idle[version].pop() if self.idle.get(version) else None

    def evict_idle(self) -> bool:
        for kept in self.idle.values():
            if kept:
                kept.pop()
                self.count -= 1
                return True
        return False

    def total(self) -> int:
        return self.count


class Machine:
    """An admission and all around it."""

    def __init__(self) -> None:
        self.now = 100.0
        self.busy = 1.0
        self.pool = Pool()
        self.order: list[str] = []
        self.admission = Admission(
            self.pool, CAPACITY, busy_share=lambda: self.busy, clock=lambda: self.now
        )

    def come(self, name: str, version: str = "v") -> threading.Thread:
        """An invocation that waits for an environment, and is noted when it has one."""
        waiting_before = self.admission.load().waiting

        def enter() -> None:
            try:
                self.admission.enter(version)
            except (admission.VersionGone, admission.WaitedTooLong) as error:
                self.order.append(f"{name}: {type(error).__name__}")
            else:
                self.order.append(name)

        thread = threading.Thread(target=enter, daemon=True)
        thread.start()
        self.until(lambda: not thread.is_alive() or self.admission.load().waiting > waiting_before)
        return thread

    def made(self, version: str = "v") -> None:
        """An environment that was asked for runs now."""
        self.pool.count += 1
        self.admission.started()

    def end(self, version: str = "v") -> None:
        """An invocation has ended; its environment is idle."""
        self.pool.idle.setdefault(version, []).append(0)
        self.admission.leave()

    def until(self, true: Callable[[], bool]) -> None:
        waiting.until(
            lambda: (true() or None, str(self.order)), "it", timeout_s=10, interval_s=0.01
        )

    def until_in(self, *names: str) -> None:
        self.until(lambda: set(names) <= set(self.order))


@pytest.fixture
def machine() -> Machine:
    return Machine()


def test_the_first_starts_at_once(machine: Machine) -> None:
    """As many as there are cores may load at the same time; the next waits for one of them."""
    for name in "ab":
        machine.come(name)
    machine.until_in("a", "b")
    machine.come("c")
    assert (2, 1) == (machine.admission.load().starting, machine.admission.load().waiting)
    machine.made()
    machine.until_in("c")


def test_what_becomes_free_goes_to_the_first(machine: Machine) -> None:
    """In the order in which they came."""
    for name in "abcd":
        machine.come(name)
        machine.until_in(name)
        machine.made()
    for name in "efg":
        machine.come(name)
    for name in "efg":
        machine.end()
        machine.until_in(name)
    assert list("abcdefg") == machine.order


def test_an_environment_goes_to_its_own_version(machine: Machine) -> None:
    """Whoever waits for another does not keep it from being used."""
    for name in "abcd":
        machine.come(name)
        machine.until_in(name)
        machine.made()
    machine.come("other", "w")
    machine.come("same", "v")
    machine.end("v")
    machine.until_in("same")
    assert 1 == machine.admission.load().waiting


def test_functions_that_wait_themselves_make_room(machine: Machine) -> None:
    """While the processors are idle, more and more are started: to sleep takes no core."""
    for name in "abcd":
        machine.come(name)
        machine.until_in(name)
        machine.made()
    for name in "ef":
        machine.come(name)
    machine.busy = 0.1
    machine.now += admission.IDLE_GROWTH_S * 1.5
    machine.until_in("e")
    machine.now += admission.IDLE_GROWTH_S * 1.5
    machine.until_in("f")


def test_busy_processors_are_not_given_more(machine: Machine) -> None:
    """A burst of real work starts no more than the cores can bear."""
    for name in "abcd":
        machine.come(name)
        machine.until_in(name)
        machine.made()
    machine.come("e")
    machine.now += admission.STUCK_GROWTH_S * 0.9
    machine.admission.load()
    assert list("abcd") == machine.order


def test_nothing_waits_for_ever_on_others_that_wait(machine: Machine) -> None:
    """Functions that call another one hold what it needs: where nothing ends, one more goes in,
    beyond what memory has room for, too.
    """
    names = [f"n{number}" for number in range(10)]
    for name in names[:4]:
        machine.come(name)
        machine.until_in(name)
        machine.made()
    for name in names[4:]:
        machine.come(name, "w")
        machine.now += admission.STUCK_GROWTH_S * 1.5
        machine.until_in(name)
        machine.made("w")
    assert names == machine.order


def test_an_idle_environment_of_another_function_makes_room(machine: Machine) -> None:
    """Where memory is full, who idles for the longest goes."""
    machine.pool.count = CAPACITY.environments
    machine.pool.idle["w"] = [0]
    machine.come("a")
    machine.until_in("a")
    assert CAPACITY.environments - 1 == machine.pool.count


def test_a_version_that_is_stopped_sends_its_queue_away(machine: Machine) -> None:
    """The others go on waiting, and get what is free."""
    for name in "abcd":
        machine.come(name)
        machine.until_in(name)
        machine.made()
    machine.come("gone", "w")
    machine.come("stays", "v")
    machine.admission.stop("w")
    machine.until_in("gone: VersionGone")
    machine.end("v")
    machine.until_in("stays")


def test_a_wait_has_an_end(machine: Machine) -> None:
    """Half an hour, twice what the longest function may take."""
    machine.pool.count = CAPACITY.environments
    for name in "ab":
        machine.come(name)
    machine.until(lambda: machine.admission.load().waiting == 2)
    machine.now += admission.LONGEST_WAIT_S
    # The first is let in as nothing moves; the second has waited too long, or is let in as well.
    machine.until(lambda: len(machine.order) == 2)
    assert 0 == machine.admission.load().waiting


def test_the_load_is_told(machine: Machine) -> None:
    """What runs, starts and waits, and for how long."""
    for name in "abcd":
        machine.come(name)
        machine.until_in(name)
        machine.made()
    machine.come("e")
    machine.now += 0.5
    load = machine.admission.load()
    assert (4, 0, 1, 0.5) == (load.running, load.starting, load.waiting, load.longest_wait_s)
