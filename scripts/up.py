"""`make up`: start the testbed, provision the pipeline, and return when a request would succeed."""

from __future__ import annotations

from scripts import provision
from targets import choose
from testbed import outputs, settings, terminal


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
    started = choose.start(wanted)
    provisioned = provision.provision_running(started, wanted)
    outputs.write(wanted.state_dir, provisioned)
    return provisioned


if __name__ == "__main__":
    terminal.run(main)
