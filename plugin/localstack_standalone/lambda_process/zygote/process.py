"""One life of a zygote as the emulator sees it: ask it for workers, learn when they end."""

from __future__ import annotations

import contextlib
import dataclasses
import itertools
import os
import signal
import socket
import subprocess
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import Final

from localstack_standalone.lambda_process.guest import _lambda_wire as wire

GUEST: Final = Path(__file__).parents[1] / "guest" / "zygote.py"
START_TIMEOUT_S: Final = 30.0
GONE: Final = "the Lambda zygote ended"


class ZygoteError(RuntimeError):
    """A worker could not be started."""


class ZygoteGoneError(ZygoteError):
    """The process had ended, or ended before it answered: another one can be asked."""


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
        command: the program that it is, with its arguments; none for Python's runtime client.
        uid: the user that it becomes; None to stay the emulator's.
        preload: Python code to run before the runtime client.
        fork: whether it may be a fork of the zygote, where that changes nothing for it.
        bytecode: folder that keeps the bytecode of the function's modules; "" to keep none.
        fresh: whether its modules are loaded from their sources, whatever bytecode is there.
        code: the function's own folder here, where that may change.
        mounts: what a sandbox has, read-only, of this machine: a folder or file here ("" for an
            empty folder), and its place there. *task_root* and *path* are then places there; *tmp*,
            *bytecode* and *code* are folders here. Empty for a worker without a sandbox.
        extensions: programs to run beside it, as the function sees them.
        wrapper: a program that is given the runtime's command, and becomes it; "" for none.
        account: that it belongs to.
    """

    environment: dict[str, str]
    task_root: str
    path: list[str]
    handler: str
    tmp: str
    tmp_mb: int
    command: list[str] = dataclasses.field(default_factory=list)
    uid: int | None = None
    preload: str = ""
    fork: bool = True
    bytecode: str = ""
    fresh: bool = False
    code: str = ""
    mounts: list[tuple[str, str]] = dataclasses.field(default_factory=list)
    extensions: list[str] = dataclasses.field(default_factory=list)
    wrapper: str = ""
    account: str = ""


@dataclasses.dataclass(frozen=True)
class RunningWorker:
    """A worker's topmost process, and the zygote that is its parent.

    In a sandbox that is its init, which runs nothing itself and ends everything.
    """

    pid: int
    zygote: ZygoteProcess

    @property
    def sandboxed(self) -> bool:
        """Whether it is in a sandbox."""
        return self.zygote.sandboxed

    @property
    def is_ours(self) -> bool:
        """Whether its zygote is: those of the emulator that this one is a fork of are not."""
        return not self.zygote.ended

    def kill(self) -> None:
        """Have all its processes killed; nothing happens if it has ended."""
        self.zygote.tell({"kill": self.pid})


class ZygoteProcess:
    """One life of a zygote: its socket, and all that waits for it.

    Args:
        python: what it runs under.
        sandboxed: whether each worker has a sandbox.

    Raises:
        ZygoteError: it cannot be started.
    """

    def __init__(self, python: str, *, sandboxed: bool = False) -> None:
        self.sandboxed = sandboxed
        self._control, theirs = socket.socketpair()
        try:
            self._process = _launch(python, theirs, ["sandbox"] if sandboxed else [])
        except OSError as error:
            self._control.close()
            raise ZygoteError(f"{python} cannot be started: {error}") from error
        finally:
            theirs.close()
        self._sending = threading.Lock()
        self._lock = threading.Lock()
        self._numbers = itertools.count(1)
        self._asked: dict[int, tuple[Future[int], Callable[[Exit], None]]] = {}
        self._on_exit: dict[int, Callable[[Exit], None]] = {}
        self._gone = False
        threading.Thread(target=self._listen, daemon=True, name="lambda-zygote").start()

    @property
    def ended(self) -> bool:
        """Whether it can start no more workers."""
        return self._gone or self._process.poll() is not None

    def start_worker(
        self,
        spec: WorkerSpec,
        output: int,
        on_exit: Callable[[Exit], None],
        control: int | None = None,
    ) -> RunningWorker:
        """Start a worker.

        Args:
            spec: what it is to be.
            output: descriptor that becomes its standard output and error.
            control: descriptor of a socket, where it has extensions: see `_lambda_extensions`.
            on_exit: called once, from another thread, when it has ended.

        Raises:
            ZygoteGoneError: the process has ended: another one can be asked.
            ZygoteError: it could not start the worker.
        """
        started: Future[int] = Future()
        number = next(self._numbers)
        with self._lock:
            if self._gone:
                raise ZygoteGoneError(GONE)
            self._asked[number] = started, on_exit
        try:
            descriptors = [output] if control is None else [output, control]
            self._send({"id": number, "start": dataclasses.asdict(spec)}, *descriptors)
        except OSError as error:
            self._gone = True
            raise ZygoteGoneError(f"{GONE}: {error}") from error
        try:
            pid = started.result(START_TIMEOUT_S)
        except TimeoutError:
            with self._lock:
                late = self._asked.pop(number, None)  # an answer that comes now finds nobody
            if late is not None:
                raise ZygoteError(
                    f"the Lambda zygote did not answer in {START_TIMEOUT_S:g} s"
                ) from None
            pid = started.result()  # it is being given at this moment
        return RunningWorker(pid, self)

    def tell(self, message: wire.Message) -> None:
        """Send what needs no answer; a zygote that is gone has done it already."""
        with contextlib.suppress(OSError):
            self._send(message)

    def abandon(self) -> None:
        """Close our end without a word."""
        self._gone = True
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
        for started, _ in asked.values():
            started.set_exception(ZygoteGoneError(GONE))
        for on_exit in orphans.values():
            on_exit(Exit(status=signal.SIGKILL, max_rss_bytes=0))  # the parent-death signal

    def _answered(self, message: wire.Message) -> None:
        pid: int | None = message.get("started")
        with self._lock:
            started, on_exit = self._asked.pop(message["id"], (None, None))
            if on_exit is not None and pid is not None:
                self._on_exit[pid] = on_exit
        if started is None:
            self.tell({"kill": pid})  # whoever asked has given up: nobody would ever end it
        elif pid is None:
            failed = f"a Lambda worker could not be started: {message['failed']}"
            started.set_exception(ZygoteError(failed))
        else:
            started.set_result(pid)

    def _exited(self, pid: int, end: Exit) -> None:
        with self._lock:
            on_exit = self._on_exit.pop(pid, None)
        if on_exit is not None:
            on_exit(end)


def _launch(
    python: str, control: socket.socket, arguments: Sequence[str]
) -> subprocess.Popen[bytes]:
    """Start the zygote with *control* as its standard input and an environment of its own."""
    return subprocess.Popen(
        [python, "-I", str(GUEST), *arguments],
        stdin=control.fileno(),
        env={"PATH": os.environ.get("PATH", os.defpath), "LANG": "en_US.UTF-8"},
        start_new_session=True,
    )
