from __future__ import annotations

import dataclasses
from collections.abc import Callable, Hashable

import pytest

from localstack_standalone.lambda_process.engine import admission
from localstack_standalone.lambda_process.engine.admission import (
    Admission,
    AdmissionRefusal,
    Bounds,
    NotAdmittedError,
    Ticket,
)


@dataclasses.dataclass(eq=False)
class Environment:
    """One that only remembers."""

    version: Hashable
    cpu_s: float = 0.0


class Pool:
    """Environments without processes; those in the list are idle."""

    def __init__(self) -> None:
        self.environments: list[Environment] = []

    def reserve_idle(self, version: Hashable) -> Environment | None:
        found = next((one for one in self.environments if one.version == version), None)
        if found is not None:
            self.environments.remove(found)
        return found

    def reserve_oldest(self) -> Environment | None:
        return self.environments.pop(0) if self.environments else None

    def idle(self) -> int:
        return len(self.environments)

    def cpu_s(self, environment: Environment) -> float:
        return environment.cpu_s


class Machine:
    """An admission whose time passes when it is told."""

    def __init__(self, at_work: int = 2, starting: int = 2, environments: int = 100) -> None:
        self.now = 0.0
        self.pool = Pool()
        self.ticks: list[Callable[[], bool]] = []
        self.admission: Admission[Environment] = Admission(
            Bounds(at_work, starting, environments),
            self.pool,
            clock=lambda: self.now,
            keep_time=self.ticks.append,
        )

    def ask(self, version: str = "a") -> Ticket[Environment]:
        return self.admission.ask(version)

    def start(self, ticket: Ticket[Environment]) -> None:
        self.admission.started(ticket, Environment(ticket.version))

    def running(self, version: str = "a") -> Ticket[Environment]:
        ticket = self.ask(version)
        assert ticket.decided.is_set()
        if ticket.environment is None:
            self.start(ticket)
        return ticket

    def end(self, ticket: Ticket[Environment]) -> None:
        assert ticket.environment is not None
        self.pool.environments.append(ticket.environment)
        self.admission.leave(ticket)

    def pass_s(self, seconds: float) -> None:
        self.now += seconds
        for tick in self.ticks:
            tick()


def admitted(*tickets: Ticket[Environment]) -> list[bool]:
    return [ticket.decided.is_set() and ticket.refusal is None for ticket in tickets]


def test_what_the_machine_bears_runs_at_once() -> None:
    """Two places: two start, the third waits, and all of that is told."""
    machine = Machine(at_work=2)
    asked = [machine.ask() for _ in range(3)]
    assert [True, True, False] == admitted(*asked)
    counts = machine.admission.counts()
    assert (1, 2, 0, 0) == (counts.waiting, counts.starting, counts.running, counts.idle)


def test_a_finished_environment_goes_to_the_first_waiter() -> None:
    """In order, without a new start, and the longest wait is remembered."""
    machine = Machine(at_work=1)
    first = machine.running()
    second, third = machine.ask(), machine.ask()
    machine.now = 3.0
    machine.end(first)
    assert [True, False] == admitted(second, third)
    assert first.environment is second.environment
    assert machine.admission.counts().longest_wait_s == 3.0


def test_starts_follow_what_the_cores_bear() -> None:
    """One start at a time: the second begins when the first is there."""
    machine = Machine(at_work=8, starting=1)
    first, second = machine.ask(), machine.ask()
    assert [True, False] == admitted(first, second)
    machine.start(first)
    assert [True] == admitted(second)


def test_a_version_that_must_start_does_not_hold_up_one_that_need_not() -> None:
    """An idle environment of a later waiter's version is used at once."""
    machine = Machine(at_work=8, starting=1)
    machine.pool.environments.append(Environment("b"))
    tickets = [machine.ask("a"), machine.ask("a"), machine.ask("b")]
    assert [True, False, True] == admitted(*tickets)


def test_room_is_made_by_stopping_the_oldest_idle_environment() -> None:
    """At the bound by memory an idle environment of another version goes."""
    machine = Machine(at_work=8, environments=2)
    old = [Environment("old"), Environment("newer")]
    machine.pool.environments.extend(old)
    ticket = machine.ask("a")
    assert (True, old[0]) == (ticket.decided.is_set(), ticket.evicted)


