from __future__ import annotations

import dataclasses
import datetime as dt
import io
import json

import pytest
from PIL import Image

from client import load
from client.load import Sent
from runs.model import ExecutionSpan, Status

START = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


def sent(key: str, **changes: object) -> Sent:
    return dataclasses.replace(
        Sent(key=key, execution_arn=f"arn:{key}", latency_ms=100),
        **changes,  # type: ignore[arg-type]  # any field
    )


def execution(key: str, arn: str = "", status: Status = Status.SUCCEEDED) -> ExecutionSpan:
    return ExecutionSpan(
        arn=arn or f"arn:{key}",
        name="e",
        state_machine_arn="arn:m",
        status=status,
        started_at=START,
        stopped_at=None if status is Status.RUNNING else START + dt.timedelta(seconds=2),
        input=json.dumps({"key": key}),
    )


def test_a_burst_without_fault_is_whole() -> None:
    """Each POST has one execution and one thumbnail; a refusal is an end as well."""
    posts = [sent("a"), sent("b"), sent("c", execution_arn=None, refusal="429 Throttled")]
    balance = load.balance(posts, [execution("a"), execution("b")], ["thumb-a", "thumb-b"])
    assert balance.is_whole
    assert (2, 2, {"429 Throttled": 1}) == (balance.accepted, balance.succeeded, balance.refused)


@pytest.mark.parametrize(
    ("executions", "thumbnails", "fault"),
    [
        ([], [], {"lost": ["a"]}),
        ([execution("a", status=Status.RUNNING)], [], {"lost": ["a"]}),
        ([execution("b", "arn:a")], [], {"lost": ["a"]}),
        ([execution("a", status=Status.FAILED)], [], {"failed": {"FAILED": 1}}),
        ([execution("a"), execution("a", "arn:2")], ["thumb-a"], {"duplicate": ["arn:2"]}),
        ([execution("a")], [], {"missing": ["thumb-a"]}),
        ([execution("a")], ["thumb-a", "thumb-b"], {"stray": ["thumb-b"]}),
    ],
    ids=["lost", "still running", "another input", "failed", "twice", "no thumbnail", "too many"],
)
def test_every_fault_is_seen(
    executions: list[ExecutionSpan], thumbnails: list[str], fault: dict[str, object]
) -> None:
    """Each makes the balance not whole, and is told under its own name."""
    balance = load.balance([sent("a")], executions, thumbnails)
    assert not balance.is_whole
    assert fault == {name: getattr(balance, name) for name in fault}


@pytest.mark.parametrize(
    "posts",
    [
        [sent("a"), sent("b", execution_arn=None, failure="500 Internal")],
        [sent("a", execution_arn=None, refusal="429 Throttled")],
    ],
    ids=["an answer that is none", "nothing accepted"],
)
def test_what_proves_nothing_is_not_whole(posts: list[Sent]) -> None:
    """A 500 is no refusal, and a burst of refusals has shown nothing."""
    assert not load.balance(posts, [execution("a")], ["thumb-a"]).is_whole


def test_what_a_fault_refused_is_refused() -> None:
    """By the ids of the requests that had one; another 500 stays what it is."""
    failed = {"execution_arn": None, "failure": "500 InternalFailure"}
    posts = [
        sent("a"),
        sent("b", request_id="r-1", **failed),
        sent("c", request_id="r-2", **failed),
    ]
    whole = load.balance(load.with_injected(posts, {"r-1"}), [execution("a")], ["thumb-a"])
    assert {"500 InternalFailure (injected)": 1} == whole.refused
    assert {"500 InternalFailure": 1} == whole.unanswered


@pytest.mark.parametrize(("share", "expected"), [(0.5, 50), (0.95, 95), (1.0, 100), (0.0, 1)])
def test_percentiles_are_by_nearest_rank(share: float, expected: int) -> None:
    """Of a hundred values, the fiftieth, the ninety-fifth, the last and the first."""
    assert expected == load.percentile(range(100, 0, -1), share)


def test_of_nothing_a_percentile_is_nothing() -> None:
    """A burst in which nothing was answered has a table as well."""
    assert 0 == load.percentile([], 0.5)


def test_the_image_is_a_png() -> None:
    """Of the size asked for, and whole."""
    with Image.open(io.BytesIO(load.png(load.IMAGE_PX))) as image:
        image.load()
        assert ("PNG", (64, 64), (0x30, 0x60, 0x90)) == (
            image.format,
            image.size,
            image.getpixel((63, 63)),
        )
