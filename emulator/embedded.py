"""LocalStack as a background process of this machine, with our plugin and without Docker."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import BinaryIO

import psutil

from emulator import health, lock, ports, record, variables
from testbed import outputs, setting_table, settings, state_folder, waiting
from testbed.errors import EmulatorError

LOG_NAME = "emulator.log"
# Settings that an emulator is given on both targets.
PASSED_ON = setting_table.passed_on(container=True)
_STARTED: dict[int, tuple[subprocess.Popen[bytes], int]] = {}
READY_TIMEOUT_S = 60.0
# With requests in flight LocalStack takes over half a minute to stop by itself. Nothing in it
# outlives it anyway, so it gets this long to be polite.
STOP_TIMEOUT_S = 1.0


def start(
    state_dir: Path, port: int | None, *, tied: bool = False, control: socket.socket | None = None
) -> record.Record:
    """Start an emulator, unless the one of *state_dir* is up, and wait until it is ready.

    Args:
        state_dir: folder for everything that it keeps.
        port: where to listen on 127.0.0.1; None for any free port.
        tied: whether it shall end with this process, however this process ends.
        control: where it shall listen for requests for copies of itself; see `snapshot`.

    Raises:
        StateFolderError: something else is in *state_dir*.
        EmulatorError: the port is taken, or it did not come up (the message has the end of its
            log); nothing is left running.
    """
    state_folder.take(state_dir)
    with lock.exclusive(state_dir):
        current = status(state_dir)
        if current is not None:
            return _same(current, state_dir, port)
        port = port or ports.free_port()
        ports.refuse_taken(port)
        return _start(state_dir, port, tied=tied, control=control)


def status(state_dir: Path) -> record.Record | None:
    """The running emulator of *state_dir*; what a dead one left behind is cleared away."""
    known = record.read(state_dir)
    if known is not None and known.process() is None:
        _reap(known.pid)
        _forget(state_dir)
        return None
    return known


def stop(state_dir: Path, *, politely: bool = True) -> bool:
    """Stop the emulator of *state_dir* with all that it started; True if one was running.

    Args:
        state_dir: its folder.
        politely: whether it is asked first; what it keeps is thrown away in any case.
    """
    known = record.read(state_dir)
    process = known.process() if known else None
    if process is not None:
        _end(process, politely=politely)
    if known is not None:
        _forget(state_dir)
    return process is not None


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


def _start(
    state_dir: Path, port: int, *, tied: bool, control: socket.socket | None
) -> record.Record:
    log = log_path(state_dir)
    child = _launch(state_dir, port, tied=tied, control=control)
    process = psutil.Process(child.pid)
    started = record.Record(
        pid=child.pid,
        created=process.create_time(),
        port=port,
        settings=settings.for_emulator(),
    )
    record.write(state_dir, started)
    try:
        waiting.until(
            lambda: _probe(child, started, log),
            "the emulator's readiness",
            timeout_s=READY_TIMEOUT_S,
            interval_s=0.05,
        )
    except waiting.WaitTimeout as error:
        _give_up(process, state_dir)
        raise EmulatorError(f"{error}\n{_log_end(log)}") from error
    except BaseException:  # an interrupt too: nothing is left running
        _give_up(process, state_dir)
        raise
    return started


def _launch(
    state_dir: Path, port: int, *, tied: bool, control: socket.socket | None
) -> subprocess.Popen[bytes]:
    _make_folders(state_dir)
    # A copy has all files below its own working directory.
    environment = environment_for(Path("/proc/self/cwd") if control else state_dir, port)
    lifeline, held = os.pipe()
    passed = []
    if tied:
        environment["STANDALONE_LIFELINE"] = str(lifeline)
        passed.append(lifeline)
    if control is not None:
        environment["STANDALONE_SNAPSHOT"] = str(control.fileno())
        passed.append(control.fileno())
    with begin_log(state_dir) as output:
        child = subprocess.Popen(
            [settings.ENVS / "emulator" / "bin" / "python", "-m", variables.MODULE],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=state_dir,
            env=environment,
            pass_fds=passed,
            start_new_session=True,  # a process group of its own: Ctrl-C here is not for it
        )
    os.close(lifeline)
    # Kept while this process lives: the pipe's end for a tied emulator, and the child to reap.
    _STARTED[child.pid] = (child, held)
    return child


def begin_log(state_dir: Path) -> BinaryIO:
    """A new log, never one that a link leads to.

    Each line goes to its end, wherever that is: the plugin cuts a log that is too long.
    """
    log = log_path(state_dir)
    for old in (log, older_log(log)):
        old.unlink(missing_ok=True)
    return log.open("ab")


def _probe(
    child: subprocess.Popen[bytes], started: record.Record, log: Path
) -> tuple[bool | None, str]:
    if child.poll() is not None:
        raise EmulatorError(
            f"the emulator ended while starting (exit code {child.returncode})\n{_log_end(log)}"
        )
    seen = health.check(started.endpoint)
    if seen.hopeless:
        raise EmulatorError(f"the emulator came up wrong: {seen.seen}\n{_log_end(log)}")
    return (True if seen.ready else None), seen.seen


def _make_folders(state_dir: Path) -> None:
    """Fresh ones: an emulator that was killed could not clear its own."""
    state_folder.forget_emulator(state_dir)
    for name in ("tmp", "cache", "localstack"):
        (state_dir / name).mkdir(parents=True, exist_ok=True)


def environment_for(state_dir: Path, port: int) -> dict[str, str]:
    """Every variable of the emulator's process: what it needs, and what the user has set for it.

    Raises:
        SettingError: one of those is not usable.
    """
    folders = {name: state_dir / name for name in ("tmp", "cache", "localstack")}
    address = f"127.0.0.1:{port}"
    given = settings.for_emulator()
    return {
        **variables.common(listen=address, reached_at=address, runtimes=runtimes()),
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": str(folders["localstack"]),
        "TMPDIR": str(folders["tmp"]),
        "XDG_CACHE_HOME": str(folders["cache"]),
        "FILESYSTEM_ROOT": str(folders["localstack"]),
        "LOCALSTACK_VOLUME_DIR": str(folders["localstack"]),
        **given,
        "SERVICES": health.with_services(given.get("SERVICES", "")),
    }


def runtimes() -> dict[str, str]:
    """Lambda runtimes that this checkout has environments for: identifier → interpreter."""
    found = {"python3.13": settings.ENVS / "lambda-runtime"}
    for home in sorted(settings.ENVS.glob("lambda-runtime-python3.*")):
        if (home / "stamp").exists() and not (home / "unusable").exists():
            found[home.name.removeprefix("lambda-runtime-")] = home
    pythons = {name: home / "bin" / "python" for name, home in found.items()}
    return {name: str(python) for name, python in pythons.items() if python.exists()}


def _same(current: record.Record, state_dir: Path, port: int | None) -> record.Record:
    if port not in (None, current.port):
        raise EmulatorError(
            f"a testbed of {state_dir} is up on port {current.port} already; "
            f"`make down` first, or set another STATE_DIR to run a second one beside it"
        )
    refuse_other_settings(current.settings, state_dir)
    seen = health.check(current.endpoint)
    if not seen.ready:
        raise EmulatorError(
            f"the emulator (process {current.pid}) is up but not well: {seen.seen}\n"
            "`make logs` shows its log; `make down` and `make up` start it anew"
        )
    return current


def refuse_other_settings(started_with: Mapping[str, str], state_dir: Path) -> None:
    """See that what is set now is what the testbed that is up was started with.

    Raises:
        EmulatorError: it is not: a running emulator does not change.
    """
    wanted = settings.for_emulator()
    other = [f"{name}={text}" for name, text in wanted.items() if started_with.get(name) != text]
    if other:
        raise EmulatorError(
            f"the testbed of {state_dir} is up already, and was started without "
            f"{', '.join(other)}; `make reset {' '.join(other)}` starts it anew with that"
        )


def _give_up(process: psutil.Process, state_dir: Path) -> None:
    _end(process)
    _forget(state_dir)


def _forget(state_dir: Path) -> None:
    """What was in the emulator is gone with it: its addresses, its objects, its workers' files."""
    state_folder.forget_emulator(state_dir)
    record.forget(state_dir)
    outputs.forget(state_dir)


def _end(process: psutil.Process, *, politely: bool = True) -> None:
    """End *process* and its group: politely, then not."""
    family = [process, *_children(process)]
    if politely:
        with contextlib.suppress(psutil.Error):
            process.terminate()
        with contextlib.suppress(psutil.TimeoutExpired):
            process.wait(timeout=STOP_TIMEOUT_S)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    # The templates and workers end by themselves when the emulator does; wait for that.
    _, alive = psutil.wait_procs(family, timeout=3)
    for left in alive:
        with contextlib.suppress(psutil.Error):
            left.kill()
    psutil.wait_procs(alive, timeout=3)
    _reap(process.pid)


def _reap(pid: int) -> None:
    """Take note of the end of an emulator that this process itself started."""
    if pid in _STARTED:
        child, held = _STARTED.pop(pid)
        child.wait(timeout=3)
        os.close(held)


def _children(process: psutil.Process) -> list[psutil.Process]:
    try:
        return process.children(recursive=True)
    except psutil.Error:
        return []


def _log_end(log: Path, lines: int = 20) -> str:
    """The end of the log, for a message."""
    text = log.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:]
    return f"the end of its log ({log}):\n" + "\n".join(f"    {line}" for line in text)
