"""The child process: its answers come back, its crashes, loops and appetites do not."""

import ctypes
import dataclasses
import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from image_resize import guard
from image_resize.errors import Code, Refusal

QUICK_S = 0.3


def refusal_of(work: Callable[[], object], **limits: float) -> Refusal:
    def child() -> guard.ChildResult:
        work()
        return {}, b""

    (usual,) = guard.run.__defaults__ or ()
    with pytest.raises(Refusal) as refused:
        guard.run(child, dataclasses.replace(usual, **limits))
    return refused.value


def test_an_answer_comes_back_whole() -> None:
    """Facts and content are what work returned, though they are larger than a pipe's buffer."""
    content = os.urandom(3_000_000)
    assert ({"width": "3"}, content) == guard.run(lambda: ({"width": "3"}, content))


def test_a_refusal_comes_back_as_it_is() -> None:
    """Code and message survive the pipe, whatever characters the message has."""

    def work() -> None:
        raise Refusal(Code.CORRUPT_IMAGE, "ü \ud800 €")

    refusal = refusal_of(work)
    assert (Code.CORRUPT_IMAGE, "ü \ud800 €") == (refusal.code, refusal.message)


def test_a_hang_is_a_timeout_and_no_zombie() -> None:
    """The parent keeps the clock: it kills and reaps a child that never answers."""
    before = set(psutil.Process().children())
    assert Code.PROCESSING_TIMEOUT == refusal_of(signal.pause, wall_s=QUICK_S).code
    assert set() == set(psutil.Process().children()) - before


def test_a_child_that_blocks_every_signal_is_ended_all_the_same() -> None:
    """C code that never returns to Python is killed with what cannot be caught."""

    def work() -> None:
        signal.pthread_sigmask(signal.SIG_SETMASK, signal.valid_signals())
        signal.pause()

    assert Code.PROCESSING_TIMEOUT == refusal_of(work, wall_s=QUICK_S).code


def test_burning_cpu_is_a_timeout_even_before_the_wall_clock() -> None:
    """RLIMIT_CPU ends a child that uses more than its seconds."""

    def work() -> None:
        while True:
            pass

    started_s = time.monotonic()
    assert Code.PROCESSING_TIMEOUT == refusal_of(work, wall_s=100, cpu_s=1).code
    assert time.monotonic() - started_s < 90


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGABRT])
def test_a_killed_child_is_a_crashed_decoder(number: signal.Signals) -> None:
    """The message names the signal."""
    refusal = refusal_of(lambda: os.kill(os.getpid(), number))
    assert (Code.DECODER_CRASHED, True) == (refusal.code, number.name in refusal.message)


def test_a_segmentation_fault_is_a_crashed_decoder() -> None:
    """Reading address 0 ends the child, not the function."""
    assert Code.DECODER_CRASHED == refusal_of(lambda: ctypes.string_at(0)).code


def test_an_exit_is_a_crashed_decoder() -> None:
    """A library that calls exit() is no better than one that crashes."""
    assert Code.DECODER_CRASHED == refusal_of(lambda: os._exit(3)).code
    assert Code.DECODER_CRASHED == refusal_of(sys.exit).code


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux enforces RLIMIT_DATA")
def test_too_much_memory_is_too_large_an_image() -> None:
    """An allocation beyond RLIMIT_DATA fails in the child, and is told as what it means."""
    assert Code.IMAGE_TOO_LARGE == refusal_of(lambda: bytearray(2**30)).code


def test_a_bug_is_named_and_its_traceback_logged(caplog: pytest.LogCaptureFixture) -> None:
    """Any other exception is PROCESSING_FAILED with its class; the log has the line."""

    def faulty_work() -> None:
        raise LookupError("which one?")

    refusal = refusal_of(faulty_work)
    assert Code.PROCESSING_FAILED == refusal.code
    assert "LookupError: which one?" in refusal.message
    assert "in faulty_work" in caplog.text


def grumble() -> guard.ChildResult:
    os.write(2, b"a decoder grumbles")
    return {}, b""


def fail() -> guard.ChildResult:
    raise LookupError


def crash() -> guard.ChildResult:
    os._exit(1)


def test_nothing_runs_twice(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """The child writes none of the parent's buffers and leaves no output of its own."""
    log = (tmp_path / "log").open("w")
    log.write("once")
    guard.run(grumble)
    log.close()
    assert "once" == (tmp_path / "log").read_text()
    assert ("", "") == tuple(capfd.readouterr())


@pytest.mark.skipif(sys.platform != "linux", reason="counts open files in /proc")
def test_a_thousandth_call_is_like_the_first() -> None:
    """No call leaves a file open, however it ends: the environment stays warm for days."""
    before = len(list(Path("/proc/self/fd").iterdir()))
    for work in (grumble, fail, crash):
        try:
            guard.run(work)
        except Refusal as refusal:
            assert refusal.code in {Code.DECODER_CRASHED, Code.PROCESSING_FAILED}  # noqa: PT017
    assert before == len(list(Path("/proc/self/fd").iterdir()))
