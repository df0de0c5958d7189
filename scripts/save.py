"""`make save NAME=lesson-1`: keep the state of the running testbed as one file.

It has objects, executions, functions, logs: all that is kept. FILE says where it goes, to be handed
on; else it is in the state folder, and `make snapshots` lists it.
"""

from __future__ import annotations

import os

from targets import kept_state, restart
from testbed import settings, terminal


def main() -> None:
    """Write the file.

    Raises:
        NotRunningError: no testbed is up.
        EmulatorError: it keeps nothing, or the file is there already.
        SettingError: NAME is none.
    """
    wanted = settings.load()
    name = kept_state.name_of(os.environ)
    target = kept_state.file_of(os.environ, wanted.state_dir, name)
    _, known = restart.find(wanted.state_dir)
    with terminal.step("saving the state") as note:
        kept_state.save(known.endpoint, name, target)
        size = kept_state.size_in_words(target.stat().st_size)
        note(f"the state is saved: {kept_state.SavedState.of(target)}, {size}")
    terminal.out.print(f"{target}\n`make load {kept_state.named(os.environ)}` goes back to it")


if __name__ == "__main__":
    terminal.run(main)
