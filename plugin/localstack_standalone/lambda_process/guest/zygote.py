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
"""

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
import _lambda_wire as wire  # type: ignore[import-not-found]  # noqa: E402 - beside this file
import _lambda_worker as worker  # type: ignore[import-not-found]  # noqa: E402 - likewise

sys.path.remove(HERE)

# What nearly every function imports. Modules that a function brings itself are not taken from
# here: see _lambda_worker.shadows.
WARM_MODULES = ("boto3", "botocore.session", "concurrent.futures", "http.client", "logging", "json")

# ru_maxrss is in kilobytes on Linux and in bytes on macOS.
RSS_UNIT_BYTES = 1 if sys.platform == "darwin" else 1024


def main() -> None:
    """Serve until the emulator closes the socket; then leave nothing behind."""
    control = socket.socket(fileno=sys.stdin.fileno())
    wakeup = child_signals()
    for name in WARM_MODULES:
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
    gc.collect()
    gc.freeze()  # a collection in a worker would copy every page that it shares with us
    Forker(control).serve(wakeup)


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

    def __init__(self, control: socket.socket) -> None:
        self.control = control
        self.mounts = worker.isolation.Mounts()
        self.workers: set[int] = set()

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
                pid = worker.start(request["start"], output, self.mounts, *control)
            except OSError as error:
                wire.send(self.control, {**answer, "failed": str(error)})
            else:
                self.workers.add(pid)
                wire.send(self.control, {**answer, "started": pid})
            finally:
                for descriptor in descriptors:
                    os.close(descriptor)
        elif request.get("kill") in self.workers:
            kill_group(request["kill"])
        elif "release" in request:
            self.mounts.release(request["release"])

    def reap(self) -> None:
        """Report every worker that has ended, and kill what it left in its group."""
        while self.workers:
            try:
                pid, status, usage = os.wait4(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return
            if pid in self.workers:
                kill_group(pid)
                self.workers.discard(pid)
                rss = usage.ru_maxrss * RSS_UNIT_BYTES
                end = {"exited": pid, "status": status, "max_rss_bytes": rss}
                wire.send(self.control, end)

    def end_all(self) -> None:
        """Kill every worker's group and wait for the workers, so that no zombie stays."""
        for pid in self.workers:
            kill_group(pid)
        for pid in self.workers:
            with contextlib.suppress(ChildProcessError):
                os.waitpid(pid, 0)


def kill_group(pid: int) -> None:
    """Kill the process group that worker *pid* leads, if it is still there."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    main()
