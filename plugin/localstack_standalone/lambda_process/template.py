"""The emulator's end of template processes: ask them for workers, learn when they end."""

from __future__ import annotations

import contextlib
import dataclasses
import itertools
import os
import signal
import socket
import subprocess
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Final

from localstack_standalone.lambda_process.guest import _lambda_wire as wire

GUEST: Final = Path(__file__).parent / "guest" / "template.py"
START_TIMEOUT_S: Final = 30.0
GONE: Final = "the Lambda template process ended"


class TemplateError(RuntimeError):
    """A worker could not be started."""


class TemplateGoneError(TemplateError):
    """The process had ended before it was asked: another one can be."""


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
        fresh: whether its modules are loaded from their sources, whatever bytecode is there.
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
    fresh: bool = False


class Template:
    """Starts workers of one Python, from a process that is started when the first is asked for.

    Started anew when it has died; what concerns one such life is `TemplateProcess`'s. Thread-safe.
    """

    def __init__(self, python: str) -> None:
        self.python = python
        self._lock = threading.Lock()
        self._process: TemplateProcess | None = None

    def start_worker(
        self, spec: WorkerSpec, output: int, on_exit: Callable[[Exit], None]
    ) -> RunningWorker:
        """Start a worker.

        Args:
            spec: what it is to be.
            output: descriptor that becomes its standard output and error.
            on_exit: called once, from another thread, when it has ended.

        Raises:
            TemplateError: the template could not start it.
        """
        try:
            return self._running().start_worker(spec, output, on_exit)
        except TemplateGoneError:
            return self._running().start_worker(spec, output, on_exit)

    def warm(self) -> None:
        """Start the process if it is not there: its imports are then done by the first worker."""
        with contextlib.suppress(TemplateError):  # whoever needs it will meet the error
            self._running()

    def release(self, folder: str) -> None:
        """Have the size limit of a temporary folder taken away, so that it can be removed."""
        process = self._process
        if process is not None:
            process.tell({"release": folder})

    def abandon(self) -> None:
        """After a fork: close our end without a word; the process is the parent's."""
        if self._process is not None:
            self._process.abandon()

    def stop(self) -> None:
        """End the template with all its workers, and wait for that."""
        with self._lock:
            process, self._process = self._process, None
        if process is not None:
            process.stop()

    def _running(self) -> TemplateProcess:
        with self._lock:
            if self._process is None or self._process.ended:
                self._process = TemplateProcess(self.python)
            return self._process


@dataclasses.dataclass(frozen=True)
class RunningWorker:
    """A worker's process, and the template process that is its parent."""

    pid: int
    template: TemplateProcess

    def kill(self) -> None:
        """Have its process group killed; nothing happens if it has ended."""
        self.template.tell({"kill": self.pid})


class TemplateProcess:
    """One life of a template process: its socket, and all that waits for it.

    Raises:
        TemplateError: it cannot be started.
    """

    def __init__(self, python: str) -> None:
        self._control, theirs = socket.socketpair()
        try:
            self._process = _launch(python, theirs)
        except OSError as error:
            self._control.close()
            raise TemplateError(f"{python} cannot be started: {error}") from error
        finally:
            theirs.close()
        self._sending = threading.Lock()
        self._lock = threading.Lock()
        self._numbers = itertools.count(1)
        self._asked: dict[int, _Question] = {}
        self._on_exit: dict[int, Callable[[Exit], None]] = {}
        self._gone = False
        threading.Thread(target=self._listen, daemon=True, name="lambda-template").start()

    @property
    def ended(self) -> bool:
        """Whether it can start no more workers."""
        return self._gone or self._process.poll() is not None

    def start_worker(
        self, spec: WorkerSpec, output: int, on_exit: Callable[[Exit], None]
    ) -> RunningWorker:
        """See `Template.start_worker`."""
        question = _Question(on_exit)
        number = next(self._numbers)
        with self._lock:
            if self._gone:
                raise TemplateGoneError(GONE)
            self._asked[number] = question
        try:
            self._send({"id": number, "start": dataclasses.asdict(spec)}, output)
        except OSError as error:
            self._gone = True
            raise TemplateGoneError(f"{GONE}: {error}") from error
        if not question.answered.wait(START_TIMEOUT_S):
            with self._lock:
                late = self._asked.pop(number, None)  # an answer that comes now finds nobody
            if late is not None:
                raise TemplateError(
                    f"the Lambda template process did not answer in {START_TIMEOUT_S:g} s"
                )
            question.answered.wait()  # it is being given at this moment
        if question.pid is None:
            raise TemplateError(f"a Lambda worker could not be started: {question.failure}")
        return RunningWorker(question.pid, self)

    def tell(self, message: wire.Message) -> None:
        """Send what needs no answer; a template that is gone has done it already."""
        with contextlib.suppress(OSError):
            self._send(message)

    def abandon(self) -> None:
        """Close our end without a word."""
        self._control.close()

    def stop(self) -> None:
        """Close the socket, which ends the process with all its workers, and wait for that."""
        with contextlib.suppress(OSError):
            self._control.shutdown(socket.SHUT_RDWR)
        try:
            self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _send(self, message: wire.Message, *descriptors: int) -> None:
        with self._sending:  # messages of two threads must not mix
            wire.send(self._control, message, descriptors)

    def _listen(self) -> None:
        """Pass on what the process says, until it is gone; then all its workers are."""
        with contextlib.suppress(OSError, EOFError):
            while True:
                message, _ = wire.receive(self._control)
                if "exited" in message:
                    end = Exit(message["status"], message["max_rss_bytes"])
                    self._exited(message["exited"], end)
                else:
                    self._answered(message)
        self._gone = True
        self._control.close()
        self._process.wait()
        with self._lock:
            asked, self._asked = self._asked, {}
            orphans, self._on_exit = self._on_exit, {}
        for question in asked.values():
            question.answer(None, GONE)
        for on_exit in orphans.values():
            on_exit(Exit(status=signal.SIGKILL, max_rss_bytes=0))  # the parent-death signal

    def _answered(self, message: wire.Message) -> None:
        pid: int | None = message.get("started")
        with self._lock:
            question = self._asked.pop(message["id"], None)
            if question is not None and pid is not None:
                self._on_exit[pid] = question.on_exit
        if question is not None:
            question.answer(pid, message.get("failed", ""))
        elif pid is not None:  # whoever asked has given up: nobody would ever end it
            self.tell({"kill": pid})

    def _exited(self, pid: int, end: Exit) -> None:
        with self._lock:
            on_exit = self._on_exit.pop(pid, None)
        if on_exit is not None:
            on_exit(end)


class _Question:
    """A worker that was asked for, awaited by one thread and answered by another."""

    def __init__(self, on_exit: Callable[[Exit], None]) -> None:
        self.on_exit = on_exit
        self.answered = threading.Event()
        self.pid: int | None = None
        self.failure = ""

    def answer(self, pid: int | None, failure: str) -> None:
        self.pid, self.failure = pid, failure
        self.answered.set()


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
