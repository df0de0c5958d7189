"""`make load-test`: many requests at once, and where each of them ended up."""

from __future__ import annotations

import contextlib
import os
import statistics
from collections.abc import Mapping
from typing import Final

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from emulator.record import Record
from pipeline.load_test import Account, LoadTest
from scripts import killing, targets
from testbed import outputs, settings, terminal
from testbed.errors import TestbedError

SHOWN_KEYS: Final = 5


def main() -> int:
    """Run the test; exit with 0 when every request is accounted for, with 1 else."""
    wanted = settings.load()
    count, clients = (
        int(settings.value(os.environ, name, default))
        for name, default in (("N", "1000"), ("C", "16"))
    )
    running = targets.running(wanted)
    test = LoadTest(running.aws, outputs.read(wanted.state_dir), count=count, clients=clients)
    killer = _killer(wanted, os.environ)
    terminal.out.print(f"{count} requests from {clients} clients{_with(killer)}")
    columns = (TextColumn("{task.description:10}"), BarColumn(), MofNCompleteColumn())
    try:
        with (
            Progress(*columns, TimeElapsedColumn(), console=terminal.out) as progress,
            killer.at_work() if killer else contextlib.nullcontext(),
        ):
            bars = [
                progress.add_task(name, total=count) for name in ("uploaded", "answered", "ended")
            ]
            test.upload(lambda done: progress.update(bars[0], completed=done))
            account = test.run(
                lambda done: progress.update(bars[1], completed=done),
                lambda done: progress.update(bars[2], completed=done),
            )
    finally:
        test.clean()
    terminal.out.print(summary(account, killer.kills if killer else None))
    return report(account.faults())


def summary(account: Account, kills: int | None) -> Table:
    """What happened, in numbers."""
    table = Table(show_header=False, box=None)
    table.add_row("requests", str(len(account.posted)))
    table.add_row("accepted", str(len(account.accepted)))
    for status, times in account.refusals.items():
        table.add_row(f"refused, {status}", str(times))
    for status, times in account.by_status.items():
        table.add_row(f"executions {status}", str(times))
    table.add_row("thumbnails", str(len(account.thumbnails)))
    if kills is not None:
        table.add_row("workers killed", str(kills))
    table.add_row("POST, ms", _spread([one.took_ms for one in account.posted]))
    table.add_row("execution, ms", _spread([one.took_ms for one in account.executions]))
    table.add_row("executions/s", f"{len(account.executions) / account.took_s:.1f}")
    return table


def report(faults: Mapping[str, list[str]]) -> int:
    """Say what is wrong, if anything; the exit status."""
    if not faults:
        terminal.out.print("[green]every request is accounted for[/]")
        return 0
    for words, keys in faults.items():
        shown = ", ".join(keys[:SHOWN_KEYS]) + (" …" if len(keys) > SHOWN_KEYS else "")
        terminal.err.print(f"[red bold]{words}:[/] {len(keys)} ({shown})")
    terminal.err.print("`make trace ID=…` shows an execution, `make logs` the emulator's log")
    return 1


def _killer(wanted: settings.Settings, environ: Mapping[str, str]) -> killing.Killer | None:
    if not environ.get("KILL"):
        return None
    up = targets.find(wanted.state_dir)
    if not isinstance(up, Record):
        raise TestbedError("KILL=1 needs a testbed with TARGET=embedded: its workers are ours")
    return killing.Killer(up.pid, int(settings.value(environ, "SEED", "1")))


def _with(killer: killing.Killer | None) -> str:
    return "" if killer is None else ", with a worker killed every 50 to 250 ms"


def _spread(values: list[float]) -> str:
    if len(values) < 2:  # noqa: PLR2004 - quantiles need two
        return "too few"
    cuts = statistics.quantiles(values, n=100)
    return f"{cuts[49]:.0f} at the median, {cuts[94]:.0f} at p95, {max(values):.0f} at most"


if __name__ == "__main__":
    terminal.run(main)
