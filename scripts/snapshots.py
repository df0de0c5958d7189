"""`make snapshots`: the states that were saved, each with what is in it."""

from __future__ import annotations

from rich.markup import escape
from rich.table import Table

from targets import kept_state
from testbed import settings, terminal


def main() -> None:
    """Print a table."""
    state_dir = settings.load().state_dir
    found = kept_state.snapshots(state_dir)
    if not found:
        terminal.out.print("no state was saved yet; `make save NAME=…` saves one", markup=False)
        return
    table = Table(box=None)
    for title in ("NAME", "saved", "size", "what is in it"):
        table.add_column(title, overflow="fold")
    for each in found:
        when = str((each.manifest or {}).get("when", ""))
        size = kept_state.size_in_words(each.path.stat().st_size)
        table.add_row(escape(each.path.stem), escape(when), size, escape(str(each)))
    terminal.wide().print(table)


if __name__ == "__main__":
    terminal.run(main)
