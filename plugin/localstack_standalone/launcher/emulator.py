"""LocalStack as a background process of this machine, with our plugin and without Docker."""

from __future__ import annotations

import dataclasses
import os
import socket
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final

from localstack_standalone.launcher import environ, health, ports, process, record, state_folder
from localstack_standalone.launcher.errors import (
    OtherTargetError,
    StartError,
    UnknownServicesError,
    UnwellError,
)
from localstack_standalone.launcher.record import Record

if TYPE_CHECKING:
    import psutil

# What its records say that they are of.
TARGET: Final = "embedded"
LOG_NAME: Final = "emulator.log"
READY_TIMEOUT_S: Final = 60.0
POLL_S: Final = 0.05
OWN_FOLDER: Final = Path("/proc/self/cwd")
LOG_LINES_SHOWN: Final = 20


@dataclasses.dataclass(frozen=True)
class Installation:
    """What an emulator is started with.

    Attributes:
        python: of an environment that has LocalStack and this plugin.
        runtimes: the Pythons that Lambda functions run under: identifier → interpreter.
        services: all that it serves; none for all that LocalStack has.
        settings: what a person has set for it: LocalStack's and the plugin's variables.
        module: what the Python runs: LocalStack, or what brings another in its place.
        persist: whether its state survives it, in its folder.
    """

    python: Path
    runtimes: Mapping[str, str]
    services: Sequence[str] = ()
    settings: Mapping[str, str] = dataclasses.field(default_factory=dict)
    module: str = environ.MODULE
    persist: bool = False


def start(
    state_dir: Path,
    port: int | None,
    installed: Installation,
    *,
    tied: bool = False,
    control: socket.socket | None = None,
) -> Record:
    """Start an emulator, unless the one of *state_dir* is up, and wait until it is ready.

    Args:
        state_dir: folder for everything that it keeps.
        port: where to listen on 127.0.0.1; None for any free port, the one of before if that is.
        installed: what it is started with.
        tied: whether it shall end with this process, however this process ends.
        control: where it shall listen for requests for forks of itself; see `forks`.

    Raises:
        StateFolderError: something else is in *state_dir*.
        PortTakenError: somebody else listens there.
        OtherTargetError: one that is none of the launcher's was started there.
        OtherPortError: it is up on another port than *port*.
        OtherSettingsError: it is up with other settings.
        UnwellError: it is up, and does not serve.
        StartError: it did not come up (the message has the end of its log); nothing is left
            running.
    """
    state_folder.take(state_dir)
    with state_folder.exclusive(state_dir):
        known = status(state_dir)
        if known is not None:
            keep(known, state_dir, port, installed)
            return known
        return launch(state_dir, port, installed, tied=tied, control=control)


def keep(known: Record, state_dir: Path, port: int | None, installed: Installation) -> None:
    """See that the emulator that is up is what is asked for, and well.

    Raises:
        OtherPortError: it is on another port than *port*.
        OtherSettingsError: it was started with other settings.
        UnwellError: it does not serve.
    """
    known.refuse_other(state_dir, port, installed.settings)
    seen = health.check(known.endpoint, installed.services)
    if not seen.ready:
        raise UnwellError(known.pid, seen.seen)


def launch(
    state_dir: Path,
    port: int | None,
    installed: Installation,
    *,
    tied: bool = False,
    control: socket.socket | None = None,
) -> Record:
    """As `start`, where none is up, for whoever has taken *state_dir* and its lock."""
    port = port or ports.any_port(state_dir)
    ports.refuse_taken(port)
    _make_folders(state_dir)
    child = _spawn(state_dir, port, installed, tied=tied, control=control)
    started = record_of(child.pid, port, installed.settings)
    record.write(state_dir, started)
    ports.remember(state_dir, port)
    try:
        _wait_until_ready(child, started.endpoint, installed.services, log_path(state_dir))
    except BaseException:  # an interrupt too: nothing is left running
        stop(state_dir)
        raise
    return started


def record_of(pid: int, port: int, settings: Mapping[str, str]) -> Record:
    """The record of an emulator that was just started as process *pid*."""
    return Record(TARGET, port, {"pid": pid, "created": process.birth(pid)}, dict(settings))


def running(known: Record) -> psutil.Process | None:
    """The process of an emulator that was started here, if it is alive."""
    return process.find(known.pid, known.identity["created"])


def status(state_dir: Path) -> Record | None:
    """The running emulator of *state_dir*; what a dead one left behind is cleared away.

    Raises:
        OtherTargetError: it is none of the launcher's.
    """
    known = _started(state_dir)
    if known is not None and running(known) is None:
        _forget(state_dir)
        return None
    return known


