"""`make reset`: the running testbed as new: no images, no executions, no logs, same address.

The settings that it was started with stay as well, but for those that are set now.
"""

from __future__ import annotations

import dataclasses
import os

from scripts import targets
from scripts.up import bring_up
from testbed import settings, terminal
from testbed.errors import NotRunningError, TestbedError


def main() -> None:
    """Stop the testbed and bring it up again, on its target and its port.

    Raises:
        NotRunningError: none is up.
        TestbedError: AWS itself is no testbed to be reset.
    """
    wanted = settings.load()
    if wanted.target == "aws":
        raise TestbedError("on AWS nothing is reset; `make destroy` and `make up` make it anew")
    up = targets.find(wanted.state_dir)
    if up is None:
        raise NotRunningError(f"nothing runs from {wanted.state_dir}")
    with terminal.step("stopping the testbed") as note:
        targets.stop(wanted.state_dir)
        note("the testbed is stopped, and all in it is gone")
    for name, text in up.settings.items():  # it keeps what is not set anew
        os.environ.setdefault(name, text)
    bring_up(dataclasses.replace(wanted, target=targets.target_of(up), port=up.port))


if __name__ == "__main__":
    terminal.run(main)
