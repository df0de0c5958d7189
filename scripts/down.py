"""`make down`: stop the testbed with everything that it started; on AWS, remove the pipeline."""

from __future__ import annotations

from scripts import destroy
from targets import choose, kept_state
from testbed import settings, terminal


def main() -> int:
    """Stop the emulator of the state folder; what it had in memory alone is gone with it."""
    wanted = settings.load()
    if wanted.target == "aws":
        return destroy.main()
    up = choose.find(wanted.state_dir)
    report = kept_state.fetch(up.endpoint) if up and up.endpoint else None
    with terminal.step("stopping the testbed") as note:
        stopped = choose.down(wanted.state_dir)
        note("the testbed is stopped" if stopped else "no testbed was up")
    if report is not None:
        terminal.out.print(
            f"kept: {report}; `make up` goes on with that, `make reset` empties it, PERSIST=0 does "
            "not keep"
        )
    return 0


if __name__ == "__main__":
    terminal.run(main)
