"""What may pass is tried again by the state machine: an S3 that is ill for a moment costs nobody.

The function reaches S3 through a proxy that has faults; its own variable AWS_ENDPOINT_URL, which
goes before the emulator's, leads there. All cases run at once, for most of it is waiting.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from runs import history
from testbed import names
from tests.e2e.client import Client, picture, png
from tests.support import functions
from tests.support.faults import ENDLESS, Fault, proxy
from tests.support.testbeds import ForkTestbed

if TYPE_CHECKING:
    from runs.model import ExecutionSpan

TRANSIENT = "TransientStorageError"
FAILED = ["TaskScheduled", TRANSIENT]
SUCCEEDED = ["TaskScheduled", "TaskSucceeded"]
# The definition's: five attempts more, after waits of up to 1, 2, 4, 8 and 8 seconds.
ATTEMPTS = 1 + 5

# A lost connection is tried once more by the function itself, over a new one: four are two errors.
PASSING = {
    "read throttled": Fault("slow down", "GET", "", times=2),
    "read unanswered": Fault("drop", "GET", "", times=4),
    "read cut off": Fault("cut off", "GET", "", times=2),
    "write throttled": Fault("slow down", "PUT", "", times=2),
    "write unanswered": Fault("drop", "PUT", "", times=4),
}
STAYING = Fault("slow down", "GET", "", times=ENDLESS)
CASES = {**PASSING, "staying": STAYING}


@dataclass(frozen=True)
class Story:
    """An execution that met a fault.

    Attributes:
        key: of its original.
        report: how it ended.
        attempts: what its history tells of the task: scheduled, and its error or success.
    """

    key: str
    report: ExecutionSpan
    attempts: list[str]


@pytest.fixture(scope="module")
def client(fork_testbed: ForkTestbed, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """A testbed whose function reaches S3 through the proxy; this module's own."""
    with fork_testbed(tmp_path_factory.mktemp("testbed")) as forked:
        client = Client(forked)
        for case, fault in CASES.items():
            key = client.key(f"{case}.png")
            fault.key = key if fault.method == "GET" else names.thumbnail_key(key)
        with proxy(forked.endpoint, *CASES.values()) as address:
            lead_through(address, client)
            yield client


def lead_through(address: str, client: Client) -> None:
    """Have the function reach AWS at *address*."""
    lambda_, name = client.aws.lambda_, client.outputs.function_name
    found = lambda_.get_function_configuration(FunctionName=name)
    variables = {**found["Environment"]["Variables"], "AWS_ENDPOINT_URL": address}
    lambda_.update_function_configuration(FunctionName=name, Environment={"Variables": variables})
    functions.until_settled(client.aws, name)


@pytest.fixture(scope="module")
def stories(client: Client) -> dict[str, Story]:
    """What came of each case."""
    keys = [client.key(f"{case}.png") for case in CASES]
    for key in keys:
        client.upload(key, png())
    with ThreadPoolExecutor(len(keys)) as pool:
        reports = list(pool.map(client.run, keys))
    return {
        case: Story(key, report, attempts(client, report))
        for case, key, report in zip(CASES, keys, reports, strict=True)
    }


def attempts(client: Client, report: ExecutionSpan) -> list[str]:
    """What the history of an execution tells of its task."""
    told = []
    for event in history.events(client.aws, report.arn):
        if event["type"] == "TaskFailed":
            told.append(event["taskFailedEventDetails"]["error"])
        elif event["type"] in SUCCEEDED:
            told.append(event["type"])
    return told


@pytest.mark.parametrize("case", PASSING)
def test_an_error_that_passes_is_retried_and_then_succeeds(
    case: str, client: Client, stories: dict[str, Story]
) -> None:
    """Throttled, unanswered or cut off twice: the third attempt makes the thumbnail."""
    story, fault = stories[case], PASSING[case]
    assert ("SUCCEEDED", None) == (story.report.status, story.report.cause)
    assert [*FAILED, *FAILED, *SUCCEEDED] == story.attempts
    assert fault.times + 1 == fault.met
    assert (256, 160) == picture(client.thumbnail(story.key).content).size


def test_an_error_that_stays_ends_in_fail_state(client: Client, stories: dict[str, Story]) -> None:
    """After six attempts the execution FAILED, with the error's name, and S3's own words."""
    story = stories["staying"]
    assert ("FAILED", TRANSIENT) == (story.report.status, story.report.error)
    assert ("ResizeImage", "FailState") == story.report.path
    assert "SlowDown" in (story.report.cause or "")
    assert FAILED * ATTEMPTS == story.attempts
    assert ATTEMPTS == STAYING.met
    assert not client.has_thumbnail(story.key)


def test_a_refusal_is_not_retried(client: Client) -> None:
    """What stays wrong is told after one attempt."""
    report = client.run(client.key("missing.png"))
    assert (SUCCEEDED, "NOT_FOUND") == (attempts(client, report), report.error)
