"""`make outputs`: the addresses of the pipeline that is up, as JSON and nothing else."""

from __future__ import annotations

import sys

from targets import choose
from testbed import outputs, settings, terminal


def main() -> int:
    """Print the outputs.

    Raises:
        NotRunningError: no pipeline was provisioned from this state folder.
    """
    wanted = settings.load()
    choose.running(wanted)  # outputs of an emulator that died are not given
    sys.stdout.write(outputs.read(wanted.state_dir).to_json() + "\n")
    return 0


if __name__ == "__main__":
    terminal.run(main)
