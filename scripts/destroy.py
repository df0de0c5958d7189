"""`make destroy`: remove what `make provision` made, images included, and nothing else."""

from __future__ import annotations

from infra import stack
from scripts import targets
from scripts.provision import ResourceTable
from testbed import outputs, settings, terminal


def main() -> None:
    """Destroy the pipeline of the target that is up, and forget its addresses."""
    wanted = settings.load()
    running = targets.running(wanted)
    with ResourceTable(tuple(reversed(stack.RESOURCES))) as table:
        stack.destroy(running.aws, on_row=table.add)
    outputs.forget(wanted.state_dir)


if __name__ == "__main__":
    terminal.run(main)
