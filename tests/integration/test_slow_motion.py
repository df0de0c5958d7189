"""An execution in slow motion: held at each station, with no timeout that strikes meanwhile."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Iterator

import pytest

from client import repeat
from runs import follow
from runs.call import ApiResponse
from testbed import slow_motion, waiting
from testbed.errors import TestbedError
from testbed.slow_motion import Hold
from tests.e2e.client import Client, png
from tests.support.testbeds import ForkTestbed

HELD_AT = [
    ("api", "", ""),
    ("entered", "ResizeImage", "Task"),
    ("answered", "ResizeImage", "Task"),
    ("entered", "WasResizeSuccessful", "Choice"),
    ("entered", "SuccessState", "Succeed"),
]


@pytest.fixture(scope="module")
def client(fork_testbed: ForkTestbed, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    with fork_testbed(tmp_path_factory.mktemp("slow") / "testbed") as forked:
        yield Client(forked)


class SlowRun:
    """A run that is watched."""

    def __init__(self, client: Client) -> None:
        self.client, self.name = client, f"slow-{uuid.uuid4().hex[:8]}"
        self.endpoint = client.outputs.endpoint or ""
        self.answers: list[ApiResponse] = []
        self._thread = threading.Thread(target=self._post, daemon=True)

    def begin(self) -> None:
        key = self.client.key("slow.png")
        self.client.upload(key, png())
        self._body = f'{{"key": "{key}"}}'
        slow_motion.watch(self.endpoint, self.name)
        self._thread.start()

    def _post(self) -> None:
        aws, outputs = self.client.aws, self.client.outputs
        self.answers.append(repeat.post(aws, outputs, self._body, key=self.name, timeout_s=120))

    def held(self, behind: int) -> Hold:
        """The next hold."""

        def look() -> tuple[Hold | None, str]:
            found = slow_motion.look(self.endpoint, self.name)
            return (found if found and found.number > behind else None), str(found)

        return waiting.until(look, "a hold", timeout_s=60, interval_s=0.05)

    def answer(self) -> ApiResponse:
        self._thread.join(60)
        return self.answers[0]


def test_it_is_held_at_each_station_and_succeeds(client: Client) -> None:
    """One after the other; at each, what comes behind has not begun."""
    run = SlowRun(client)
    run.begin()
    seen = []
    for number in range(len(HELD_AT)):
        hold = run.held(number)
        seen.append((hold.place, hold.state, hold.type))
        if hold.place == "api":
            assert [] == run.answers
        slow_motion.step(run.endpoint, run.name, hold.number)
    assert HELD_AT == seen
    arn = run.answer().execution_arn
    assert arn.endswith(run.name)
    assert follow.to_end(client.aws, arn).succeeded
    slow_motion.release(run.endpoint, run.name)


def test_released_it_goes_on_by_itself(client: Client) -> None:
    """In the middle, as when the page is left."""
    run = SlowRun(client)
    run.begin()
    run.held(0)
    slow_motion.release(run.endpoint, run.name)
    assert follow.to_end(client.aws, run.answer().execution_arn).succeeded
    assert slow_motion.look(run.endpoint, run.name) is None


def test_others_are_not_held(client: Client) -> None:
    """Off unless it was asked for, for this one."""
    run = SlowRun(client)
    run.begin()
    run.held(0)
    key = client.key("other.png")
    client.upload(key, png())
    assert client.run(key).succeeded
    slow_motion.release(run.endpoint, run.name)
    run.answer()


@pytest.mark.parametrize("name", ["", "a b", "a" * 81])
def test_a_name_that_no_execution_can_have_is_refused(client: Client, name: str) -> None:
    with pytest.raises(TestbedError, match="allowed: 1 to 80"):
        slow_motion.watch(client.outputs.endpoint or "", name)
