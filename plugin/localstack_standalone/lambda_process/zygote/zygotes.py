"""The zygotes of one emulator, one for each Python: each is there whenever it is asked."""

from __future__ import annotations

import contextlib
import sys
import threading
from collections.abc import Callable, Mapping
from typing import Final

from localstack_standalone.lambda_process.zygote import runtimes
from localstack_standalone.lambda_process.zygote.process import (
    Exit,
    RunningWorker,
    WorkerSpec,
    ZygoteError,
    ZygoteGoneError,
    ZygoteProcess,
)
from localstack_standalone.lambda_process.zygote.sandboxes import Confinement, unconfined

MOST_REPLACED: Final = 3


class Zygotes:
    """Makes a zygote when a runtime is first asked for. Thread-safe.

    Args:
        here: Lambda runtimes that can be run: identifier → interpreter.
        confinement: says what keeps workers from the machine.
    """

    def __init__(
        self, here: Mapping[str, str], confinement: Callable[[], Confinement] = unconfined
    ) -> None:
        self.runtimes = dict(here)
        self.confinement = confinement
        self._by_python: dict[str, Zygote] = {}
        self._lock = threading.Lock()

    def of(self, runtime: str) -> Zygote:
        """The zygote that starts workers of *runtime*.

        Raises:
            ZygoteError: this machine has no such runtime.
        """
        if runtime not in self.runtimes and runtime not in runtimes.OS_ONLY:
            raise ZygoteError(
                f"runtime {runtime} is not on this machine "
                f"(here: {', '.join(self.runtimes) or 'none'}); "
                f"install it and name it in {runtimes.SETTING}"
            )
        python = self._python_of(runtime)
        with self._lock:
            return self._by_python.setdefault(python, Zygote(python, self.confinement))

    def _python_of(self, runtime: str) -> str:
        """The Python that starts workers of *runtime*: its own, any for another program."""
        pythons = {name: path for name, path in self.runtimes.items() if runtimes.is_python(name)}
        return pythons.get(runtime) or next(iter(pythons.values()), sys.executable)

    def renew(self) -> None:
        """After a fork: the zygotes are the parent's; have some of our own, at once."""
        self._lock = threading.Lock()
        for python, zygote in self._by_python.items():
            zygote.abandon()
            self._by_python[python] = Zygote(python, self.confinement)
            self._by_python[python].warm()

    def stop(self) -> None:
        """End them with all their workers."""
        for zygote in self._by_python.values():
            with contextlib.suppress(OSError):
                zygote.stop()


class Zygote:
    """Starts workers of one Python, from a process that is started when the first is asked for.

    Started anew when it has died; what concerns one such life is `ZygoteProcess`'s. Thread-safe.
    """

    def __init__(self, python: str, confinement: Callable[[], Confinement] = unconfined) -> None:
        self.python = python
        self.confinement = confinement
        self._lock = threading.Lock()
        self._process: ZygoteProcess | None = None

    def start_worker(
        self,
        spec: WorkerSpec,
        output: int,
        on_exit: Callable[[Exit], None],
        control: int | None = None,
    ) -> RunningWorker:
        """Start a worker, see `ZygoteProcess.start_worker`.

        A zygote that is killed meanwhile (the system may be out of memory) is replaced.

        Raises:
            ZygoteError: the zygote could not start it.
        """
        for _ in range(MOST_REPLACED):
            with contextlib.suppress(ZygoteGoneError):
                return self._running().start_worker(spec, output, on_exit, control)
        return self._running().start_worker(spec, output, on_exit, control)

    def warm(self) -> None:
        """Start the process meanwhile: its imports are then done by the first worker."""
        threading.Thread(target=self._warm, daemon=True, name="lambda-zygote-start").start()

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
        """End the zygote with all its workers, and wait for that."""
        with self._lock:
            process, self._process = self._process, None
        if process is not None:
            process.stop()

    def _warm(self) -> None:
        with contextlib.suppress(ZygoteError):  # whoever needs it will meet the error
            self._running()

    def _running(self) -> ZygoteProcess:
        with self._lock:
            if self._process is None or self._process.ended:
                sandboxed = self.confinement().sandboxed
                self._process = ZygoteProcess(self.python, sandboxed=sandboxed)
            return self._process
