from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Any, cast

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from grading import runner
from grading.attempt import GradedAttempt
from grading.criteria import Checks, Criterion, Lab, NotMetError
from grading.marks import Met
from grading.submission import SubmissionError
from testbed.errors import TestbedError
from testbed.waiting import WaitTimeout
from tests.unit.grading.examples import LAB

if TYPE_CHECKING:
    from collections.abc import Callable

NOBODY: Any = None


def attempt(limit_s: float = 5) -> GradedAttempt:
    return GradedAttempt(NOBODY, NOBODY, NOBODY, limit_s=limit_s)


def judged(error: Exception | None) -> tuple[Met, str]:
    def probe(_: GradedAttempt) -> str:
        if error is not None:
            raise error
        return "a\nb\x1b[31m"

    mark = runner.judge(Criterion("c", "t", 1, "e", "h", probe), attempt())
    return mark.met, mark.seen


@pytest.mark.parametrize(
    ("error", "met", "words"),
    [
        (None, Met.YES, "a b [31m"),
        (NotMetError("seen"), Met.NO, "seen"),
        (SubmissionError("no JSON"), Met.NO, "no JSON"),
        (WaitTimeout("an end", 1, "RUNNING"), Met.NO, "RUNNING"),
        (
            ClientError({"Error": {"Code": "AccessDenied", "Message": "no"}}, "Get"),
            Met.NO,
            "Denied",
        ),
        (EndpointConnectionError(endpoint_url="x"), Met.NO, "the emulator gave no answer"),
        (TestbedError("broken"), Met.UNCLEAR, "broken"),
        (KeyError("x"), Met.UNCLEAR, "KeyError"),
    ],
)
def test_how_a_probe_ends(error: Exception | None, met: Met, words: str) -> None:
    """Only a probe that ends well is met; what fails in the grader is told apart."""
    found, seen = judged(error)
    assert met == found
    assert words in seen


def test_who_is_late_is_told_and_not_waited_for() -> None:
    """The others have their marks."""
    go_on = threading.Event()

    def never(_: GradedAttempt) -> str:
        go_on.wait(30)
        return "at last"

    quick, slow = (
        Criterion(name, "t", 1, "e", "h", cast("Callable[[GradedAttempt], str]", probe))
        for name, probe in (("quick", lambda _: "seen"), ("slow", never))
    )
    lab = Lab(1, LAB.folder, Checks("t", 1, (), (slow, quick)))
    started = time.monotonic()
    marks = runner._marks(lab, attempt(0.2))  # noqa: SLF001 - the part that waits
    go_on.set()
    assert [Met.LATE, Met.YES] == [mark.met for mark in marks]
    assert time.monotonic() - started < 10


def test_once_is_once_and_an_error_is_everybodys() -> None:
    """What several probes need is made by the first that asks."""
    made = []

    def make(_: GradedAttempt) -> str:
        made.append(1)
        raise NotMetError("refused")

    place = attempt()
    for _ in range(2):
        with pytest.raises(NotMetError, match="refused"):
            place.once(make)
    assert [1] == made


def test_what_is_not_as_it_was_is_named() -> None:
    """By what it is."""
    place, state = attempt(), [1]
    place.watch("the machine", lambda: list(state))
    assert [] == place.altered()
    state.append(2)
    assert ["the machine"] == place.altered()
