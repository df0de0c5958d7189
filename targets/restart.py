"""Stops a testbed and starts it as it was: same target, same port, same settings.

But for the settings that are set now: that is how one of them changes.
"""

from __future__ import annotations

import dataclasses
import os
from pathlib import Path

from localstack_standalone.launcher.record import Record
from targets import choose
from targets.base import Running
from testbed import settings, terminal
from testbed.errors import NotRunningError


def find(state_dir: Path) -> tuple[Running, Record]:
    """The emulator that is up in *state_dir*, with its record.

    Raises:
        NotRunningError: none is.
    """
    up = choose.find(state_dir)
    if up is None or up.record is None:
        raise NotRunningError(f"nothing runs from {state_dir}")
    return up, up.record


def changes(known: Record) -> bool:
    """Whether something is set now that it was not started with.

    Raises:
        SettingError: it is not usable.
    """
    wanted = settings.load()
    container = {"IMAGE_TAG": wanted.image_tag, "MEMORY": wanted.memory}
    asked = {name: text for name, text in container.items() if name in wanted.named}
    if known.target != "docker":
        asked = {}
    asked |= settings.for_emulator()
    return any(known.settings.get(name) != text for name, text in asked.items())


def as_it_was(known: Record) -> settings.Settings:
    """With what it is started again; the environment has the settings that are not set anew.

    Raises:
        SettingError: no start would take what is set now; the testbed stays up.
        SettingNameError: likewise.
    """
    for name, text in known.settings.items():
        os.environ.setdefault(name, text)
    target: settings.Target = "docker" if known.target == "docker" else "embedded"
    again = dataclasses.replace(settings.load(), target=target, port=known.port)
    settings.refuse_undoing(os.environ)
    settings.for_emulator()
    return again


def stop(state_dir: Path) -> None:
    """Stop it, and say so."""
    with terminal.step("stopping the testbed") as note:
        choose.down(state_dir)
        note("the testbed is stopped")
