"""What an emulator says of itself, and what follows: ready, not yet, or never."""

from __future__ import annotations

import pytest

from localstack_standalone.launcher import health
from localstack_standalone.launcher.health import EXECUTOR, Health
from tests.support import fake_emulator

UP = {"services": {"s3": "running", "sts": "available", "sqs": "disabled"}}


def test_ready_is_services_and_our_executor() -> None:
    """Then a request would succeed."""
    with fake_emulator.saying({"health": UP, "standalone": {"executor": EXECUTOR}}) as endpoint:
        assert health.check(endpoint, ("s3", "sts")).ready


def test_another_executor_is_hopeless() -> None:
    """Functions would run in Docker, or nowhere: waiting does not help."""
    with fake_emulator.saying({"health": UP}) as endpoint:
        seen = health.check(endpoint, ("s3",))
    assert (False, True) == (seen.ready, seen.hopeless)
    assert "an executor of its own" in seen.seen


@pytest.mark.parametrize(
    ("service", "expected"),
    [
        ("sqs", Health(ready=False, seen="services not available: sqs")),
        (
            "sqss",
            Health(
                ready=False,
                seen="LocalStack has no service sqss",
                hopeless=True,
                unknown=("sqss",),
                known=("s3", "sts", "sqs"),
            ),
        ),
    ],
)
def test_a_service_may_come_yet_or_be_unknown(service: str, expected: Health) -> None:
    """The first is waited for, the second never comes."""
    with fake_emulator.saying({"health": UP}) as endpoint:
        assert expected == health.check_services(endpoint, ("s3", service))


def test_one_that_does_not_answer_is_not_ready() -> None:
    """Nobody there, or no health: no error, for it may come."""
    with fake_emulator.saying({}) as endpoint:
        for address in ("http://127.0.0.1:9", endpoint):
            seen = health.check(address)
            assert (False, False) == (seen.ready, seen.hopeless)
            assert "no answer from" in seen.seen
