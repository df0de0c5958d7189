"""The zygote: starts Lambda workers, reaps them, and kills them when its owner is gone.

It runs under the Python of one Lambda runtime, with nothing of the emulator's on its path, and
talks to the emulator over one socket (its standard input). It has a single thread, so that a fork
is safe, and it is the parent of every worker: a worker never outlives it (parent-death signal on
Linux), and it ends with all its workers when the socket closes, however the emulator died.

Asked ``{"id": n, "start": spec}`` with the worker's output pipe attached (and a
socket, where it has extensions: see _lambda_extensions) it answers ``{"id": n,
"started": pid}`` or ``{"id": n, "failed": why}``; asked ``{"kill": pid}`` it kills the worker's
process group, ``{"release": folder}`` it takes a temporary folder's size limit away; when a worker
ends it says ``{"exited": pid, "status": wait status, "max_rss_bytes": n}``. See _lambda_wire.

With the argument ``sandbox`` each worker has one: it starts again in a root of its own, with the
argument ``inside`` (see _lambda_sandbox).
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import os
import resource
import selectors
import signal
import socket
import sys

# Functions are not to find what lies beside this file.
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
import _lambda_root as root  # type: ignore[import-not-found]  # noqa: E402 - beside this file
import _lambda_sandbox as sandbox  # type: ignore[import-not-found]  # noqa: E402 - likewise
import _lambda_wire as wire  # type: ignore[import-not-found]  # noqa: E402 - likewise
import _lambda_worker as worker  # type: ignore[import-not-found]  # noqa: E402 - likewise

sys.path.remove(HERE)

# What nearly every function imports. Modules that a function brings itself are not taken from
# here: see _lambda_worker.shadows.
WARM_MODULES = ("boto3", "botocore.session", "concurrent.futures", "http.client", "logging", "json")

# ru_maxrss is in kilobytes on Linux and in bytes on macOS.
RSS_UNIT_BYTES = 1 if sys.platform == "darwin" else 1024


def main() -> None:
    """Serve until the emulator closes the socket; then leave nothing behind."""
    how = sys.argv[1] if len(sys.argv) > 1 else ""
    if how == "sandbox":
        sandbox.become_zygote(os.path.join(HERE, "zygote.py"), ["inside"])
    control = socket.socket(fileno=sys.stdin.fileno())
    zygote = None
    if how == "inside":
        zygote = sandbox.Maker()
        sys.path.insert(0, root.RUNTIME)
    wakeup = child_signals()
    for name in WARM_MODULES:
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
    if zygote is not None:
        root.close()
    gc.collect()
    gc.freeze()  # a collection in a worker would copy every page that it shares with us
    Forker(control, zygote).serve(wakeup)


def child_signals() -> int:
    """A descriptor that becomes readable when a child has ended."""
    reader, writer = os.pipe()
    os.set_blocking(reader, False)
    os.set_blocking(writer, False)
    signal.set_wakeup_fd(writer, warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    # Ctrl-C goes to the whole terminal group; the emulator decides when we end.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    return reader


class Forker:
    """Starts and reaps workers on request of the emulator."""

    def __init__(self, control: socket.socket, zygote: sandbox.Maker | None) -> None:
        self.control = control
        self.zygote = zygote
        if zygote is None:
            self.mounts = worker.isolation.Mounts(possible=worker.isolation.own_mounts())
        else:
            self.mounts = worker.isolation.Mounts(possible=True, at=root.HOST)
        self.workers: dict[int, worker.Child] = {}

    def serve(self, wakeup: int) -> None:
        """Answer requests and report ends until the socket closes."""
        selector = selectors.DefaultSelector()
        selector.register(self.control, selectors.EVENT_READ)
        selector.register(wakeup, selectors.EVENT_READ)
        try:
            while True:
                for key, _ in selector.select():
                    if key.fileobj is self.control:
                        self.answer()
                    else:
                        with contextlib.suppress(BlockingIOError):
                            os.read(wakeup, 4096)
                self.reap()
        except (EOFError, ConnectionError):
            pass
        finally:
            self.end_all()

    def answer(self) -> None:
        """Carry out one request."""
        request, descriptors = wire.receive(self.control)
        if "start" in request:
            output, *control = descriptors
            answer = {"id": request["id"]}
            try:
                child = self.start(request["start"], output, *control)
            except OSError as error:
                wire.send(self.control, {**answer, "failed": str(error)})
            else:
                self.workers[child.pid] = child
                wire.send(self.control, {**answer, "started": child.name})
            finally:
                for descriptor in descriptors:
                    os.close(descriptor)
        elif "kill" in request:
            for child in self.workers.values():
                if child.name == request["kill"]:
                    kill(child)
        elif "release" in request:
            self.mounts.release(request["release"])

    def start(self, spec: worker.Spec, output: int, control: int | None = None) -> worker.Child:
        """Fork a worker, in a sandbox where there are any."""
        if self.zygote is None:
            return worker.start(spec, output, self.mounts, control)
        return worker.start_in_sandbox(spec, output, self.mounts, self.zygote, control)

    def reap(self) -> None:
        """Report every worker that has ended, and kill what it left in its group."""
        while self.workers:
            try:
                pid, status, usage = os.wait4(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return
            child = self.workers.pop(pid, None)
            if child is not None:
                if child.told is None:  # a sandbox has ended as a whole
                    kill(child)
                rss = usage.ru_maxrss * RSS_UNIT_BYTES
                end = {"exited": child.name, "status": child.status(status), "max_rss_bytes": rss}
                wire.send(self.control, end)

    def end_all(self) -> None:
        """Kill every worker's group and wait for the workers, so that no zombie stays."""
        for child in self.workers.values():
            kill(child)
        for pid in self.workers:
            with contextlib.suppress(ChildProcessError):
                os.waitpid(pid, 0)


def kill(child: worker.Child) -> None:
    """Kill a worker: its init, which ends all, or its process group; if it is still there."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        (os.killpg if child.told is None else os.kill)(child.pid, signal.SIGKILL)


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    main()
