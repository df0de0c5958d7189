"""`make reset`: the running testbed as new: no images, no executions, no logs, same address.

It goes on running, unless a setting is another one now: then it is started anew with that. The
others stay as they were when it was started, and so do snapshots.
"""

from __future__ import annotations

from scripts.up import fill
from targets import choose, kept_state, restart
from testbed import settings, terminal
from testbed.errors import NotRunningError, TestbedError


def main() -> None:
    """Empty the testbed that is up, and provision the pipeline again.

    Raises:
        NotRunningError: none is up.
        TestbedError: AWS itself is no testbed to be reset.
        SettingError: no start would take what is set now; the testbed stays as it is.
        SettingNameError: likewise.
    """
    wanted = settings.load()
    if wanted.target == "aws":
        raise TestbedError("on AWS nothing is reset; `make destroy` and `make up` make it anew")
    up, known = restart.find(wanted.state_dir)
    is_other = restart.changes(known)
    again = restart.as_it_was(known)
    if is_other or not _is_emptied(known.endpoint):
        restart.stop(wanted.state_dir)
        # What was kept is there again, unless PERSIST=0.
        up = choose.start(again)
        if up.endpoint is None or not _is_emptied(up.endpoint):
            raise NotRunningError(f"nothing runs from {wanted.state_dir}")
    fill(up, again)


def _is_emptied(endpoint: str) -> bool:
    """Whether the emulator at *endpoint* could be emptied; not where it does not answer."""
    with terminal.step("emptying the testbed") as note:
        try:
            kept_state.reset(endpoint)
        except NotRunningError:
            note("the testbed does not answer; it is started anew")
            return False
        note("the testbed is empty")
    return True


if __name__ == "__main__":
    terminal.run(main)
