"""`make up`: start the testbed, provision the pipeline, and return when a request would succeed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.markup import escape

from scripts import provision
from targets import choose, kept_state
from testbed import outputs, settings, terminal

if TYPE_CHECKING:
    from targets.base import Running


def main() -> None:
    """Bring the testbed up and say where it is."""
    brought = bring_up(settings.load())
    terminal.out.print(f'\nPOST {{"key": …}} to [bold]{brought.api_url}[/]')
    if brought.target == "aws":
        terminal.out.print("Next: `make process TARGET=aws IMAGE=…`, `make test-aws`")
    else:
        terminal.out.print("Next: `make demo`, `make process IMAGE=…`, `make test`, `make down`")


def bring_up(wanted: settings.Settings) -> outputs.Outputs:
    """Start what is not up, provision what is not there, and keep the outputs.

    On AWS nothing is made before somebody agrees.

    Raises:
        TestbedError: it could not be brought up; the message says why and what to do.
    """
    return fill(choose.start(wanted), wanted)


def fill(started: Running, wanted: settings.Settings) -> outputs.Outputs:
    """Provision what is not there in the target that is up, and keep the outputs.

    Raises:
        TestbedError: it could not be done; the message says why and what to do.
    """
    _tell_of_unread(started)
    provisioned = provision.provision_running(started, wanted)
    outputs.write(wanted.state_dir, provisioned)
    return provisioned


def _tell_of_unread(started: Running) -> None:
    """Say at once what of before could not be read, and where it is now."""
    report = kept_state.fetch(started.endpoint) if started.endpoint else None
    for each in report.unread if report else ():
        if each.now:
            terminal.err.print(
                f"[yellow bold]the state of before was not read:[/] {escape(each.why)}"
            )
            terminal.err.print(
                f"It was set aside in {each.where}, and the testbed starts empty; `make load` goes "
                "back to a snapshot, `make status` tells of this until that folder is gone",
                markup=False,
            )


if __name__ == "__main__":
    terminal.run(main)
