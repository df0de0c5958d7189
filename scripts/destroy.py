"""`make destroy`: remove what `make provision` made, images included, and nothing else."""

from __future__ import annotations

from infra import stack
from scripts import on_aws
from scripts.resource_table import ResourceTable
from targets import choose
from testbed import outputs, settings, terminal


def main() -> int:
    """Destroy the pipeline of the target that is up, and forget its addresses.

    Returns:
        0; on AWS 1 where something of it is still there.
    """
    wanted = settings.load()
    running = choose.running(wanted)
    if running.target == "aws":
        if left := on_aws.remove(running.aws, wanted):
            return left
    else:
        with ResourceTable([each.title for each in reversed(stack.RESOURCES)]) as table:
            stack.destroy(running.aws, on_settled=table.add)
    outputs.forget(wanted.state_dir)
    return 0


if __name__ == "__main__":
    terminal.run(main)
