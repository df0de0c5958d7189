"""A POST whose answer is lost is sent again, and nothing is started twice."""

from __future__ import annotations

import dataclasses
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from client import journey, repeat, submit
from client.journey import Job
from client.repeat import Repeat
from client.submit import Request
from localstack_standalone.launcher import record
from runs import follow
from scripts import provision
from testbed import names, outputs
from testbed.outputs import Outputs
from testbed.settings import ROOT
from tests.support import faults
from tests.support.faults import Fault, Kind
from tests.support.kept import kept_emulator
from tests.support.testbeds import ProvisionedTestbed

SAMPLE = ROOT / "samples" / "club2.png"
BODY = Request(key="club2.png").body()


def through(known: Outputs, proxy: str) -> Outputs:
    """*known*, with the API behind *proxy*."""
    assert known.endpoint is not None
    return dataclasses.replace(known, api_url=known.api_url.replace(known.endpoint, proxy))


def inputs(place: ProvisionedTestbed) -> list[str]:
    """Of all executions that there are."""
    client = place.aws.stepfunctions
    found = client.list_executions(stateMachineArn=place.outputs.state_machine_arn)["executions"]
    arns = [one["executionArn"] for one in found]
    return [client.describe_execution(executionArn=arn)["input"] for arn in arns]


@pytest.mark.parametrize("kind", ["drop", "cut off"])
def test_an_answer_that_is_lost_on_the_way_costs_nothing(
    private_testbed: ProvisionedTestbed, kind: Kind
) -> None:
    """The request was accepted, its answer cut: the image goes its whole way, once."""
    place, fault = private_testbed, Fault(kind, "POST", names.RESOURCE_PATH, 2)
    with faults.proxy(place.endpoint, fault) as proxy:
        job = Job.of(Request(key="club2.png"), SAMPLE)
        done = journey.send(place.aws, through(place.outputs, proxy), job)
    assert (3, 2) == (fault.met, len(done.repeats))
    assert done.thumbnail is not None, done.setback
    assert [BODY] == inputs(place)


def test_a_repeat_after_the_end_goes_on_with_what_ended(
    private_testbed: ProvisionedTestbed,
) -> None:
    """409 names the execution; it has this input, so it is this request's."""
    place = private_testbed
    first = repeat.post(place.aws, place.outputs, BODY, key="k")
    follow.to_end(place.aws, first.execution_arn)
    again = repeat.post(place.aws, place.outputs, BODY, key="k")
    assert (409, first.execution_arn) == (again.status, again.execution_arn)
    other = repeat.post(place.aws, place.outputs, Request(key="b").body(), key="k")
    assert (409, False) == (other.status, other.has_started)
    assert [BODY] == inputs(place)


@pytest.fixture
def stopped(private_testbed: ProvisionedTestbed) -> Iterator[ProvisionedTestbed]:
    """A testbed whose process stands still, until the test lets it go on."""
    known = record.read(private_testbed.state_dir)
    assert known is not None
    os.kill(known.pid, signal.SIGSTOP)
    yield private_testbed
    os.kill(known.pid, signal.SIGCONT)


def test_requests_that_waited_for_a_sleeping_testbed_start_one_execution(
    stopped: ProvisionedTestbed,
) -> None:
    """It takes them all when it wakes, those that were given up too."""
    place, told = stopped, list[Repeat]()
    known = record.read(place.state_dir)
    assert known is not None

    def tell(again: Repeat) -> None:
        told.append(again)
        if len(told) == 2:
            os.kill(known.pid, signal.SIGCONT)

    # An answer of a moment's work may take as long as the timeout is; then it is sent once more.
    answer = repeat.post(place.aws, place.outputs, BODY, timeout_s=2, told=tell)
    assert 2 <= len(told)
    assert "no answer (ReadTimeout)" in str(told[0])
    follow.to_end(place.aws, answer.execution_arn)
    assert [BODY] == inputs(place)


def test_a_testbed_that_is_started_again_takes_the_repeat(tmp_path: Path) -> None:
    """It was killed, nobody listened for a while; at the same address it knows of no first time."""
    with kept_emulator(tmp_path) as kept:
        known = provision.provision(kept.aws, "embedded")
        place, told = ProvisionedTestbed(kept.aws, known, tmp_path), list[Repeat]()
        kept.kill()

        def tell(again: Repeat) -> None:
            told.append(again)
            if len(told) == 1:
                kept.start()
                provision.provision(kept.aws, "embedded")  # whatever was not kept

        answer = repeat.post(place.aws, known, BODY, told=tell)
        assert "no answer (ConnectionError)" in str(told[0])
        follow.to_end(place.aws, answer.execution_arn)
        assert [BODY] == inputs(place)


def test_make_process_tells_each_repeat(private_testbed: ProvisionedTestbed) -> None:
    """And goes on: exit status 0, one execution."""
    place, fault = private_testbed, Fault("drop", "POST", names.RESOURCE_PATH, 1)
    with faults.proxy(place.endpoint, fault) as proxy:
        outputs.write(place.state_dir, through(place.outputs, proxy))
        done = subprocess.run(
            [sys.executable, "-m", "scripts.process", "--image", str(SAMPLE)],
            cwd=ROOT,
            env=os.environ | {"STATE_DIR": str(place.state_dir), "TARGET": "embedded"},
            capture_output=True,
            text=True,
            check=False,
            timeout=100,
        )
    assert (0, "") == (done.returncode, done.stderr), done.stdout
    assert "no answer (ConnectionError); sent again with the same key in" in done.stdout
    assert [{"key": "club2.png"}] == list(map(json.loads, inputs(place)))


def test_without_a_key_a_repeat_starts_one_more(private_testbed: ProvisionedTestbed) -> None:
    """As ever: POSTs that name nothing are two requests."""
    place = private_testbed
    arns = {submit.post(place.outputs, BODY).execution_arn for _ in range(2)}
    assert 2 == len(arns)
