"""`make load-test [N=1000] [C=16] [KILL=1] [CRASH=1] [FAULTS=s3:5%] [SEED=…]`: a burst.

And its balance: what became of each request. FAULTS are on while they run, and never longer.
"""

from __future__ import annotations

import contextlib
import dataclasses
import itertools
import os
import secrets
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from client import load
from targets import choose, health, kept_state, workers
from targets.crash import Crash
from targets.health import EnvironmentCounts
from testbed import fault_scenarios, faults, outputs, setting_table, settings, terminal
from testbed.errors import TestbedError
from testbed.faults import FaultInForce

FIRST_KILLS: Final = 4
ENDED_FOR_EACH_KILL: Final = 4
ENDED_WITHIN_S: Final = 600.0
SHOWN: Final = 5
ASKED_EVERY_S: Final = 0.25
RULES: Final = "load-test"


@dataclasses.dataclass(frozen=True)
class Wanted:
    """What the variables ask for.

    Attributes:
        count: how many requests.
        clients: from how many at once.
        kill: whether workers are killed meanwhile.
        seed: of what chance decides.
        faults: rules that are on meanwhile.
        crash: whether the emulator is killed in the middle, and started again.
    """

    count: int
    clients: int
    kill: bool
    seed: int
    faults: tuple[dict[str, Any], ...] = ()
    crash: bool = False


def main() -> int:
    """Run the burst and print its balance; 0 only if it is whole.

    Raises:
        TestbedError: no testbed is up, or workers cannot be killed there.
    """
    wanted = read(os.environ)
    given = settings.load()
    running = choose.running(given)
    where = outputs.read(given.state_dir)
    if wanted.kill and running.pid is None:
        raise TestbedError(
            f"KILL=1 is for TARGET=embedded: the workers of TARGET={running.target} are no "
            "processes of this machine. Without KILL the load test runs there too."
        )
    if wanted.faults and where.endpoint is None:
        raise TestbedError("FAULTS is for emulators: AWS has no faults on request")
    if wanted.crash and (running.pid is None or kept_state.fetch(str(where.endpoint)) is None):
        raise TestbedError(
            "CRASH=1 is for TARGET=embedded with PERSIST=1, where what was killed goes on"
        )
    prefix = f"load-test/{secrets.token_hex(4)}/"
    burst = load.RequestBurst(
        running.aws, where, prefix=prefix, count=wanted.count, clients=wanted.clients
    )
    kills = running.pid if wanted.kill else None
    killer = None if kills is None else workers.Killer(kills, wanted.seed)
    crash = Crash(given.state_dir, running.record) if wanted.crash and running.record else None
    try:
        return _run(burst, wanted, killer, where.endpoint, crash)
    finally:
        burst.remove()


def read(environ: Mapping[str, str]) -> Wanted:
    """What *environ* asks for.

    Raises:
        SettingError: a variable is not usable.
    """
    return Wanted(
        count=int(settings.value(environ, "N", "1000")),
        clients=int(settings.value(environ, "C", "16")),
        kill=setting_table.is_on(environ, "KILL"),
        seed=int(settings.value(environ, "SEED", str(secrets.randbelow(10**6) + 1))),
        crash=setting_table.is_on(environ, "CRASH"),
        faults=tuple(fault_scenarios.listed(environ.get("FAULTS", ""), RULES)),
    )


def _kills(ended: int) -> int:
    """How many workers may be killed until so many executions have ended.

    By the clock alone, a slow machine would see each of its few executions killed more often
    than the state machine tries again, which says nothing of what was accepted.
    """
    return FIRST_KILLS + ended // ENDED_FOR_EACH_KILL


def _run(
    burst: load.RequestBurst,
    wanted: Wanted,
    killer: workers.Killer | None,
    endpoint: str | None,
    crash: Crash | None,
) -> int:
    if killer is not None:
        killer.most = _kills(0)
    with _progress() as progress, _asked(endpoint) as environments:
        uploads = progress.add_task("uploaded", total=wanted.count)
        burst.upload(lambda: progress.advance(uploads))
        posts = progress.add_task("answered", total=wanted.count)
        ends = progress.add_task("ended", total=None)
        began = time.time()
        with killer or contextlib.nullcontext(), _faulty(endpoint, wanted) as injected:
            sent = _posted(burst, wanted, lambda: progress.advance(posts), crash)
            arns = [one.execution_arn for one in sent if one.execution_arn is not None]
            progress.update(ends, total=len(arns))

            def show(open_: int) -> None:
                progress.update(ends, completed=len(arns) - open_)
                if killer is not None:
                    killer.most = _kills(len(arns) - open_)

            executions = burst.follow(arns, ENDED_WITHIN_S, show)
    if crash is not None and crash.failure is not None:
        raise crash.failure
    if injected:
        hit = {known for one in faults.hits(endpoint or "", began) for known in one.ids}
        sent = load.with_injected(sent, hit)
    balance = load.balance(sent, executions, burst.thumbnails())
    terminal.out.print(_table(sent, balance, environments))
    if killer is not None:
        terminal.out.print(f"killed {killer.kills} workers; the same choices: SEED={wanted.seed}")
    for rule in injected:
        told = f"injected {rule}: {rule.hits} of {rule.calls} calls; the same: SEED={rule.seed}"
        terminal.out.print(told, markup=False)
    _show_wrong(balance)
    return 0 if balance.is_whole else 1


