"""The emulator's end of a template process: ask it for workers, learn when they end."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import logging
import os
import socket
import struct
import subprocess
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

LOG = logging.getLogger(__name__)

GUEST: Final = Path(__file__).parent / "guest" / "template.py"
START_TIMEOUT_S: Final = 30.0


class TemplateError(RuntimeError):
    """A worker could not be started."""


@dataclasses.dataclass(frozen=True)
class Exit:
    """How a worker ended.

    Attributes:
        status: wait status as `os.waitpid` gives it.
        max_rss_bytes: the largest resident set that the kernel saw.
    """

    status: int
    max_rss_bytes: int


@dataclasses.dataclass(frozen=True)
class WorkerSpec:
    """What a worker is to be.

    Attributes:
        environment: every variable it has; nothing is inherited.
        task_root: folder of the function's code, its working directory.
        path: folders searched for modules before the runtime's own.
        handler: ``module.function``.
        tmp: its temporary folder.
        tmp_mb: what fits in there.
        uid: the user that it becomes; None to stay the emulator's.
        preload: Python code to run before the runtime client.
        fork: whether it may be a fork of the warm template, where that changes nothing for it.
        bytecode: folder that keeps the bytecode of the function's modules; "" to keep none.
    """

    environment: dict[str, str]
    task_root: str
    path: list[str]
    handler: str
    tmp: str
    tmp_mb: int
    uid: int | None = None
    preload: str = ""
    fork: bool = True
    bytecode: str = ""


class Template:
    """One template process, started when the first worker is asked for.

    Started anew when it has died. Thread-safe.
    """

    def __init__(self, python: str) -> None:
        self.python = python
        self._lock = threading.Lock()  # one start at a time: answers come in order
        self._sending = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self._answer: _Answer = _Answer()
        self._on_exit: dict[int, Callable[[Exit], None]] = {}
        self._early: dict[int, Exit] = {}
        self._exits_lock = threading.Lock()

    def start_worker(self, spec: WorkerSpec, output: int, on_exit: Callable[[Exit], None]) -> int:
        """Start a worker and return its process id.

        Args:
            spec: what it is to be.
            output: descriptor that becomes its standard output and error.
            on_exit: called once, from another thread, when it has ended.

        Raises:
            TemplateError: the template could not start it.
        """
        with self._lock:
            control = self._running()
            self._answer = _Answer()
            try:
                self._tell(control, {"start": dataclasses.asdict(spec)}, output)
            except OSError as error:
                raise TemplateError(f"the Lambda template process is gone: {error}") from error
            answer = self._answer.wait(START_TIMEOUT_S)
        if "started" not in answer:
            raise TemplateError(f"a Lambda worker could not be started: {answer.get('failed')}")
        pid: int = answer["started"]
        with self._exits_lock:
            early = self._early.pop(pid, None)
            if early is None:
                self._on_exit[pid] = on_exit
        if early is not None:
            on_exit(early)
        return pid

    def warm(self) -> None:
        """Start the process if it is not there: its imports are then done by the first worker."""
        with contextlib.suppress(TemplateError), self._lock:  # whoever needs it will meet the error
            self._running()

    def kill_worker(self, pid: int) -> None:
        """Have the process group of worker *pid* killed; nothing happens if it has ended."""
        self._ask({"kill": pid})

    def release(self, folder: str) -> None:
        """Have the size limit of a temporary folder taken away, so that it can be removed."""
        self._ask({"release": folder})

    def abandon(self) -> None:
        """After a fork: close our end without a word; the process is the parent's."""
        if self._control is not None:
            self._control.close()

    def stop(self) -> None:
        """Close the socket, which ends the template with all its workers, and wait for that."""
        with self._lock:
            control, process = self._control, self._process
            self._control = self._process = None
            if control is not None:
                with contextlib.suppress(OSError):
                    control.shutdown(socket.SHUT_RDWR)
            if process is not None:
                try:
                    process.wait(timeout=5)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()

    def _ask(self, message: dict[str, Any]) -> None:
        """Send what needs no answer; a template that is gone has done it already."""
        control = self._control
        if control is not None:
            with contextlib.suppress(OSError):
                self._tell(control, message)

    def _tell(self, control: socket.socket, message: dict[str, Any], *descriptors: int) -> None:
        data = json.dumps(message).encode()
        header = struct.pack("!I", len(data))
        with self._sending:  # messages of two threads must not mix
            if descriptors:
                socket.send_fds(control, [header], descriptors)
                control.sendall(data)
            else:
                control.sendall(header + data)

    def _running(self) -> socket.socket:
        if self._control is not None and self._process and self._process.poll() is None:
            return self._control
        ours, theirs = socket.socketpair()
        try:
            self._process = _launch(self.python, theirs)
        except OSError as error:
            ours.close()
            raise TemplateError(f"{self.python} cannot be started: {error}") from error
        finally:
            theirs.close()
        self._control = ours
        threading.Thread(
            target=self._listen, args=(ours, self._process), daemon=True, name="lambda-template"
        ).start()
        return ours

    def _listen(self, control: socket.socket, process: subprocess.Popen[bytes]) -> None:
        """Pass on what the template says, until it is gone; then all its workers are."""
        with contextlib.suppress(OSError, EOFError):
            while True:
                message = _receive(control)
                if "exited" in message:
                    end = Exit(message["status"], message["max_rss_bytes"])
                    self._exited(message["exited"], end)
                else:
                    self._answer.give(message)
        control.close()
        process.wait()
        self._answer.give({"failed": "the template process ended"})
        with self._exits_lock:
            orphans, self._on_exit = self._on_exit, {}
        for on_exit in orphans.values():
            on_exit(Exit(status=9, max_rss_bytes=0))  # the parent-death signal is SIGKILL

    def _exited(self, pid: int, end: Exit) -> None:
        with self._exits_lock:
            on_exit = self._on_exit.pop(pid, None)
            if on_exit is None:  # it ended before start_worker could note it
                self._early[pid] = end
        if on_exit is not None:
            on_exit(end)


