"""`make reset`: the running testbed as new: no images, no executions, no logs, same address.

The settings that it was started with stay as well, but for those that are set now.
"""

from __future__ import annotations

import dataclasses
import os

from scripts.up import bring_up
from targets import choose
from testbed import settings, terminal
from testbed.errors import NotRunningError, TestbedError


def main() -> None:
    """Stop the testbed and bring it up again, on its target and its port.

    Raises:
        NotRunningError: none is up.
        TestbedError: AWS itself is no testbed to be reset.
        SettingError: no start would take what is set now; the testbed stays up.
        SettingNameError: likewise.
    """
    wanted = settings.load()
    if wanted.target == "aws":
        raise TestbedError("on AWS nothing is reset; `make destroy` and `make up` make it anew")
    up = choose.find(wanted.state_dir)
    if up is None or up.record is None:
        raise NotRunningError(f"nothing runs from {wanted.state_dir}")
    for name, text in up.record.settings.items():  # it keeps what is not set anew
        os.environ.setdefault(name, text)
    anew = dataclasses.replace(settings.load(), target=up.target, port=up.record.port)
    settings.refuse_undoing(os.environ)
    settings.for_emulator()
    with terminal.step("stopping the testbed") as note:
        choose.down(wanted.state_dir)
        note("the testbed is stopped, and all in it is gone")
    bring_up(anew)


if __name__ == "__main__":
    terminal.run(main)
