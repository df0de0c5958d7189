"""One image, while the clock is set, or the testbed sleeps."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Iterator

import psutil
import pytest
import time_machine

from client import journey
from client.journey import Job, Journey, Stage
from client.submit import Request
from localstack_standalone.launcher import record
from scripts import provision
from testbed.aws import Aws
from testbed.outputs import Outputs
from testbed.settings import ROOT
from tests.resilience.clock.test_executions import JUMPS
from tests.support.altered import WallClock
from tests.support.testbeds import ProvisionedTestbed
from views import html, terminal

# Longer than anything here is waited for while all is well.
ASLEEP_S = 3
SAMPLE = ROOT / "samples" / "club2.png"


@pytest.fixture(scope="module")
def pipeline(own_clock: WallClock) -> Outputs:
    return provision.provision(Aws(own_clock.record.endpoint), "embedded")


@JUMPS
def test_an_image_goes_its_way_whatever_is_done_to_the_clock(
    pipeline: Outputs, clock: WallClock, jump_s: int
) -> None:
    """Its execution succeeds, its log lines are found, and it can be drawn.

    The clock is one for the emulator and for who waits here.
    """
    aws, set_here = Aws(pipeline.endpoint), contextlib.ExitStack()
    job = Job.of(Request(key=f"jump{jump_s}.png"), SAMPLE)

    def tell(now: Journey) -> None:
        if now.stage is Stage.RUNNING and now.execution is None:
            clock.set(jump_s)
            set_here.enter_context(time_machine.travel(time.time() + jump_s, tick=True))

    with set_here:
        done = journey.send(aws, pipeline, job, told=tell)
    assert done.thumbnail is not None, done.setback
    assert done.trace is not None
    spoken = [one.invocation for one in done.trace.execution.attempts]
    assert all(one is not None and one.whole for one in spoken)
    assert terminal.tree(done.trace).children
    assert "ResizeImage" in html.page(done.trace)


@contextlib.contextmanager
def asleep(pid: int) -> Iterator[None]:
    """The process *pid* and all that it started stand still while the block runs."""
    known = psutil.Process(pid)
    family = [known, *known.children(recursive=True)]
    for one in family:
        one.suspend()
    try:
        yield
    finally:
        for one in reversed(family):
            one.resume()


def test_an_image_goes_on_when_the_testbed_wakes(private_testbed: ProvisionedTestbed) -> None:
    """All of it stands still for a while, as on a laptop that sleeps, in the middle of the way."""
    place, slept = private_testbed, list[Stage]()
    known = record.read(place.state_dir)
    assert known is not None

    def tell(now: Journey) -> None:
        if now.stage is Stage.RUNNING and not slept:
            slept.append(now.stage)
            with asleep(known.pid):
                threading.Event().wait(ASLEEP_S)

    done = journey.send(place.aws, place.outputs, Job.of(Request(key="a.png"), SAMPLE), told=tell)
    assert [Stage.RUNNING] == slept
    assert done.thumbnail is not None, done.setback
