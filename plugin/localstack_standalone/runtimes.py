"""What Lambda functions run under: each Node.js of this machine, and Pythons that are made for it.

A Python's runtime is an environment with AWS's runtime client and the boto3 beside it, from the
hashed locks in `requirements/`. Each is made once and kept in the user's cache, named by all that
it depends on. For Node.js nothing is made: AWS's clients for it are in this package.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Final

import filelock

from localstack_standalone import nodes

LOCKS: Final = Path(__file__).parent / "requirements"
# Written last: what has it is whole.
COMPLETE: Final = "complete"
PROBE_TIMEOUT_S: Final = 20.0
# An index that sends a byte now and then is no reason to wait for ever.
MAKE_TIMEOUT_S: Final = 600.0
_IDENTIFIER: Final = re.compile(r"python3\.\d+")
_PROBE: Final = """
import importlib.util, json, os, sys
print(json.dumps({
    "version": list(sys.version_info[:3]),
    "base": os.path.realpath(getattr(sys, "_base_executable", sys.executable)),
    "has_client": importlib.util.find_spec("awslambdaric") is not None,
}))
"""

type Progress = Callable[[str], None]


class RuntimeUnavailableError(Exception):
    """A Lambda runtime was asked for that is not there and could not be made."""


@dataclasses.dataclass(frozen=True)
class Interpreter:
    """A Python of this machine.

    Attributes:
        path: what was named or found.
        version: its version, three numbers.
        base: the interpreter that an environment of it would run.
        has_client: whether AWS's runtime client is in it, so that it is a runtime already.
    """

    path: str
    version: tuple[int, int, int]
    base: str
    has_client: bool

    @property
    def identifier(self) -> str:
        """What AWS calls a runtime of this Python: ``python3.13``."""
        return "python{}.{}".format(*self.version)


def ensure(wanted: Iterable[str], progress: Progress) -> dict[str, str]:
    """The Lambda runtimes that functions may ask for: identifier → program.

    Args:
        wanted: ``python3.12`` for the one on PATH, ``python3.12=/path/to/python`` for another; an
            interpreter that has awslambdaric is used as it is. There is always one for the Python
            that runs this, which need not be named, nor need a Node.js that `nodes.find` finds;
            ``nodejs22.x=/path/to/node`` names another.
        progress: is told what takes seconds.

    Raises:
        RuntimeUnavailableError: one of them cannot be had; the message says what to do.
    """
    # What is installed beside LocalStack is not what a function finds on AWS.
    own = dataclasses.replace(_look(sys.executable), has_client=False)
    named = set(wanted)
    of_node = {word for word in named if word.startswith("nodejs")}
    found = {python.identifier: python for python in (own, *map(_named, named - of_node))}
    here = nodes.find()
    return (
        {name: _runtime(python, progress) for name, python in found.items()}
        | here
        | dict(_named_node(word, here) for word in of_node)
    )


def cache_folder() -> Path:
    """Where runtimes are kept for this user."""
    given = Path(os.environ.get("XDG_CACHE_HOME", ""))
    usual = Path.home() / ("Library/Caches" if sys.platform == "darwin" else ".cache")
    # A relative one is to be ignored (XDG Base Directory Specification).
    return (given if given.is_absolute() else usual) / "localstack-standalone"


def _named(word: str) -> Interpreter:
    identifier, _, path = word.partition("=")
    if not _IDENTIFIER.fullmatch(identifier):
        raise RuntimeUnavailableError(
            f"{word!r} names no runtime: say python3.12, or python3.12=/path/to/python; "
            "nodejs22.x, or nodejs22.x=/path/to/node"
        )
    path = path or shutil.which(identifier) or ""
    if not path:
        raise RuntimeUnavailableError(
            f"no {identifier} is on PATH: install it, or say where it is, as in "
            f"{identifier}=/path/to/python"
        )
    python = _look(path)
    if python.identifier != identifier:
        raise RuntimeUnavailableError(
            f"{path} is Python {python.identifier.removeprefix('python')}, not {identifier}"
        )
    return python


def _named_node(word: str, here: Mapping[str, str]) -> tuple[str, str]:
    identifier, _, path = word.partition("=")
    known = [nodes.identifier_of(major) for major in nodes.MAJORS]
    if identifier not in known:
        raise RuntimeUnavailableError(
            f"{word!r} names no runtime: of Node.js there are {', '.join(known)}; say one of them, "
            "or nodejs22.x=/path/to/node"
        )
    program = path or here.get(identifier, "")
    if not program:
        raise RuntimeUnavailableError(
            f"no Node.js for {identifier} is on PATH, nor where version managers keep theirs: "
            f"install it, or say where it is, as in {identifier}=/path/to/node"
        )
    if nodes.identify(program) != identifier:
        raise RuntimeUnavailableError(f"{program} does not run as the Node.js of {identifier}")
    return identifier, program


def _look(path: str) -> Interpreter:
    try:
        done = subprocess.run(
            [path, "-I", "-c", _PROBE],
            capture_output=True,
            text=True,
            timeout=PROBE_TIMEOUT_S,
            check=False,
        )
        told = json.loads(done.stdout or "null")
    except (OSError, ValueError, subprocess.TimeoutExpired) as error:
        raise RuntimeUnavailableError(f"{path} does not run as a Python: {error}") from error
    if told is None:
        raise RuntimeUnavailableError(f"{path} does not run as a Python:\n{_tail(done.stderr)}")
    return Interpreter(path, tuple(told["version"]), told["base"], told["has_client"])


def _runtime(python: Interpreter, progress: Progress) -> str:
    """The interpreter of a runtime for functions that ask for *python*'s identifier."""
    if python.has_client:
        return python.path
    lock = _lock(python.identifier)
    depends_on = (lock.read_bytes(), repr((python.base, python.version)).encode())
    key = hashlib.sha256(b"".join(depends_on)).hexdigest()[:12]
    home = cache_folder() / "runtimes" / f"{python.identifier}-{key}"
    if not _is_whole(home):
        home.parent.mkdir(parents=True, exist_ok=True)
        with filelock.FileLock(f"{home}.lock"):
            if not _is_whole(home):  # another may have made it while we waited
                _make(home, python, lock, progress)
    return str(home / "bin" / "python")


