"""Whether functions run in sandboxes: what is wanted, and what this machine allows."""

from __future__ import annotations

import dataclasses
import json
import logging
import os
import subprocess
import threading
from collections.abc import Mapping
from concurrent.futures import Future
from typing import Final

from localstack_standalone.lambda_process.zygote.process import GUEST

LOG = logging.getLogger(__name__)

SETTING: Final = "LAMBDA_SANDBOX"
AUTO: Final = "auto"
REQUIRE: Final = "require"
OFF: Final = "off"
WANTED: Final = (AUTO, REQUIRE, OFF)
PROBE: Final = GUEST.with_name("_lambda_probe.py")
PROBE_TIMEOUT_S: Final = 20.0


class SandboxSettingError(ValueError):
    """LAMBDA_SANDBOX is none of `WANTED`, or requires what this machine does not allow."""


@dataclasses.dataclass(frozen=True)
class Confinement:
    """What keeps functions from the machine.

    Attributes:
        sandboxed: whether each environment has a sandbox, from the kernel.
        why: why not.
        advice: what would allow it, where that is known.
    """

    sandboxed: bool
    why: str = ""
    advice: str = ""


def unconfined() -> Confinement:
    """Functions are ordinary processes."""
    return Confinement(sandboxed=False)


def wanted(environ: Mapping[str, str] | None = None) -> str:
    """What `SETTING` asks for.

    Raises:
        SandboxSettingError: it is none of `WANTED`.
    """
    value = (os.environ if environ is None else environ).get(SETTING) or AUTO
    if value not in WANTED:
        raise SandboxSettingError(f"{SETTING}={value!r}: use one of {', '.join(WANTED)}")
    return value


def try_out(python: str) -> Confinement:
    """Make a sandbox with *python*, and throw it away.

    Args:
        python: an interpreter; what it is called with needs nothing but its standard library.
    """
    try:
        tried = subprocess.run(
            [python, "-I", str(PROBE)],
            capture_output=True,
            text=True,
            timeout=PROBE_TIMEOUT_S,
            check=True,
            env={"PATH": os.environ.get("PATH", os.defpath)},
        )
        said = json.loads(tried.stdout)
    except (OSError, ValueError, subprocess.SubprocessError) as error:
        return Confinement(sandboxed=False, why=f"it could not be tried: {error}")
    last_words = tried.stderr.strip().splitlines()[-1:]  # of one that ended while it was made
    why = ": ".join([said["why"], *last_words]) if said["why"] else ""
    return Confinement(sandboxed=not why, why=why, advice=said["advice"])


class Sandboxes:
    """Finds out once, while all else starts. Thread-safe.

    Args:
        python: an interpreter that is there.
        wants: one of `WANTED`.
    """

    def __init__(self, python: str, wants: str) -> None:
        self._python, self._wants = python, wants
        self._found: Future[Confinement] = Future()
        self._begin()

    def confinement(self) -> Confinement:
        """What keeps functions from the machine; waits until that is known."""
        return self._found.result(2 * PROBE_TIMEOUT_S)

    def refuse_missing(self) -> None:
        """See that there are sandboxes where they are required.

        Raises:
            SandboxSettingError: there can be none.
        """
        if self._wants == REQUIRE and not self.confinement().sandboxed:
            raise SandboxSettingError(f"{SETTING}={REQUIRE}: {in_words(self.confinement())}")

    def renew(self) -> None:
        """After a fork: whoever was to find out is not here."""
        if not self._found.done():
            self._found = Future()
            self._begin()

    def _begin(self) -> None:
        if self._wants == OFF:
            self._found.set_result(Confinement(sandboxed=False, why=f"{SETTING}={OFF}"))
        else:
            threading.Thread(target=self._find, daemon=True, name="lambda-sandbox").start()

    def _find(self) -> None:
        found = try_out(self._python)
        if not found.sandboxed and self._wants == AUTO:
            LOG.warning("Lambda functions run without a sandbox: %s", in_words(found))
        self._found.set_result(found)


def in_words(found: Confinement) -> str:
    """Why there is no sandbox, and what would allow it."""
    return "; ".join(each for each in (found.why, found.advice) if each)
