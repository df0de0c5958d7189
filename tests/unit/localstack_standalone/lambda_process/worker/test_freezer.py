"""What is stopped and continued, with real processes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from typing import cast

import psutil
import pytest

from localstack_standalone.lambda_process.worker.freezer import Freezer
from localstack_standalone.lambda_process.zygote.process import RunningWorker, ZygoteProcess
from testbed import waiting

# A child in the group, and one in a session of its own, as daemons are.
FAMILY = """
import subprocess, sys
sleep = [sys.executable, "-c", "import time; time.sleep(60)"]
subprocess.Popen(sleep)
subprocess.Popen(sleep, start_new_session=True)
print("there", flush=True)
sys.stdin.read()
"""


class Owner:
    """Plays the zygote that a worker belongs to."""

    ended = False
    sandboxed = False


class SandboxesOwner(Owner):
    """… and that makes sandboxes: the worker's topmost process is its init."""

    sandboxed = True


@pytest.fixture
def family() -> Iterator[psutil.Process]:
    made = subprocess.Popen(
        [sys.executable, "-c", FAMILY],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,
    )
    assert made.stdout is not None
    assert b"there\n" == made.stdout.readline()
    top = psutil.Process(made.pid)
    members = [top, *top.children(recursive=True)]
    yield top
    for member in members:
        member.kill()
    made.communicate()


def freezer(top: psutil.Process, owner: type[Owner] = Owner) -> Freezer:
    return Freezer(RunningWorker(top.pid, cast("ZygoteProcess", owner())))


def until(top: psutil.Process, *, stopped: bool) -> None:
    """Wait until every process of the family is stopped, or none is."""

    def probe() -> tuple[bool | None, str]:
        seen = [one.status() for one in (top, *top.children(recursive=True))]
        return ([stopped] * 3 == [one == psutil.STATUS_STOPPED for one in seen] or None), str(seen)

    waiting.until(probe, f"stopped: {stopped}", timeout_s=10)


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the process group alone is known")
def test_all_below_is_stopped_and_goes_on(family: psutil.Process) -> None:
    """Also what has left the process group."""
    made = freezer(family)
    made.freeze()
    until(family, stopped=True)
    made.thaw()
    until(family, stopped=False)


def stopped(processes: list[psutil.Process]) -> tuple[list[bool], str]:
    seen = [one.status() for one in processes]
    return [each == psutil.STATUS_STOPPED for each in seen], str(seen)


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the process group alone is known")
@pytest.mark.parametrize("owner", [Owner, SandboxesOwner])
def test_the_runtime_is_stopped_before_the_rest(family: psutil.Process, owner: type[Owner]) -> None:
    """At once: what is beside it takes a look at the system's processes."""
    inside, apart = sorted(family.children(), key=lambda one: os.getpgid(one.pid) != family.pid)
    first, rest = ([inside], [apart, family]) if owner.sandboxed else ([family, inside], [apart])
    made = freezer(family, owner)
    for _ in range(2):
        made.stop_runtime()
        waiting.until(lambda: (all(stopped(first)[0]) or None, ""), "the runtime", timeout_s=10)
        assert not any(stopped(rest)[0])
        made.freeze()
        waiting.until(lambda: (stopped([apart])[0][0] or None, ""), "the rest", timeout_s=10)
        assert owner.sandboxed is (family.status() != psutil.STATUS_STOPPED)
        made.thaw()
        until(family, stopped=False)


def test_a_forks_copy_touches_nothing(family: psutil.Process) -> None:
    """The workers of the emulator that this one is a fork of are that one's."""

    class Abandoned(Owner):
        ended = True

    made = freezer(family, Abandoned)
    made.freeze()
    assert not made.frozen
    until(family, stopped=False)


def test_what_is_stopped_can_be_killed(family: psutil.Process) -> None:
    """Nothing stays stopped for ever."""
    made = freezer(family)
    made.freeze()
    os.killpg(family.pid, signal.SIGKILL)
    waiting.until(
        lambda: (family.status() == psutil.STATUS_ZOMBIE or None, family.status()),
        "its end",
        timeout_s=10,
    )


def test_what_is_gone_is_no_error() -> None:
    """A worker may end while it is being stopped."""
    ended = subprocess.Popen([sys.executable, "-c", ""], start_new_session=True)
    ended.wait()
    made = Freezer(RunningWorker(ended.pid, cast("ZygoteProcess", Owner())))
    made.freeze()
    made.thaw()
    assert not made.frozen


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the process group alone is known")
def test_what_left_the_group_is_ended_too(family: psutil.Process) -> None:
    """Else it would stay stopped for ever."""
    made = freezer(family)
    made.freeze()
    children = family.children()
    made.end_outside()
    apart = [one for one in children if os.getpgid(one.pid) != family.pid]
    assert 1 == len(apart)
    waiting.until(
        lambda: (apart[0].status() == psutil.STATUS_ZOMBIE or None, apart[0].status()),
        "its end",
        timeout_s=10,
    )
