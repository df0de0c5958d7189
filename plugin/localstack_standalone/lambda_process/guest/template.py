"""The template process: starts Lambda workers, reaps them, and kills them when its owner is gone.

It runs under the Python of one Lambda runtime, with nothing of the emulator's on its path, and
talks to the emulator over one socket (file descriptor 3). It has a single thread, so that a fork
is safe, and it is the parent of every worker: a worker never outlives it (parent-death signal on
Linux), and it ends with all its workers when the socket closes, however the emulator died.

Messages are JSON behind a length of four bytes, big-endian. Asked ``{"start": spec}`` with the
worker's output pipe attached it answers ``{"started": pid}``; asked ``{"kill": pid}`` it kills the
worker's process group, ``{"release": folder}`` it takes a temporary folder's size limit away;
when a worker ends it says ``{"exited": pid, "status": wait status, "max_rss_bytes": n}``.
"""

import contextlib
import gc
import importlib
import json
import os
import resource
import selectors
import signal
import socket
import struct
import sys
import types
import typing

CONTROL_FD = 3
HEADER_BYTES = 4
# What nearly every function imports. Modules that a function brings itself are not taken from
# here: see _lambda_worker.shadows.
WARM_MODULES = ("boto3", "botocore.session", "concurrent.futures", "http.client", "logging", "json")

# ru_maxrss is in kilobytes on Linux and in bytes on macOS.
RSS_UNIT_BYTES = 1 if sys.platform == "darwin" else 1024


def main() -> None:
    """Serve until the emulator closes the socket; then leave nothing behind."""
    worker = load_worker()
    control = socket.socket(fileno=CONTROL_FD)
    wakeup = child_signals()
    for name in WARM_MODULES:
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
    gc.collect()
    gc.freeze()  # a collection in a worker would copy every page that it shares with us
    Template(control, worker).serve(wakeup)


def load_worker() -> types.ModuleType:
    """Import the worker's code beside this file without leaving its folder on the path."""
    here = os.path.dirname(os.path.abspath(__file__))
    sys.path.insert(0, here)
    try:
        return importlib.import_module("_lambda_worker")
    finally:
        sys.path.remove(here)


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


class Template:
    """Starts and reaps workers on request of the emulator."""

    def __init__(self, control: socket.socket, worker: types.ModuleType) -> None:
        self.control = control
        self.worker = worker
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
        request, descriptors = receive(self.control)
        if "start" in request:
            (output,) = descriptors
            try:
                pid = self.worker.start(request["start"], output, self.control.fileno())
            except OSError as error:
                send(self.control, {"failed": str(error)})
            else:
                self.workers.add(pid)
                send(self.control, {"started": pid})
            finally:
                os.close(output)
        elif request.get("kill") in self.workers:
            kill_group(request["kill"])
        elif "release" in request:
            self.worker.MOUNTS.release(request["release"])

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
                send(self.control, {"exited": pid, "status": status, "max_rss_bytes": rss})

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


def receive(control: socket.socket) -> tuple[dict[str, typing.Any], list[int]]:
    """One message and the descriptors that came with it.

    Raises:
        EOFError: the other end is gone.
    """
    header, descriptors, _, _ = socket.recv_fds(control, HEADER_BYTES, 4)
    while len(header) < HEADER_BYTES:
        header += read_exactly(control, HEADER_BYTES - len(header))
    (length,) = struct.unpack("!I", header)
    return json.loads(read_exactly(control, length)), descriptors


def read_exactly(control: socket.socket, length: int) -> bytes:
    """Read *length* bytes or raise EOFError."""
    data = b""
    while len(data) < length:
        chunk = control.recv(length - len(data))
        if not chunk:
            raise EOFError
        data += chunk
    return data


def send(control: socket.socket, message: dict[str, typing.Any]) -> None:
    """Send one message."""
    data = json.dumps(message).encode()
    control.sendall(struct.pack("!I", len(data)) + data)


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    main()
