"""`make down`: stop the testbed with everything that it started; on AWS, remove the pipeline."""

from __future__ import annotations

from scripts import destroy
from targets import choose
from testbed import settings, terminal


def main() -> int:
    """Stop the emulator of the state folder; what it kept in memory is gone with it."""
    wanted = settings.load()
    if wanted.target == "aws":
        return destroy.main()
    with terminal.step("stopping the testbed") as note:
        stopped = choose.down(wanted.state_dir)
        note("the testbed is stopped" if stopped else "no testbed was up")
    return 0


if __name__ == "__main__":
    terminal.run(main)
