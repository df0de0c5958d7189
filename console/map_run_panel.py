"""The Map Runs of an execution: how many items stand how, and the executions that they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from console import elements, links
from console.commands import Cli
from runs import map_runs

if TYPE_CHECKING:
    from collections.abc import Iterable

    from runs.map_runs import MapRun
    from testbed.outputs import Outputs

UNLISTED: Final = (
    "Each item is an execution of its own, in no history; the emulator counts them and does not "
    "list them, as ListExecutions with the Map Run's ARN does on AWS."
)
LATEST: Final = "Each item is an execution of its own; these are the latest {}, {} at most."


class MapRunPanel:
    """A card that is there as soon as there is a Map Run."""

    def __init__(self) -> None:
        self._drawn: tuple[MapRun, ...] = ()
        self._around = elements.box("section", "card below").props("data-slide")
        self._around.set_visibility(False)

    def show(self, runs: Iterable[MapRun], outputs: Outputs) -> None:
        """Draw *runs*, where something of them has changed."""
        found = tuple(runs)
        if found == self._drawn:
            return
        self._drawn = found
        self._around.set_visibility(bool(found))
        self._around.clear()
        with self._around:
            elements.text("Map Runs", "h2")
            for run in found:
                _draw(run, outputs)
            cli = Cli(outputs)
            elements.commands(
                *(
                    cli.line("stepfunctions", "describe-map-run", "--map-run-arn", run.arn)
                    for run in found
                )
            )


def counts(run: MapRun) -> str:
    """How many items there are, and how many stand how, in words."""
    told = [
        f"{number:,} {name}"
        for name, number in run.items.items()
        if name not in ("total", "resultsWritten")
    ]
    return f"{run.items.get('total', 0):,} items" + (f": {', '.join(told)}" if told else "")


def _draw(run: MapRun, outputs: Outputs) -> None:
    with elements.box(classes="row"):
        elements.text(run.label, "h3")
        elements.Chip(run.status.value)
        elements.text(counts(run), "span")
    if run.children is None:
        elements.text(UNLISTED, "p", "dim")
        return
    elements.text(LATEST.format(len(run.children), map_runs.MOST_CHILDREN), "p", "dim")
    for child in run.children:
        with elements.box(classes="row"):
            elements.Chip(child.status.value)
            elements.link(child.arn.rpartition(":")[2], links.execution(outputs, child.arn))