def _lock(identifier: str) -> Path:
    own = LOCKS / f"lambda-runtime-{identifier}.lock"
    return own if own.exists() else LOCKS / "lambda-runtime.lock"


def _is_whole(home: Path) -> bool:
    return (home / COMPLETE).exists() and (home / "bin" / "python").exists()


def _make(home: Path, python: Interpreter, lock: Path, progress: Progress) -> None:
    """Build the environment in *home*; one that was cut off is begun anew."""
    progress(f"making the Lambda runtime {python.identifier}, once, in {home} …")
    started = time.monotonic()
    shutil.rmtree(home, ignore_errors=True)
    for command in _commands(home, python, lock):
        _run(command, python)
    (home / COMPLETE).touch()
    progress(f"made {python.identifier} in {time.monotonic() - started:.1f} s")


def _commands(home: Path, python: Interpreter, lock: Path) -> tuple[list[str], list[str]]:
    """What makes an environment: uv where it is there, which takes a second, else venv and pip."""
    inside, hashed = f"{home}/bin/python", ["--quiet", "--require-hashes", "-r", str(lock)]
    if uv := shutil.which("uv"):
        return (
            [uv, "venv", "--quiet", "--no-project", "--python", python.base, str(home)],
            [uv, "pip", "install", "--python", inside, *hashed],
        )
    return (
        [python.base, "-m", "venv", str(home)],
        [inside, "-m", "pip", "--disable-pip-version-check", "install", *hashed],
    )


def _run(command: list[str], python: Interpreter) -> None:
    environ = {name: text for name, text in os.environ.items() if not name.startswith("PYTHON")}
    try:
        subprocess.run(
            command,
            env=environ,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=MAKE_TIMEOUT_S,
            check=True,
        )
    except subprocess.SubprocessError as error:
        told = error.stdout if isinstance(error, subprocess.CalledProcessError) else str(error)
        raise RuntimeUnavailableError(
            f"the Lambda runtime {python.identifier} could not be made:\n{_tail(told)}\n"
            "It is made once, of packages from the index that pip or uv is set up for: try again "
            "when that can be reached, or name a Python that has awslambdaric already: "
            f"{python.identifier}=/path/to/python"
        ) from error


def _tail(text: str, lines: int = 6) -> str:
    """The last *lines* of *text*, indented."""
    return "\n".join(f"    {line}" for line in text.strip().splitlines()[-lines:])
