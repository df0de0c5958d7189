from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError, ReadTimeoutError

from conformance import runner
from conformance.check import Check, DiffersError, refused, same
from conformance.report import CheckResult, Verdict
from conformance.workshop import Workshop

NOWHERE = "http://127.0.0.1:9"


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits long for what hangs here."""
    monkeypatch.setattr(runner, "CLEARING_S", 0.1)


def check(run: Callable[[Workshop], object], timeout_s: float = 5.0) -> Check:
    return Check("S3", "a thing", "does it", "https://aws.example", run, timeout_s)  # type: ignore[arg-type]


def one(run: Callable[[Workshop], object], timeout_s: float = 5.0) -> CheckResult:
    (result,) = runner.run([check(run, timeout_s)], NOWHERE).results
    return result


def raises(error: BaseException) -> Callable[[Workshop], None]:
    def run(_: Workshop) -> None:
        raise error

    return run


@pytest.mark.parametrize(
    ("error", "verdict", "why"),
    [
        (DiffersError("a: AWS gives 1"), Verdict.DIFFERS, "a: AWS gives 1"),
        (ClientError({"Error": {"Code": "Nope"}}, "GetObject"), Verdict.REFUSED, "(Nope)"),
        (EndpointConnectionError(endpoint_url=NOWHERE), Verdict.BROKEN, "Could not connect"),
        (ReadTimeoutError(endpoint_url=NOWHERE), Verdict.HANGS, "Read timeout"),
        (KeyError("Arn"), Verdict.BROKEN, "KeyError: 'Arn'"),
    ],
)
def test_how_a_check_ends_is_its_verdict(error: Exception, verdict: Verdict, why: str) -> None:
    """With what was seen, in words."""
    found = one(raises(error))
    assert verdict is found.verdict
    assert why in found.why


def test_a_check_that_sees_what_aws_does_passes() -> None:
    found = one(lambda _: same("it", 1, 1))
    assert (Verdict.PASSES, "") == (found.verdict, found.why)


def test_one_that_hangs_costs_its_own_time() -> None:
    """The others end as ever; what it left is cleared away when it ends."""
    released, cleared = threading.Event(), threading.Event()

    def hangs(shop: Workshop) -> None:
        shop.afterwards(cleared.set)
        released.wait(10)

    def passes(_: Workshop) -> None:
        released.set()

    found = runner.run([check(hangs, 0.2), check(lambda _: None)], NOWHERE, workers=2)
    assert [Verdict.PASSES] == [found.results[1].verdict]
    released.set()
    assert cleared.wait(5)
    assert Verdict.HANGS is found.results[0].verdict
    assert "no end within 0.2 s" == found.results[0].why


def test_a_limit_holds_for_all() -> None:
    stop = threading.Event()
    found = runner.run([check(lambda _: stop.wait(2), 60.0)], NOWHERE, limit_s=0.05)
    stop.set()
    assert "no end within 0.05 s" == found.results[0].why


def test_results_are_told_as_they_come_and_kept_in_order() -> None:
    told: list[CheckResult] = []
    second_ran = threading.Event()
    first, second = check(lambda _: second_ran.wait(5)), check(lambda _: second_ran.set())
    found = runner.run([first, second], NOWHERE, workers=2, told=told.append)
    assert sorted(map(id, found.results)) == sorted(map(id, told))
    assert [first.run, second.run] == [each.check.run for each in found.results]


def test_what_a_check_made_is_gone_also_when_it_fails() -> None:
    """The last first; what cannot be undone keeps nothing else from it."""
    undone: list[int] = []

    def run(shop: Workshop) -> None:
        shop.afterwards(lambda: undone.append(1))
        shop.afterwards(raises(ValueError("gone already")), _=shop)
        shop.afterwards(lambda: undone.append(2))
        raise DiffersError("a")

    assert Verdict.DIFFERS is one(run).verdict
    assert [2, 1] == undone


def test_what_must_be_refused_and_is_not_fails() -> None:
    def run(_: Workshop) -> None:
        with refused("NoSuchKey"):
            pass

    assert Verdict.DIFFERS is one(run).verdict
