"""`make status`: what is up, where, and whether a request would succeed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from rich.markup import escape
from rich.table import Table

from targets import choose, health, kept_state, permissions
from testbed import faults, outputs, settings, terminal
from testbed.errors import NotRunningError

_SHOWN: Final = 5


def main() -> int:
    """Print a table; exit with 0 when the testbed is ready, with 3 when none is up."""
    wanted = settings.load()
    if wanted.target == "aws":
        terminal.out.print(
            "AWS is always up; `make provision TARGET=aws PLAN=1` tells what is there"
        )
        return 0
    up = choose.find(wanted.state_dir)
    if up is None or up.record is None:
        where = f"no testbed is up (state folder {wanted.state_dir}); try `make up`"
        terminal.out.print(where, markup=False)
        return 3
    endpoint = up.record.endpoint
    seen = health.check(endpoint)
    table = Table(show_header=False, box=None)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")  # an address or a setting is of no use when it is cut
    table.add_row("LocalStack", "[green]ready[/]" if seen.ready else f"[red]{seen.seen}[/]")
    table.add_row("target", up.target)
    table.add_row("endpoint", endpoint)
    for name, text in _functions(endpoint):
        table.add_row(name, escape(text))
    if (asked := permissions.fetch(endpoint)) is not None and asked.missing:
        table.add_row("IAM", f"AWS refuses {asked.missing} kinds of requests; `make iam` tells")
    for name, text in _kept(endpoint):
        table.add_row(name, escape(text))
    for rule in faults.known(endpoint):
        hit = f"{rule.hits} of {rule.calls} calls, seed {rule.seed}"
        table.add_row("fault", f"[yellow]{escape(str(rule))}[/]  {escape(rule.name)}: {hit}")
    for name, text in choose.TARGETS[up.target].facts(wanted.state_dir, up.record).items():
        table.add_row(name, text)
    for name, text in up.record.settings.items():
        table.add_row(name, escape(text))
    try:
        table.add_row("API", outputs.read(wanted.state_dir).api_url)
    except NotRunningError:
        table.add_row("API", "[yellow]not provisioned; `make up` does it[/]")
    terminal.wide().print(table)
    return 0 if seen.ready else 1


def _functions(endpoint: str) -> Iterator[tuple[str, str]]:
    """What functions do, which runtimes there are, and what keeps them from the machine."""
    if (busy := health.environments(endpoint)) is not None:
        yield "invocations", str(busy)
    if known := health.runtimes(endpoint):
        yield "runtimes", ", ".join(known)
    if (kept := health.sandbox(endpoint)) is not None:
        yield "sandbox", kept


def _kept(endpoint: str) -> Iterator[tuple[str, str]]:
    """What is kept, how much and since when, and what could not be read."""
    report = kept_state.fetch(endpoint)
    if report is None:
        yield "state", "in memory alone"
        return
    yield "state", f"{report} ({kept_state.size_in_words(report.size)}) since {report.since}"
    yield "kept in", report.where
    if report.unkept:
        yield "not kept", f"what {', '.join(report.unkept)} changed; the log tells why"
    if report.resumed:
        names = ", ".join(arn.rpartition(":")[2] for arn in report.resumed[:_SHOWN])
        yield "went on", f"{len(report.resumed)} executions at the start: {names}"
    for text in report.ended[:_SHOWN]:
        yield "ended", f"at the start: {text}"
    for each in report.unread:
        yield "set aside", f"{each.where}: {each.why}; delete it when nobody needs it"


if __name__ == "__main__":
    terminal.run(main)