def test_the_bound_by_memory_makes_wait() -> None:
    """Where nothing is idle, nothing can be stopped."""
    machine = Machine(at_work=8, environments=1)
    machine.running()
    assert [False] == admitted(machine.ask())


def test_sleepers_do_not_count() -> None:
    """Two that only sleep leave their places to two others, and those to four more."""
    machine = Machine(at_work=2, starting=9)
    for _ in range(2):
        machine.running()
    waiting = [machine.ask() for _ in range(6)]
    machine.pass_s(admission.TICK_S)  # the first look
    machine.pass_s(admission.ASLEEP_AFTER_S)
    assert [True] * 2 + [False] * 4 == admitted(*waiting)
    for ticket in waiting[:2]:
        machine.start(ticket)
    machine.pass_s(admission.TICK_S)  # the first look
    machine.pass_s(admission.ASLEEP_AFTER_S)
    assert [True] * 6 == admitted(*waiting)


def test_those_at_work_count() -> None:
    """Who uses the processor keeps its place."""
    machine = Machine(at_work=1)
    running = machine.running()
    waiting = machine.ask()
    for _ in range(8):
        assert running.environment is not None
        running.environment.cpu_s += 0.05
        machine.pass_s(0.1)
    assert [False] == admitted(waiting)


def test_brisk_ends_keep_the_bound() -> None:
    """While invocations end one after the other, nobody is taken for a sleeper."""
    machine = Machine(at_work=2)
    sleeper, brisk = machine.running(), machine.running()
    assert sleeper.environment is not None
    waiting = [machine.ask() for _ in range(5)]
    for ticket in (brisk, *waiting[:3]):
        machine.pass_s(0.2)
        machine.end(ticket)
    assert [True] * 4 + [False] == admitted(*waiting)


@pytest.mark.parametrize("bounds", [{"at_work": 1}, {"environments": 1}], ids=["cores", "memory"])
def test_one_a_second_is_let_in_where_nothing_moves(bounds: dict[str, int]) -> None:
    """Whatever bound it is: the one that all wait for may be among those that wait."""
    machine = Machine(**bounds)
    running = machine.running()
    waiting = [machine.ask(), machine.ask()]
    for expected in ([True, False], [True, True]):
        for _ in range(10):
            assert running.environment is not None
            running.environment.cpu_s += 0.1
            machine.pass_s(0.1)
        machine.pass_s(0.01)  # the sum of ten tenths is a little less than one
        assert expected == admitted(*waiting)


def test_nobody_waits_for_a_version_that_was_stopped() -> None:
    """Only that version's waiters are told."""
    machine = Machine(at_work=1)
    machine.running()
    gone, other = machine.ask("a"), machine.ask("b")
    machine.admission.cancel("a")
    assert (AdmissionRefusal.VERSION_STOPPED, None) == (gone.refusal, other.refusal)
    assert machine.admission.counts().waiting == 1


def test_nobody_waits_for_an_emulator_that_stops() -> None:
    """Neither who waits already nor who comes later."""
    machine = Machine(at_work=1)
    machine.running()
    waiting = machine.ask()
    before = machine.admission.stopped
    machine.admission.stop()
    assert (False, True) == (before, machine.admission.stopped)
    assert waiting.refusal is machine.ask().refusal is AdmissionRefusal.EMULATOR_STOPS


def test_a_wait_is_bounded() -> None:
    """Its end is an error that tells why, and its place goes to the next."""
    machine = Machine(at_work=1)
    first = machine.running()
    with pytest.raises(NotAdmittedError, match=r"no execution environment after .* s: timeout"):
        machine.admission.enter("a", timeout_s=0)
    second = machine.ask()
    machine.end(first)
    assert [True] == admitted(second)


def test_time_is_kept_only_while_someone_waits() -> None:
    """The clock stops with the last waiter, and is started again by the next."""
    machine = Machine(at_work=1)
    first = machine.running()
    assert [] == machine.ticks
    second = machine.ask()
    machine.end(first)
    assert [False] == [tick() for tick in machine.ticks]
    third = machine.ask()
    assert (2, [True, False]) == (len(machine.ticks), admitted(second, third))
