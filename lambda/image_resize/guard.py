"""Runs a decoder in a forked child: its crashes, loops and memory stay there.

The parent starts the child, reads its answer from a pipe, and keeps the wall clock: SIGALRM would
fire late, as Python runs a signal's handler only when the C code that decodes comes back.
`multiprocessing` is no help here: its queues need /dev/shm, which AWS Lambda does not have.

Stages: fork → the child lowers its limits, works, writes one answer, ends → the parent reads to
the end of the pipe or to the deadline → kill, wait (never a zombie) → the answer, or a Refusal.
"""

import contextlib
import json
import logging
import math
import os
import resource
import select
import signal
import struct
import time
import traceback
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NoReturn

from image_resize.errors import Code, Refusal

_LOG = logging.getLogger(__name__)

type ChildResult = tuple[dict[str, Any], bytes]
"""What work returns: facts that JSON can carry, and content."""


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What the child may use."""

    wall_s: float = 10.0
    cpu_s: int = 10
    data_bytes: int = 768 * 1024 * 1024
    """Private writable memory, counted with what is inherited. Linux enforces it (4.7 and later,
    getrlimit(2)); macOS ignores it and only the checks before decoding protect there."""


DEFAULT_LIMITS = Limits()
_HEADER = struct.Struct(">I")
_CHUNK_BYTES = 256 * 1024
# The parent's handlers, faulthandler's too, are not for the child: a crash ends it, and is told.
_DEFAULTED = (
    signal.SIGINT,
    signal.SIGTERM,
    signal.SIGSEGV,
    signal.SIGBUS,
    signal.SIGFPE,
    signal.SIGILL,
    signal.SIGABRT,
)
_OUT_OF_MEMORY = Refusal(Code.IMAGE_TOO_LARGE, "the image needs more memory than a decoder may use")


def run(work: Callable[[], ChildResult], limits: Limits = DEFAULT_LIMITS) -> ChildResult:
    """Call *work* in a child process and return what it returned.

    Raises:
        Refusal: the one that *work* raised; or PROCESSING_TIMEOUT, DECODER_CRASHED (the child was
            killed), IMAGE_TOO_LARGE (it ran out of memory), PROCESSING_FAILED (*work* raised
            anything else; the child's traceback is logged).
    """
    started_s = time.monotonic()
    read_fd, write_fd = os.pipe()
    with warnings.catch_warnings():
        # Python warns of a fork beside threads, for a lock that one of them holds stays locked in
        # the child. This child takes no lock of ours: it decodes, writes to a pipe and ends.
        warnings.simplefilter("ignore", DeprecationWarning)
        pid = os.fork()
    if pid == 0:
        os.close(read_fd)
        _child(work, limits, write_fd)
    os.close(write_fd)
    status: int | None = None
    try:
        reply = _read(read_fd, started_s + limits.wall_s)
        if reply is not None:  # the pipe is at its end: the child is ending, by whatever cause
            status = os.waitpid(pid, 0)[1]
    finally:
        os.close(read_fd)
        if status is None:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
    if reply is None or status is None:
        raise _timeout(limits)
    return _judge(reply, os.waitstatus_to_exitcode(status), limits)


def _read(fd: int, deadline_s: float) -> bytes | None:
    """Everything that the child writes until it closes the pipe; None if that takes too long."""
    poll = select.poll()
    poll.register(fd, select.POLLIN)
    chunks: list[bytes] = []
    while (left_s := deadline_s - time.monotonic()) > 0:
        if not poll.poll(math.ceil(left_s * 1000)):
            break
        chunk = os.read(fd, _CHUNK_BYTES)
        if not chunk:
            return b"".join(chunks)
        chunks.append(chunk)
    return None


def _judge(reply: bytes, exit_code: int, limits: Limits) -> ChildResult:
    """Turn what the child wrote and how it ended into an answer or a Refusal."""
    if exit_code == -signal.SIGXCPU:
        raise _timeout(limits)
    if exit_code != 0:
        cause = _signal_name(-exit_code) if exit_code < 0 else f"exit code {exit_code}"
        raise Refusal(Code.DECODER_CRASHED, f"the decoder was ended by {cause}")
    header_bytes = _HEADER.unpack_from(reply)[0]
    start = _HEADER.size + header_bytes
    header: dict[str, Any] = json.loads(reply[_HEADER.size : start])
    if "refused" in header:
        raise Refusal(Code(header["refused"]), header["message"])
    if "failed" in header:
        _LOG.error("a bug while making a thumbnail\n%s", header["traceback"])
        raise Refusal(
            Code.PROCESSING_FAILED, f"an error of the function itself: {header['failed']}"
        )
    return header["facts"], reply[start:]


def _timeout(limits: Limits) -> Refusal:
    return Refusal(
        Code.PROCESSING_TIMEOUT, f"the decoder did not finish within {limits.wall_s:g} s"
    )


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:  # a real-time signal
        return f"signal {number}"


# --- the child's side: from here on nothing may return into the parent's code ---------------------


def _child(work: Callable[[], ChildResult], limits: Limits, fd: int) -> NoReturn:
    """Work, write the answer to *fd*, end: no atexit handlers, no buffers of the parent's."""
    exit_code = 1
    with contextlib.suppress(BaseException):
        _confine(limits)
        out_of_memory = _refused(_OUT_OF_MEMORY)  # made now: later there may be no memory for it
        try:
            reply = _perform(work)
        except MemoryError:
            reply = out_of_memory
        _write(fd, reply)
        exit_code = 0
    os._exit(exit_code)


def _confine(limits: Limits) -> None:
    for number in _DEFAULTED:
        signal.signal(number, signal.SIG_DFL)
    logging.disable()  # what a decoder grumbles about a file is told once, in the refusal
    silence = os.open(os.devnull, os.O_WRONLY)
    for stream in (1, 2):  # libtiff writes there by itself
        os.dup2(silence, stream)
    _lower(resource.RLIMIT_CORE, 0)
    _lower(resource.RLIMIT_CPU, limits.cpu_s)
    _lower(resource.RLIMIT_DATA, limits.data_bytes)


def _lower(which: int, soft: int) -> None:
    """Set a soft limit, leaving the hard one: SIGXCPU says more than SIGKILL."""
    hard = resource.getrlimit(which)[1]
    wanted = soft if hard == resource.RLIM_INFINITY else min(soft, hard)
    with contextlib.suppress(ValueError, OSError):  # macOS has limits that it does not let one set
        resource.setrlimit(which, (wanted, hard))


def _perform(work: Callable[[], ChildResult]) -> bytes:
    try:
        facts, content = work()
    except Refusal as refusal:
        return _refused(refusal)
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001 - any bug is told to the parent, with its traceback
        failed = traceback.format_exception_only(error)[-1].strip()
        return _packed({"failed": failed, "traceback": traceback.format_exc()})
    return _packed({"facts": facts}, content)


def _refused(refusal: Refusal) -> bytes:
    return _packed({"refused": refusal.code, "message": refusal.message})


def _packed(header: dict[str, Any], content: bytes = b"") -> bytes:
    """The pipe's protocol: the header's length, the header as JSON, the content to the end."""
    text = json.dumps(header).encode()
    return _HEADER.pack(len(text)) + text + content


def _write(fd: int, reply: bytes) -> None:
    rest = memoryview(reply)
    while rest:
        rest = rest[os.write(fd, rest) :]