class _Answer:
    """One answer, awaited by one thread and given by another."""

    def __init__(self) -> None:
        self._given = threading.Event()
        self._message: dict[str, Any] = {}

    def give(self, message: dict[str, Any]) -> None:
        if not self._given.is_set():
            self._message = message
            self._given.set()

    def wait(self, timeout_s: float) -> dict[str, Any]:
        if not self._given.wait(timeout_s):
            raise TemplateError(f"the Lambda template process did not answer in {timeout_s:g} s")
        return self._message


def _launch(python: str, control: socket.socket) -> subprocess.Popen[bytes]:
    """Start the template with *control* as its descriptor 3 and an environment of its own."""
    launcher = (
        "import os, sys; fd = int(sys.argv[1]); os.dup2(fd, 3); fd == 3 or os.close(fd); "
        "os.execv(sys.executable, [sys.executable, '-I', sys.argv[2]])"
    )
    return subprocess.Popen(
        [python, "-I", "-S", "-c", launcher, str(control.fileno()), str(GUEST)],
        pass_fds=[control.fileno()],
        stdin=subprocess.DEVNULL,
        env={"PATH": os.environ.get("PATH", os.defpath), "LANG": "en_US.UTF-8"},
        start_new_session=True,
    )


def _receive(control: socket.socket) -> dict[str, Any]:
    (length,) = struct.unpack("!I", _read_exactly(control, 4))
    message: dict[str, Any] = json.loads(_read_exactly(control, length))
    return message


def _read_exactly(control: socket.socket, length: int) -> bytes:
    data = b""
    while len(data) < length:
        chunk = control.recv(length - len(data))
        if not chunk:
            raise EOFError
        data += chunk
    return data
