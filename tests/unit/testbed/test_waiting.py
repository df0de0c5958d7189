import pytest

from testbed import waiting
from testbed.waiting import WaitTimeout
from tests.support.clock import Clock


def test_a_condition_that_holds_costs_no_pause() -> None:
    """What is already true is given at once."""
    clock = Clock()
    value = waiting.until(lambda: ("up", ""), "up", timeout_s=0, clock=clock, sleep=clock.sleep)
    assert ("up", []) == (value, clock.pauses)


def test_a_value_that_is_false_ends_the_waiting_too() -> None:
    """Only None means "not yet"."""
    assert 0 == waiting.until(lambda: (0, ""), "a number", timeout_s=0)


def test_it_asks_again_until_the_value_is_there() -> None:
    """The probe is called once an interval."""
    clock, answers = Clock(), iter([None, None, "up"])
    value = waiting.until(
        lambda: (next(answers), ""),
        "up",
        timeout_s=1,
        interval_s=0.25,
        clock=clock,
        sleep=clock.sleep,
    )
    assert ("up", [0.25, 0.25]) == (value, clock.pauses)


def test_at_the_deadline_the_error_says_what_was_last_seen() -> None:
    """A timeout names the condition, its limit, and the last thing that was seen."""
    clock = Clock()
    with pytest.raises(WaitTimeout) as caught:
        waiting.until(
            lambda: (None, f"answer {clock.now}"),
            "an answer",
            timeout_s=2,
            interval_s=1.5,
            clock=clock,
            sleep=clock.sleep,
        )
    assert "an answer not reached within 2 s; last seen: answer 2.0" == str(caught.value)
    assert [1.5, 0.5] == clock.pauses


def test_listed_exceptions_mean_not_yet_and_are_kept_as_the_cause() -> None:
    """A refused connection during a start is no failure, but the timeout shows it."""
    clock, refused = Clock(), ConnectionRefusedError("port 4566")

    def probe() -> tuple[str | None, str]:
        raise refused

    with pytest.raises(WaitTimeout, match="ConnectionRefusedError: port 4566") as caught:
        waiting.until(
            probe,
            "up",
            timeout_s=1,
            retry_on=(ConnectionError,),
            clock=clock,
            sleep=clock.sleep,
        )
    assert refused is caught.value.__cause__


def test_any_other_exception_ends_the_waiting_at_once() -> None:
    """A bug in a probe is not waited out."""
    with pytest.raises(ZeroDivisionError):
        waiting.until(lambda: (1 // 0, ""), "up", timeout_s=60, retry_on=(ConnectionError,))
