"""`make load-test [N=1000] [C=16] [KILL=1] [SEED=…]`: a burst, and what became of each request."""

from __future__ import annotations

import contextlib
import dataclasses
import os
import secrets
import threading
from collections.abc import Mapping
from typing import Final, Self

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from emulator import health, workers
from emulator.record import Record
from pipeline import load
from scripts import targets
from testbed import outputs, setting_table, settings, terminal
from testbed.errors import TestbedError

ENDED_WITHIN_S: Final = 600.0
SHOWN: Final = 5


@dataclasses.dataclass(frozen=True)
class Wanted:
    """What the variables ask for: how many, from how many clients, with workers killed or not."""

    count: int
    clients: int
    kill: bool
    seed: int


def main() -> int:
    """Run the burst and print its account; 0 only if it is whole.

    Raises:
        TestbedError: no testbed is up, or workers cannot be killed there.
    """
    wanted = read(os.environ)
    given = settings.load()
    running = targets.running(given)
    where = outputs.read(given.state_dir)
    up = targets.find(given.state_dir)
    if wanted.kill and not isinstance(up, Record):
        raise TestbedError(
            f"KILL=1 is for TARGET=embedded: the workers of TARGET={running.target} are no "
            "processes of this machine. Without KILL the load test runs there too."
        )
    prefix = f"load-test/{secrets.token_hex(4)}/"
    burst = load.Burst(
        running.aws, where, prefix=prefix, count=wanted.count, clients=wanted.clients
    )
    killer = workers.Killer(up.pid, wanted.seed) if isinstance(up, Record) else None
    try:
        return _run(burst, wanted, killer if wanted.kill else None, where.endpoint)
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
    )


def _run(
    burst: load.Burst, wanted: Wanted, killer: workers.Killer | None, endpoint: str | None
) -> int:
    with _progress() as progress, Waits(endpoint) as waits:
        uploads = progress.add_task("uploaded", total=wanted.count)
        burst.upload(lambda: progress.advance(uploads))
        posts = progress.add_task("answered", total=wanted.count)
        ends = progress.add_task("ended", total=None)
        with killer or contextlib.nullcontext():
            sent = burst.post(lambda: progress.advance(posts))
            arns = [one.execution_arn for one in sent if one.execution_arn is not None]
            progress.update(ends, total=len(arns))
            executions = burst.follow(
                arns,
                ENDED_WITHIN_S,
                lambda open_: progress.update(ends, completed=len(arns) - open_),
            )
    account = load.balance(sent, executions, burst.thumbnails())
    terminal.out.print(_table(sent, account, waits))
    if killer is not None:
        terminal.out.print(f"killed {killer.kills} workers; the same choices: SEED={wanted.seed}")
    _show_wrong(account)
    return 0 if account.is_whole else 1


def _progress() -> Progress:
    return Progress(
        TextColumn("{task.description:>9}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=terminal.out,
    )


def _table(sent: list[load.Sent], account: load.Account, waits: Waits) -> Table:
    table = Table(show_header=False, box=None)
    rows = {
        "POSTs": f"{len(sent)}",
        "accepted": f"{account.accepted}",
        "refused": _counted(account.refused),
        "not answered": _counted(account.unanswered),
        "succeeded": f"{account.succeeded}",
        "failed": _counted(account.failed),
        "lost": f"{len(account.lost)}",
        "duplicate executions": f"{len(account.duplicate)}",
        "thumbnails missing": f"{len(account.missing)}",
        "thumbnails too many": f"{len(account.stray)}",
        "POST to answer": _spread([one.latency_s for one in sent]),
        "start to stop": _spread([e.duration_s or 0.0 for e in account.executions]),
        "executions/s": _rate(account),
        "waited for an environment": waits.told(),
    }
    for name, value in rows.items():
        table.add_row(name, value)
    return table


def _counted(counts: Mapping[str, int]) -> str:
    parts = ", ".join(f"{count} {what}" for what, count in counts.items())
    return f"{sum(counts.values())}" + (f" ({parts})" if parts else "")


def _spread(seconds: list[float]) -> str:
    shown = (load.percentile(seconds, share) * 1000 for share in (0.5, 0.95, 1.0))
    return "p50 {:.0f}, p95 {:.0f}, max {:.0f} ms".format(*shown)


def _rate(account: load.Account) -> str:
    stops = [one.stopped_at for one in account.executions if one.stopped_at is not None]
    if not stops:
        return "-"
    span = max(stops) - min(one.started_at for one in account.executions)
    return f"{len(stops) / max(0.001, span.total_seconds()):.1f}"


def _show_wrong(account: load.Account) -> None:
    wrong = {
        "lost": account.lost,
        "duplicate": account.duplicate,
        "missing": account.missing,
        "too many": account.stray,
    }
    for what, names in wrong.items():
        if names:
            terminal.out.print(f"[red]{what}[/]: {', '.join(names[:SHOWN])}", markup=True)


class Waits:
    """Asks the emulator every quarter of a second how many invocations wait, while entered."""

    EVERY_S: Final = 0.25

    def __init__(self, endpoint: str | None) -> None:
        self._endpoint = endpoint
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, name="waits")
        self.most = 0
        self.longest_s: float | None = None

    def __enter__(self) -> Self:
        """Begin."""
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """End."""
        self._over.set()
        self._thread.join()

    def told(self) -> str:
        """What was seen, in words."""
        if self.longest_s is None:
            return "not told there"
        return f"at most {self.most} at once, {self.longest_s:.1f} s the longest since `make up`"

    def _look(self) -> None:
        while not self._over.wait(self.EVERY_S):
            seen = health.environments(self._endpoint) if self._endpoint else None
            if seen is not None:
                self.most = max(self.most, seen.waiting)
                self.longest_s = seen.longest_wait_s


if __name__ == "__main__":
    terminal.run(main)