def _posted(
    burst: load.RequestBurst, wanted: Wanted, done: Callable[[], None], crash: Crash | None
) -> list[load.Sent]:
    """Send all; with a *crash* as soon as half of them were answered."""
    if crash is None:
        return burst.post(done)
    answered = itertools.count(1)

    def one_more() -> None:
        done()
        if next(answered) >= wanted.count // 2:
            crash.begin()

    with crash:
        return burst.post(one_more, until=lambda: crash.is_over)


def _progress() -> Progress:
    return Progress(
        TextColumn("{task.description:>9}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=terminal.out,
    )


def _table(
    sent: list[load.Sent], balance: load.Balance, environments: list[EnvironmentCounts]
) -> Table:
    table = Table(show_header=False, box=None)
    rows = {
        "POSTs": f"{len(sent)}",
        "accepted": f"{balance.accepted}",
        "refused": _counted(balance.refused),
        "not answered": _counted(balance.unanswered),
        "succeeded": f"{balance.succeeded}",
        "failed": _counted(balance.failed),
        "lost": f"{len(balance.lost)}",
        "duplicate executions": f"{len(balance.duplicate)}",
        "thumbnails missing": f"{len(balance.missing)}",
        "thumbnails too many": f"{len(balance.stray)}",
        "POST to answer": _spread([one.latency_ms for one in sent]),
        "start to stop": _spread([e.duration_ms or 0.0 for e in balance.executions]),
        "executions/s": _rate(balance),
        "waited for an environment": _waited(environments),
    }
    for name, value in rows.items():
        table.add_row(name, value)
    return table


def _counted(counts: Mapping[str, int]) -> str:
    parts = ", ".join(f"{count} {what}" for what, count in counts.items())
    return f"{sum(counts.values())}" + (f" ({parts})" if parts else "")


def _spread(spans_ms: list[float]) -> str:
    shown = (load.percentile(spans_ms, share) for share in (0.5, 0.95, 1.0))
    return "p50 {:.0f}, p95 {:.0f}, max {:.0f} ms".format(*shown)


def _rate(balance: load.Balance) -> str:
    stops = [one.stopped_at for one in balance.executions if one.stopped_at is not None]
    if not stops:
        return "-"
    span = max(stops) - min(one.started_at for one in balance.executions)
    return f"{len(stops) / max(0.001, span.total_seconds()):.1f}"


def _show_wrong(balance: load.Balance) -> None:
    wrong = {
        "lost": balance.lost,
        "duplicate": balance.duplicate,
        "missing": balance.missing,
        "too many": balance.stray,
    }
    for what, names in wrong.items():
        if names:
            terminal.out.print(f"[red]{what}[/]: {', '.join(names[:SHOWN])}", markup=True)


@contextlib.contextmanager
def _faulty(endpoint: str | None, wanted: Wanted) -> Iterator[list[FaultInForce]]:
    """Have the faults on meanwhile; gives a list of what they hit, which is filled at the end."""
    told: list[FaultInForce] = []
    if not wanted.faults or endpoint is None:
        yield told
        return
    try:
        faults.put(endpoint, wanted.faults, wanted.seed)
        yield told
        told += [each for each in faults.fetch(endpoint) if each.name.startswith(f"{RULES}.")]
    finally:
        for rule in wanted.faults:
            with contextlib.suppress(faults.FaultError):  # none was put in place, or it is gone
                faults.remove(endpoint, rule["name"])


@contextlib.contextmanager
def _asked(endpoint: str | None) -> Iterator[list[EnvironmentCounts]]:
    """Ask the emulator again and again what its Lambda does; gives a list of what it told."""
    seen: list[EnvironmentCounts] = []
    over = threading.Event()

    def look() -> None:
        while endpoint is not None and not over.wait(ASKED_EVERY_S):
            if (counts := health.environments(endpoint)) is not None:
                seen.append(counts)

    thread = threading.Thread(target=look, name="waits")
    thread.start()
    try:
        yield seen
    finally:
        over.set()
        thread.join()


def _waited(seen: list[EnvironmentCounts]) -> str:
    if not seen:
        return "not told there"
    most, longest_s = max(counts.waiting for counts in seen), seen[-1].longest_wait_s
    return f"at most {most} at once, {longest_s:.1f} s the longest since `make up`"


if __name__ == "__main__":
    terminal.run(main)
