"""`make load NAME=lesson-1`: the running testbed goes on with a state that was saved.

What is there before is saved first, as before-load-…, so that nothing is lost. The testbed is
started anew with the state, at the same address; the pipeline is then brought to what this checkout
says, which changes nothing where the state has that already.
"""

from __future__ import annotations

import datetime as dt
import os

from scripts import restart
from scripts.up import bring_up
from targets import choose, kept_state, state
from testbed import settings, terminal
from testbed.errors import EmulatorError


def main() -> None:
    """Load the file.

    Raises:
        NotRunningError: no testbed is up.
        EmulatorError: it keeps nothing; or the file is none that it reads, and nothing was changed.
        SettingError: NAME is none.
    """
    wanted = settings.load()
    name = kept_state.name_of(os.environ)
    file = kept_state.file_of(os.environ, wanted.state_dir, name)
    if not file.is_file():
        raise EmulatorError(f"{file} is not there; `make snapshots` lists those that are")
    _, known = restart.find(wanted.state_dir)
    again = restart.as_it_was(known)
    before = f"before-load-{dt.datetime.now(dt.UTC):%Y%m%dT%H%M%SZ}"
    with terminal.step("saving what is there") as note:
        kept_state.save(
            known.endpoint, before, kept_state.in_folder(wanted.state_dir / state.SNAPSHOTS, before)
        )
        note(f"what was there is saved; `make load NAME={before}` goes back to it")
    with terminal.step("checking the snapshot") as note:
        kept_state.load(known.endpoint, file)
        note(f"the snapshot is one that can be loaded: {kept_state.SavedState.of(file)}")
    restart.stop(wanted.state_dir)
    started = choose.start(again)
    report = kept_state.fetch(started.endpoint or "")
    if report is not None and any(each.now for each in report.unread):
        bring_up(again)
        raise EmulatorError(
            f"the snapshot's records could not be read, and the testbed is empty; "
            f"`make load NAME={before}` goes back to what was there"
        )
    bring_up(again)


if __name__ == "__main__":
    terminal.run(main)
