"""Resources as people see them: what would be done to each, and a table of what is done."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final, Self

from rich.live import Live
from rich.markup import escape
from rich.table import Table

from infra.resource import Outcome
from testbed import terminal

if TYPE_CHECKING:
    from infra.resource import Difference, ResourcePlan
    from infra.stack import Settled

SHOWN_CHARACTERS: Final = 60
COLOURS: Final = {
    Outcome.CREATED: "green",
    Outcome.UPDATED: "yellow",
    Outcome.UNCHANGED: "dim",
    Outcome.DESTROYED: "red",
    Outcome.ABSENT: "dim",
    Outcome.KEPT: "yellow",
}


def show(plans: list[ResourcePlan]) -> None:
    """Print what would be done to each, and each attribute that would change."""
    for plan in plans:
        colour = COLOURS[plan.outcome]
        word = "unchanged" if plan.outcome is Outcome.UNCHANGED else f"would be {plan.outcome}"
        terminal.out.print(f"  {plan.resource.title}  [{colour}]{word}[/]")
        if plan.outcome is Outcome.UPDATED:
            for difference in plan.differences:
                terminal.out.print(f"    [dim]{escape(_line(difference))}[/]")
    terminal.out.print(f"{changes(plans)} of {len(plans)} resources would change")


def changes(plans: list[ResourcePlan]) -> int:
    """How many would not stay as they are."""
    return sum(plan.outcome is not Outcome.UNCHANGED for plan in plans)


def _line(difference: Difference) -> str:
    return f"{difference.attribute}: {_short(difference.found)} → {_short(difference.wanted)}"


def _short(value: Any) -> str:
    text = "none" if value is None else json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= SHOWN_CHARACTERS else text[: SHOWN_CHARACTERS - 2] + " …"


class ResourceTable:
    """A table of resources that fills while work goes on; a pipe gets it when all is done."""

    def __init__(self, resources: list[str]) -> None:
        self._resources = resources
        self._done: dict[str, Settled] = {}
        self._live = Live(get_renderable=self._render, console=terminal.out, transient=True)

    def __enter__(self) -> Self:
        self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._live.stop()
        terminal.out.print(self._render())

    def add(self, settled: Settled) -> None:
        """Fill the line of one resource."""
        self._done[settled.resource] = settled

    def _render(self) -> Table:
        table = Table("resource", "", "", box=None, show_header=False, padding=(0, 2, 0, 0))
        for resource in self._resources:
            done = self._done.get(resource)
            word = f"[{COLOURS[done.outcome]}]{done.outcome}[/]" if done else "[dim]…[/]"
            table.add_row(f"  {resource}", word, f"[dim]{done.seconds:.2f} s[/]" if done else "")
        return table
