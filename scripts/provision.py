"""`make provision`: bring the pipeline in the running testbed to what this checkout says."""

from __future__ import annotations

from pathlib import Path
from typing import Final, Self

from rich.live import Live
from rich.table import Table

from infra import package, stack
from infra.change import Change, Row
from scripts import bootstrap, targets
from testbed import outputs, settings, terminal
from testbed.aws import Aws

COLOURS: Final = {
    Change.CREATED: "green",
    Change.UPDATED: "yellow",
    Change.UNCHANGED: "dim",
    Change.DESTROYED: "red",
    Change.ABSENT: "dim",
    Change.KEPT: "yellow",
}


def main() -> None:
    """Provision the target that is up and keep the addresses."""
    wanted = settings.load()
    running = targets.running(wanted)
    outputs.write(wanted.state_dir, provision(running.aws, running.target))


def provision(aws: Aws, target: settings.Target) -> outputs.Outputs:
    """Make the pipeline what it should be and show, resource by resource, what that took.

    Raises:
        ProvisioningError: a resource cannot be had as it should be; run it again to go on.
    """
    with terminal.step("packaging the function") as note:
        zipped = package.build(_platform(target), uv=find_uv())
        note(f"the function is packaged for {zipped.architecture}")
    with ResourceTable(stack.RESOURCES) as table:
        return stack.apply(
            aws,
            target=target,
            code=zipped.path,
            architecture=zipped.architecture,
            on_row=table.add,
        )


def find_uv() -> Path:
    """The installer that made the environments."""
    return Path(bootstrap.find_uv())  # type: ignore[no-untyped-call]  # it runs on any Python 3


def _platform(target: settings.Target) -> package.Platform:
    """Where the function will run: on this machine's own system when embedded, else on Linux.

    Of the machine's own architecture: AWS has both, and a container has the machine's.
    """
    host = package.host_platform()
    return host if target == "embedded" else package.Platform("Linux", host.architecture)


class ResourceTable:
    """A table of resources that fills while work goes on; a pipe gets it when all is done."""

    def __init__(self, resources: tuple[str, ...]) -> None:
        self._resources = resources
        self._done: dict[str, Row] = {}
        self._live = Live(get_renderable=self._render, console=terminal.out, transient=True)

    def __enter__(self) -> Self:
        self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._live.stop()
        terminal.out.print(self._render())

    def add(self, row: Row) -> None:
        """Fill the line of one resource."""
        self._done[row.resource] = row

    def _render(self) -> Table:
        table = Table("resource", "", "", box=None, show_header=False, padding=(0, 2, 0, 0))
        for resource in self._resources:
            row = self._done.get(resource)
            change = f"[{COLOURS[row.change]}]{row.change}[/]" if row else "[dim]…[/]"
            table.add_row(f"  {resource}", change, f"[dim]{row.seconds:.2f} s[/]" if row else "")
        return table


if __name__ == "__main__":
    terminal.run(main)
