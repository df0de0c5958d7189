"""Which program runs which Lambda runtime."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from typing import Final

from localstack_standalone import nodes

SETTING: Final = "LAMBDA_PROCESS_RUNTIMES"
# Those that bring their own program: they are everywhere.
OS_ONLY: Final = ("provided.al2023", "provided.al2")
_PYTHON: Final = re.compile(r"python3\.\d+")
_NODES: Final = frozenset(map(nodes.identifier_of, nodes.MAJORS))
_PROBE: Final = "import awslambdaric, sys; print('python%d.%d' % sys.version_info[:2])"


class RuntimeSettingError(ValueError):
    """LAMBDA_PROCESS_RUNTIMES does not name usable programs."""


def find(environ: Mapping[str, str] | None = None) -> dict[str, str]:
    """The Lambda runtimes of this machine that are programs of it: identifier → program.

    Taken from LAMBDA_PROCESS_RUNTIMES (``python3.13=/path/to/python``, ``nodejs22.x=/path/node``,
    several of them with the system's path separator between), else every ``python3.x`` on PATH
    that has awslambdaric, and every Node.js.

    Raises:
        RuntimeSettingError: the setting cannot be read, or a program in it is not one.
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
    return found | nodes.find(environ)


def is_python(identifier: str) -> bool:
    """Whether a runtime is a Python, whose client a zygote can fork."""
    return _PYTHON.fullmatch(identifier) is not None


def is_node(identifier: str) -> bool:
    """Whether a runtime is a Node.js."""
    return identifier in _NODES


def _parse(part: str) -> tuple[str, str]:
    name, _, python = part.partition("=")
    if not (is_python(name) or is_node(name)) or not python:
        raise RuntimeSettingError(
            f"{SETTING}: {part!r} is not of the form python3.13=/path/python, or "
            "nodejs22.x=/path/node"
        )
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
