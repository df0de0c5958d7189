from __future__ import annotations

import dataclasses
from typing import Self

import pytest

from bench import pipeline
from bench.emulators import Emulator, Life
from bench.load import Entry, LoadClient, Throughput
from bench.measurements import Measurements
from testbed.aws import Aws

SCOPE = dataclasses.replace(pipeline.QUICK, clients=(1, 8), bursts=2, latencies=2)


class FakeClient(LoadClient):
    """Takes no time, and notes in *turns* what it was asked for."""

    def __init__(self, entry: Entry, turns: list[str]) -> None:
        super().__init__(entry, "a.png")
        self.turns = turns

    def fresh(self, entry: Entry | None = None, *, usual_s: float = 0.05) -> Self:  # noqa: ARG002 - the real one's
        return type(self)(entry or self.entry, self.turns)

    def execute(self) -> float:
        self.turns.append(self.entry.endpoint)
        return 0.02

    def start_to_stop(self, mode: str) -> float:
        self.turns.append(f"{self.entry.endpoint} {mode}")
        return 0.01

    def many(self, count: int, clients: int) -> float:  # noqa: ARG002 - likewise
        return 1.0

    def burst(self, clients: int, seconds: float) -> Throughput:  # noqa: ARG002 - likewise
        through = "API" if self.entry.api_url else "Step Functions"
        self.turns.append(f"{self.entry.endpoint}, {clients} by {through}")
        return Throughput(per_s=40.0, cpu_ms=20.0)


@pytest.fixture
def turns() -> list[str]:
    return []


@pytest.fixture
def together(turns: list[str], aws: Aws) -> list[Life]:
    """All three, named by their endpoints; MiniStack has no API."""

    def life(emulator: Emulator) -> Life:
        api_url = None if emulator == "ministack" else "http://api"
        client = FakeClient(Entry(emulator, "arn:m", api_url, 1), turns)
        return Life(emulator, client, aws, 1.0, 2.0, 300.0)

    return [life(emulator) for emulator in pipeline.EMULATORS]


def test_bursts_are_by_turns(together: list[Life], turns: list[str]) -> None:
    """So that whatever else the machine does meets all; each by the ways that it has."""
    measured = Measurements()
    pipeline.load(measured, SCOPE, together, lambda _: None)
    at_1 = ["untuned, 1 by API", "tuned, 1 by API"]
    at_8 = [
        "untuned, 8 by API",
        "tuned, 8 by API",
        "tuned, 8 by Step Functions",
        "ministack, 8 by Step Functions",
    ]
    assert [*at_1, *at_1, *at_8, *at_8] == turns
    assert 40.0 == measured.median("tuned", "executions/s, 8 clients")
    assert 40.0 == measured.median("ministack", "executions/s, Step Functions alone, 8 clients")
    assert 20.0 == measured.median("untuned", "server CPU an execution, 8 clients")


def test_latencies_are_by_turns(together: list[Life], turns: list[str]) -> None:
    """The tuned one's time from start to stop is that which it has alone."""
    measured = Measurements()
    pipeline.latencies(measured, SCOPE, together, lambda _: None)
    round_ = ["untuned", "untuned copy", "untuned thumbnail", "tuned"]
    round_ += ["ministack", "ministack copy", "ministack thumbnail"]
    assert [*round_, *round_] == turns
    assert 20.0 == measured.median("tuned", "POST to finished, ms")
    assert 10.0 == measured.median("ministack", "start to stop, copy, ms")


def test_growth_is_looked_at_until_the_last_execution(
    together: list[Life], monkeypatch: pytest.MonkeyPatch
) -> None:
    """From where all is warm, in equal steps, with memory beside latency."""
    monkeypatch.setattr(pipeline, "memory_mb", lambda _pid: 300.0)
    measured = Measurements()
    pipeline.growth(measured, together[1], 200, lambda _: None)
    looks = measured.of("tuned", "growth")
    assert [100, 120, 140, 160, 180, 200] == [look["executions"] for look in looks]
    assert {(10.0, 300.0)} == {(look["value"], look["memory_mb"]) for look in looks}


def test_a_first_execution_is_kept_with_what_came_before(together: list[Life]) -> None:
    """Each for itself, and the sum that a person waits for."""
    measured = Measurements()
    together[1].first_execution(measured)
    assert {
        "ready, s": 1.0,
        "provisioning, s": 2.0,
        "first execution, s": 0.02,
        "the three, s": 3.02,
    } == {row["what"]: row["value"] for row in measured.rows}
