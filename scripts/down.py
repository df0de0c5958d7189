"""`make down`: stop the testbed with everything that it started."""

from __future__ import annotations

from scripts import targets
from testbed import settings, terminal


def main() -> None:
    """Stop the emulator of the state folder; what it kept in memory is gone with it."""
    wanted = settings.load()
    with terminal.step("stopping the testbed") as note:
        stopped = targets.stop(wanted.state_dir)
        note("the testbed is stopped" if stopped else "no testbed was up")


if __name__ == "__main__":
    terminal.run(main)
