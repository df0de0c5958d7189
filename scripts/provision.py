"""`make provision`: bring the pipeline in the running testbed to what this checkout says.

With PLAN=1 it says what that would change, and changes nothing.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from infra import package, stack
from scripts import on_aws
from scripts.resource_table import ResourceTable, show
from targets import choose
from testbed import outputs, setting_table, settings, terminal

if TYPE_CHECKING:
    from infra.resource import ResourcePlan
    from targets.base import Running
    from testbed.aws import Aws


def main() -> None:
    """Provision the target that is up and keep the addresses; or say what that would change."""
    wanted = settings.load()
    running = choose.running(wanted)
    if setting_table.is_on(os.environ, "PLAN"):
        show(_plan(running, wanted))
        terminal.out.print("Nothing was touched")
        return
    outputs.write(wanted.state_dir, provision_running(running, wanted))


def provision_running(running: Running, wanted: settings.Settings) -> outputs.Outputs:
    """The same for whichever target; on AWS it is asked first.

    Raises:
        ProvisioningError: a resource cannot be had as it should be; run it again to go on.
        DeclinedError, UnconfirmedError: nobody agreed.
    """
    if running.target == "aws":
        return on_aws.provision(running.aws, wanted)
    return provision(running.aws, running.target)


def provision(aws: Aws, target: settings.Target) -> outputs.Outputs:
    """Make the pipeline what it should be and show, resource by resource, what that took.

    Raises:
        ProvisioningError: a resource cannot be had as it should be; run it again to go on.
    """
    zipped = _package(target)
    with ResourceTable([each.title for each in stack.RESOURCES]) as table:
        return stack.apply(
            aws,
            target=target,
            package=zipped,
            on_settled=table.add,
        )


def _plan(running: Running, wanted: settings.Settings) -> list[ResourcePlan]:
    if running.target == "aws":
        return on_aws.plan(running.aws, wanted)
    zipped = _package(running.target)
    with terminal.step("reading what is there"):
        return stack.plan(running.aws, package=zipped)


def _package(target: settings.Target) -> package.Package:
    with terminal.step("packaging the function") as note:
        zipped = package.build(package.platform_of(target), uv=settings.uv())
        note(f"the function is packaged for {zipped.architecture}")
        return zipped


if __name__ == "__main__":
    terminal.run(main)
