"""What is said of a run that is held."""

from __future__ import annotations

import pytest

from console import slow_motion
from console.watch import WatchedTestbed
from testbed.errors import TestbedError
from testbed.slow_motion import Hold
from tests.support.shown import read


@pytest.mark.parametrize(
    ("hold", "begin"),
    [
        (Hold(1, "api"), "Held at API Gateway"),
        (Hold(2, "entered", "ResizeImage", "Task"), "Held at Lambda: ResizeImage was entered"),
        (Hold(3, "answered", "ResizeImage", "Task"), "Held at S3, behind ResizeImage"),
        (Hold(4, "entered", "Is", "Choice"), "Held at Step Functions: Is (Choice) was entered"),
    ],
)
def test_each_hold_says_where_it_is_and_what_comes_next(hold: Hold, begin: str) -> None:
    """In words for who has never seen it."""
    assert slow_motion.told(hold).startswith(begin)
    assert "next" in slow_motion.told(hold)


def test_on_aws_nothing_is_held(watch: WatchedTestbed) -> None:
    """And that is said, in place of a run that is not held."""

    async def draw() -> None:
        made = slow_motion.SlowRun(watch)
        with pytest.raises(TestbedError, match="AWS holds nothing"):
            await made.begin()
        await made.end()

    assert "Go on" in read(draw).text
