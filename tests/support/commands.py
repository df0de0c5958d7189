"""Runs the Makefile's commands as a person does."""

from __future__ import annotations

import os
import subprocess

from testbed.settings import ROOT

# What a make around these tests, or its user, has set is not meant for the commands in them.
FOREIGN = (
    "MAKE",
    "MFLAGS",
    "TESTBED_",
    "PORT",
    "STATE_DIR",
    "TARGET",
    "TUNING",
    "LAMBDA_",
    "DEBUG",
)


def make(*words: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """What ``make`` *words* says and exits with, in this checkout."""
    own = {name: text for name, text in os.environ.items() if not name.startswith(FOREIGN)}
    return subprocess.run(
        ["make", "--no-print-directory", *words],
        cwd=ROOT,
        env={**own, **environ},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=110,
        check=False,
    )
