"""`make status`: what is up, where, and whether a request would succeed."""

from __future__ import annotations

import psutil
from rich.markup import escape
from rich.table import Table

from emulator import compose, compose_record, embedded, health
from emulator.record import Record
from scripts import targets
from testbed import outputs, settings, terminal
from testbed.errors import NotRunningError


def main() -> int:
    """Print a table; exit with 0 when the testbed is ready, with 3 when none is up."""
    wanted = settings.load()
    up = targets.find(wanted.state_dir)
    if up is None:
        terminal.out.print(f"no testbed is up (state folder {wanted.state_dir}); try `make up`")
        return 3
    seen = health.check(up.endpoint)
    table = Table(show_header=False, box=None)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")  # an address or a setting is of no use when it is cut
    table.add_row("LocalStack", "[green]ready[/]" if seen.ready else f"[red]{seen.seen}[/]")
    table.add_row("target", targets.target_of(up))
    table.add_row("endpoint", up.endpoint)
    if (busy := health.environments(up.endpoint)) is not None:
        table.add_row("invocations", str(busy))
    if isinstance(up, Record):
        table.add_row("process", f"{up.pid}, with workers {_memory_mb(up.pid)} MB")
        table.add_row("log", str(embedded.log_path(wanted.state_dir)))
    else:
        table.add_row("container", f"{up.container} ({_container(up)})")
        table.add_row("log", "`make logs`")
    for name, text in up.settings.items():
        table.add_row(name, escape(text))
    try:
        table.add_row("API", outputs.read(wanted.state_dir).api_url)
    except NotRunningError:
        table.add_row("API", "[yellow]not provisioned; `make up` does it[/]")
    terminal.wide().print(table)
    return 0 if seen.ready else 1


def _memory_mb(pid: int) -> int:
    """Resident memory of the emulator and its workers, in MB (shared pages count each time)."""
    process = psutil.Process(pid)
    family = [process, *process.children(recursive=True)]
    return sum(member.memory_info().rss for member in family) // (1024 * 1024)


def _container(up: compose_record.Record) -> str:
    """How the container is, and what it has been through."""
    found = compose.inspect(up)
    if found is None:
        return "[red]gone[/]"
    words = [found.health, f"limit {up.memory}"]
    if found.restarts:
        words.append(
            f"[yellow]came back {found.restarts} times: `make up` fetches its new address[/]"
        )
    return ", ".join(words)


if __name__ == "__main__":
    terminal.run(main)
