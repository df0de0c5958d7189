"""The Node.js of this machine: on PATH, and where version managers keep theirs.

Runs under any Python 3.8 with the standard library alone: `make doctor` asks before anything is
installed.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

# Those that Lambda has; AWS blocks the creation of functions for older ones.
MAJORS = (20, 22, 24)
PROBE_TIMEOUT_S = 20.0
_VERSION = re.compile(r"v(\d+)\.\d+\.\d+")
# Where version managers keep a major version, below the home folder or what their variable says.
_KEPT = (
    ("NVM_DIR", ".nvm", "versions/node/v{}.*/bin/node"),
    ("FNM_DIR", ".local/share/fnm", "node-versions/v{}.*/installation/bin/node"),
    ("VOLTA_HOME", ".volta", "tools/image/node/{}.*/bin/node"),
    ("ASDF_DATA_DIR", ".asdf", "installs/nodejs/{}.*/bin/node"),
    ("MISE_DATA_DIR", ".local/share/mise", "installs/node/{}.*/bin/node"),
    ("NODENV_ROOT", ".nodenv", "versions/{}.*/bin/node"),
    ("HOMEBREW_PREFIX", "/opt/homebrew", "opt/node@{}/bin/node"),
)


def find(environ: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Each Node.js that a Lambda runtime can be: identifier → program.

    The one on PATH first; of several that a version manager keeps the newest.
    """
    found: dict[str, str] = {}
    for program in _on_path(environ):
        identifier = identify(program)
        if identifier:
            found.setdefault(identifier, program)
    for major in MAJORS:
        if identifier_of(major) not in found:
            for program in _kept(major, environ):
                if identify(program) == identifier_of(major):
                    found[identifier_of(major)] = program
                    break
    return dict(sorted(found.items()))


def identifier_of(major: int) -> str:
    """What AWS calls the runtime of a Node.js: ``nodejs22.x``."""
    return f"nodejs{major}.x"


def identify(program: str) -> str | None:
    """The runtime that *program* can be; None if it is none of these, or does not run."""
    try:
        done = subprocess.run(
            [program, "--version"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            timeout=PROBE_TIMEOUT_S,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    version = _VERSION.match(done.stdout)
    major = int(version.group(1)) if version else 0
    return identifier_of(major) if major in MAJORS else None


def _on_path(environ: Mapping[str, str]) -> Iterator[str]:
    names = ("node", "nodejs", *(f"node{major}" for major in MAJORS))
    programs = (shutil.which(name, path=environ.get("PATH")) for name in names)
    # Debian's `nodejs` is a link to its `node`, or the other way round.
    by_file = {os.path.realpath(program): program for program in programs if program}
    return iter(by_file.values())


def _kept(major: int, environ: Mapping[str, str]) -> list[str]:
    """The newest first."""
    home = Path(environ.get("HOME") or Path.home())
    found = [
        path
        for variable, usual, pattern in _KEPT
        for path in Path(environ.get(variable) or home / usual).glob(pattern.format(major))
    ]
    return [str(path) for path in sorted(found, key=_numbers, reverse=True)]


def _numbers(path: Path) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", str(path))]
