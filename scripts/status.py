"""`make status`: what is up, where, and whether a request would succeed."""

from __future__ import annotations

import psutil
from rich.table import Table

from emulator import embedded, health
from testbed import outputs, settings, terminal
from testbed.errors import NotRunningError


def main() -> int:
    """Print a table; exit with 0 when the testbed is ready, with 3 when none is up."""
    wanted = settings.load()
    record = embedded.status(wanted.state_dir)
    if record is None:
        terminal.out.print(f"no testbed is up (state folder {wanted.state_dir}); try `make up`")
        return 3
    seen = health.check(record.endpoint)
    table = Table(show_header=False, box=None)
    table.add_row("LocalStack", "[green]ready[/]" if seen.ready else f"[red]{seen.seen}[/]")
    table.add_row("endpoint", record.endpoint)
    table.add_row("process", f"{record.pid}, with workers {_memory_mb(record.pid)} MB")
    table.add_row("log", str(embedded.log_path(wanted.state_dir)))
    try:
        table.add_row("API", outputs.read(wanted.state_dir).api_url)
    except NotRunningError:
        table.add_row("API", "[yellow]not provisioned; `make up` does it[/]")
    terminal.out.print(table)
    return 0 if seen.ready else 1


def _memory_mb(pid: int) -> int:
    """Resident memory of the emulator and its workers, in MB (shared pages count each time)."""
    process = psutil.Process(pid)
    family = [process, *process.children(recursive=True)]
    return sum(member.memory_info().rss for member in family) // (1024 * 1024)


if __name__ == "__main__":
    terminal.run(main)
