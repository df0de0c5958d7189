"""`make load NAME=lesson-1`: the running testbed goes on with a state that was saved.

What is there before is saved first, as before-load-…, so that nothing is lost. The testbed is
started anew with the state, at the same address; the pipeline is then brought to what this checkout
says, which changes nothing where the state has that already.
"""

from __future__ import annotations

import datetime as dt
import os

from scripts.up import fill
from targets import choose, kept_state, restart, state
from testbed import settings, terminal
from testbed.errors import EmulatorError, TestbedError


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
    saved = kept_state.in_folder(wanted.state_dir / state.SNAPSHOTS, before)
    with terminal.step("saving what is there") as note:
        kept_state.save(known.endpoint, before, saved)
        note(f"what was there is saved; `make load NAME={before}` goes back to it")
    with terminal.step("checking the snapshot") as note:
        try:
            kept_state.load(known.endpoint, file)
        except TestbedError:
            saved.unlink()  # nothing was changed
            raise
        note(f"the snapshot can be loaded: {kept_state.SavedState.of(file)}")
    restart.stop(wanted.state_dir)
    started = choose.start(again)
    fill(started, again)
    report = kept_state.fetch(started.endpoint or "")
    if report is not None and any(each.now for each in report.unread):
        raise EmulatorError(
            "the snapshot's records could not be read, so nothing of it was loaded; "
            f"`make load NAME={before}` goes back to what was there"
        )


if __name__ == "__main__":
    terminal.run(main)
