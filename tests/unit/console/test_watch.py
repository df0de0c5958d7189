"""The testbed that comes and goes."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from console.watch import CALLS_KEPT, INPUTS_KEPT, Deployment, LostError, WatchedTestbed
from runs.model import Call, Source
from testbed.aws import Aws
from testbed.errors import NotRunningError, TestbedError
from testbed.outputs import Outputs
from tests.support.addresses import ON_AWS

# On AWS, where nothing is asked how it is.
OTHER = dataclasses.replace(ON_AWS, state_machine_arn="arn:other")


def finding(*outputs: Outputs | None) -> Callable[[], Deployment]:
    """Finds these one after another; None is a time at which nothing is up."""
    left = iter(outputs)

    def find() -> Deployment:
        known = next(left)
        if known is None:
            raise NotRunningError("nothing runs")
        return Deployment(Aws(endpoint="http://127.0.0.1:9"), known, Path())

    return find


def looks(watch: WatchedTestbed, times: int) -> Iterator[bool]:
    """Look so many times; gives whether it was up each time."""
    for _ in range(times):
        asyncio.run(watch.look())
        yield watch.up


def test_before_it_was_found_it_is_lost() -> None:
    """With the reason, for the banner."""
    with pytest.raises(LostError, match="looking for the testbed"):
        _ = WatchedTestbed(finding()).found


def test_it_is_lost_and_found_again() -> None:
    """And says why it was lost."""
    watch = WatchedTestbed(finding(ON_AWS, None, ON_AWS))
    assert [True, False] == list(looks(watch, 2))
    assert "nothing runs" in watch.seen
    assert [True] == list(looks(watch, 1))


def test_what_is_known_of_it_stays_while_it_is_up() -> None:
    """Its clients and its executions are those of before."""
    watch = WatchedTestbed(finding(ON_AWS, ON_AWS))
    list(looks(watch, 1))
    found, executions = watch.found, watch.executions("arn:m")
    list(looks(watch, 1))
    assert found is watch.found
    assert executions is watch.executions("arn:m")


@pytest.mark.parametrize("then", [(None, ON_AWS), (OTHER,)], ids=["restarted", "another"])
def test_one_that_is_found_anew_has_executions_of_its_own(then: tuple[Outputs | None, ...]) -> None:
    """Those of before are not its, though no page was open meanwhile."""
    watch = WatchedTestbed(finding(ON_AWS, *then))
    list(looks(watch, 1))
    found, executions = watch.found, watch.executions("arn:m")
    list(looks(watch, len(then)))
    assert found is not watch.found
    assert executions is not watch.executions("arn:m")


def test_one_that_does_not_answer_is_lost() -> None:
    """Whoever asked is told, and so is every page; another error is its own."""
    watch = WatchedTestbed(finding(ON_AWS))
    list(looks(watch, 1))

    def refused(_: Deployment) -> None:
        raise EndpointConnectionError(endpoint_url="https://api.example")

    with pytest.raises(LostError, match="no answer from AWS"):
        asyncio.run(watch.call(refused))
    assert not watch.up


def test_only_so_many_calls_are_kept() -> None:
    """The oldest is forgotten first."""
    watch = WatchedTestbed(finding())
    call = Call(source=Source.OBSERVED, url="https://api.example", body="{}")
    for number in range(CALLS_KEPT + 1):
        watch.keep(f"arn:{number}", call)
    assert CALLS_KEPT == len(watch.calls)
    assert "arn:0" not in watch.calls


def test_what_a_service_refuses_is_told_in_its_words() -> None:
    """A page shows it as any other error; the testbed is as up as before."""
    watch = WatchedTestbed(finding(ON_AWS))
    list(looks(watch, 1))

    def denied(_: Deployment) -> None:
        raise ClientError({"Error": {"Code": "AccessDenied", "Message": "not yours"}}, "GetObject")

    with pytest.raises(TestbedError, match=r"AccessDenied.*not yours"):
        asyncio.run(watch.call(denied))
    assert watch.up


def test_what_an_express_machine_was_given_is_kept() -> None:
    """Each once, the latest first, and no more than so many."""
    watch = WatchedTestbed(finding())
    for given in (*map(str, range(INPUTS_KEPT)), "0", "new"):
        watch.remember("arn:m", given)
    assert ["new", "0"] == watch.given_to("arn:m")[:2]
    assert INPUTS_KEPT == len(watch.given_to("arn:m"))
    assert [] == watch.given_to("arn:other")


def test_copies_are_swept_once_and_settled_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """What fails is done the next time; without a testbed there is nothing to do."""
    watch = WatchedTestbed(finding(ON_AWS))
    done: list[str] = []

    def sweep(_: Deployment) -> None:
        done.append("sweep")
        if done == ["sweep"]:
            raise EndpointConnectionError(endpoint_url="https://api.example")

    monkeypatch.setattr(watch.trials, "sweep", sweep)
    monkeypatch.setattr(watch.trials, "settle", lambda _: done.append("settle"))
    monkeypatch.setattr(watch.trials, "close", lambda _: done.append("close"))
    asyncio.run(watch.tidy())
    asyncio.run(watch.close())
    assert [] == done
    list(looks(watch, 1))
    for _ in range(3):
        asyncio.run(watch.tidy())
    asyncio.run(watch.close())
    assert ["sweep", "sweep", "settle", "settle", "close"] == done
