"""Which Python runs which Lambda runtime."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from typing import Final

SETTING: Final = "LAMBDA_PROCESS_RUNTIMES"
_NAME: Final = re.compile(r"python3\.\d+")
_PROBE: Final = "import awslambdaric, sys; print('python%d.%d' % sys.version_info[:2])"


class RuntimeSettingError(ValueError):
    """LAMBDA_PROCESS_RUNTIMES does not name usable Pythons."""


def find(environ: Mapping[str, str] | None = None) -> dict[str, str]:
    """The Lambda runtimes of this machine: identifier → Python interpreter.

    Taken from LAMBDA_PROCESS_RUNTIMES (``python3.13=/path/to/python``, several of them with the
    system's path separator between), else every ``python3.x`` on PATH that has awslambdaric.

    Raises:
        RuntimeSettingError: the setting cannot be read, or an interpreter in it is not one.
    """
    environ = os.environ if environ is None else environ
    setting = environ.get(SETTING, "")
    if setting:
        return dict(_parse(part) for part in setting.split(os.pathsep) if part)
    found = {}
    for minor in range(9, 20):
        name = f"python3.{minor}"
        python = shutil.which(name, path=environ.get("PATH"))
        if python and _has_client(python, name):
            found[name] = python
    return found


def _parse(part: str) -> tuple[str, str]:
    name, _, python = part.partition("=")
    if not _NAME.fullmatch(name) or not python:
        raise RuntimeSettingError(f"{SETTING}: {part!r} is not of the form python3.13=/path/python")
    if not os.access(python, os.X_OK):
        raise RuntimeSettingError(f"{SETTING}: {python!r} (for {name}) is not an executable file")
    return name, python


def _has_client(python: str, name: str) -> bool:
    try:
        probe = subprocess.run(
            [python, "-I", "-c", _PROBE],
            capture_output=True,
            text=True,
            timeout=20,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return probe.stdout.strip() == name
