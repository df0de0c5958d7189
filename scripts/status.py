"""`make status`: what is up, where, and whether a request would succeed."""

from __future__ import annotations

from rich.markup import escape
from rich.table import Table

from targets import choose, health, permissions
from testbed import faults, outputs, settings, terminal
from testbed.errors import NotRunningError


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
    if (busy := health.environments(endpoint)) is not None:
        table.add_row("invocations", str(busy))
    if (asked := permissions.fetch(endpoint)) is not None and asked.missing:
        table.add_row("IAM", f"AWS refuses {asked.missing} kinds of requests; `make iam` tells")
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


if __name__ == "__main__":
    terminal.run(main)