def stop(state_dir: Path, *, politely: bool = True) -> bool:
    """Stop the emulator of *state_dir* with all that it started; True if one was running.

    Args:
        state_dir: its folder.
        politely: whether it is asked first; what it keeps in memory is thrown away in any case.

    Raises:
        OtherTargetError: it is none of the launcher's.
    """
    known = _started(state_dir)
    if known is None:
        return False
    alive = running(known)
    if alive is not None:
        process.end(alive, politely=politely)
    _forget(state_dir)
    return alive is not None


def log_path(state_dir: Path) -> Path:
    """Where the emulator of *state_dir* writes its log."""
    return state_dir / LOG_NAME


def log_text(state_dir: Path) -> str:
    """What is kept of the log; what was moved aside, being too long, comes first.

    Raises:
        FileNotFoundError: there is none.
    """
    log = log_path(state_dir)
    files = [older_log(log), log] if older_log(log).exists() else [log]
    return "".join(file.read_text(encoding="utf-8", errors="replace") for file in files)


def older_log(log: Path) -> Path:
    """Where the plugin moves what is too long (log_rotation)."""
    return log.with_name(f"{LOG_NAME}.1")


def begin_log(state_dir: Path) -> BinaryIO:
    """A new log, never one that a link leads to.

    Each line goes to its end, wherever that is: the plugin cuts a log that is too long.
    """
    log = log_path(state_dir)
    for old in (log, older_log(log)):
        old.unlink(missing_ok=True)
    return log.open("ab")


def _spawn(
    state_dir: Path,
    port: int,
    installed: Installation,
    *,
    tied: bool,
    control: socket.socket | None,
) -> subprocess.Popen[bytes]:
    # A fork has all files below its own working directory.
    variables = environment_for(state_dir if control is None else OWN_FOLDER, port, installed)
    lifeline, held = os.pipe()
    passed = {}
    if tied:
        passed["STANDALONE_LIFELINE"] = lifeline
    if control is not None:
        passed["STANDALONE_SNAPSHOT"] = control.fileno()
    with begin_log(state_dir) as output:
        child = subprocess.Popen(
            [installed.python, "-m", installed.module],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=state_dir,
            env=variables | {name: str(descriptor) for name, descriptor in passed.items()},
            pass_fds=passed.values(),
            start_new_session=True,  # a process group of its own: Ctrl-C here is not for it
        )
    os.close(lifeline)
    process.hold(held, child.wait)
    return child


def _wait_until_ready(
    child: subprocess.Popen[bytes], endpoint: str, services: Sequence[str], log: Path
) -> None:
    deadline = time.monotonic() + READY_TIMEOUT_S
    while not (seen := health.check(endpoint, services)).ready:
        if seen.unknown:
            raise UnknownServicesError(seen.unknown, seen.known)
        if child.poll() is not None:
            why = f"ended while starting (exit code {child.returncode})"
        elif seen.hopeless:
            why = f"came up wrong: {seen.seen}"
        elif time.monotonic() >= deadline:
            why = f"was not ready within {READY_TIMEOUT_S:g} s; last seen: {seen.seen}"
        else:
            time.sleep(POLL_S)
            continue
        raise StartError(f"the emulator {why}\n{_log_end(log)}")


def _make_folders(state_dir: Path) -> None:
    """Fresh ones: an emulator that was killed could not clear its own."""
    state_folder.forget_emulator(state_dir)
    for name in ("tmp", "cache", "localstack"):
        (state_dir / name).mkdir(parents=True, exist_ok=True)


def environment_for(state_dir: Path, port: int, installed: Installation) -> dict[str, str]:
    """Every variable of the emulator's process: what it needs, and what the user has set for it."""
    folders = {name: str(state_dir / name) for name in ("tmp", "cache", "localstack")}
    kept = {environ.KEEPS_IN: str(state_dir / state_folder.KEPT)} if installed.persist else {}
    address = f"127.0.0.1:{port}"
    common = environ.common(
        listen=address,
        reached_at=address,
        runtimes=installed.runtimes,
        services=installed.services,
    )
    return {
        **common,
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": folders["localstack"],
        "TMPDIR": folders["tmp"],
        "XDG_CACHE_HOME": folders["cache"],
        "FILESYSTEM_ROOT": folders["localstack"],
        "LOCALSTACK_VOLUME_DIR": folders["localstack"],
        **kept,
        **installed.settings,
        **({"SERVICES": common["SERVICES"]} if installed.services else {}),
    }


def _started(state_dir: Path) -> Record | None:
    known = record.read(state_dir)
    if known is not None and known.target != TARGET:
        raise OtherTargetError(state_dir, known.target)
    return known


def _forget(state_dir: Path) -> None:
    """What was in the emulator alone is gone with it: its workers' files, what is not kept."""
    state_folder.forget_emulator(state_dir)
    record.forget(state_dir)


def _log_end(log: Path) -> str:
    """The end of the log, for a message."""
    text = log.read_text(encoding="utf-8", errors="replace").splitlines()[-LOG_LINES_SHOWN:]
    return f"the end of its log ({log}):\n" + "\n".join(f"    {line}" for line in text)
