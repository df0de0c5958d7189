"""Finds the Chromium that is on this machine: Playwright drives it, and brings none of its own."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from testbed.errors import TestbedError

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Playwright

SETTING: Final = "CHROMIUM"
NAMES: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
# It talks to 127.0.0.1 alone: nothing is looked up, updated or reported. In a container, where all
# is root's, Chromium's own sandbox does not work.
ARGUMENTS: Final = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def find(environ: Mapping[str, str] = os.environ) -> str:
    """Path of the browser: what CHROMIUM names, else what is on PATH.

    Raises:
        TestbedError: there is none; the message says how to get one.
    """
    given = environ.get(SETTING)
    for name in [given] if given else NAMES:
        if path := shutil.which(name):
            return path
    raise TestbedError(
        "no Chromium is on this machine. Debian and Ubuntu: apt-get install chromium; elsewhere "
        f"install Chromium or Chrome, or name the program: {SETTING}=/path/to/it"
    )


def launch(playwright: Playwright, *arguments: str) -> Browser:
    """Start the browser without a window, with further *arguments*.

    Raises:
        TestbedError: there is none.
    """
    return playwright.chromium.launch(executable_path=find(), args=[*ARGUMENTS, *arguments])
