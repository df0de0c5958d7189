"""`make up`: start the testbed, provision the pipeline, and return when a request would succeed."""

from __future__ import annotations

from rich.markup import escape

from scripts import provision, targets
from testbed import outputs, settings, terminal


def main() -> None:
    """Bring the testbed up and say where it is."""
    brought = bring_up(settings.load())
    terminal.out.print(f'\nPOST {{"key": …}} to [bold]{brought.api_url}[/]')
    terminal.out.print("Next: `make demo`, `make process IMAGE=…`, `make test`, `make down`")


def bring_up(wanted: settings.Settings) -> outputs.Outputs:
    """Start what is not up, provision what is not there, and keep the outputs.

    Raises:
        TestbedError: it could not be brought up; the message says why and what to do.
    """
    choice = targets.choose(wanted)
    terminal.out.print(f"target [bold]{choice.target}[/] ({escape(choice.why)})")
    started = targets.start(wanted, choice)
    provisioned = provision.provision(started.aws, started.target)
    outputs.write(wanted.state_dir, provisioned)
    return provisioned


if __name__ == "__main__":
    terminal.run(main)
