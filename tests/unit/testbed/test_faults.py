from __future__ import annotations

import pytest

from testbed import faults
from testbed.faults import FaultInForce, InjectedFault
from tests.support import fake_emulator

RULE = {
    "name": "r", "operation": "s3:*", "kind": "throttling", "rate": 0.05, "seed": 7,
    "calls": 3, "hits": 1, "resource": None, "latency": None, "when": "before", "first": None,
    "after": 0,
}  # fmt: skip
HIT = {
    "rule": "r", "kind": "throttling", "operation": "s3:PutObject", "resource": "cups/a",
    "told": "SlowDown", "ids": ["x"], "at": 5.0,
}  # fmt: skip


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({}, "s3:* 5% throttling"),
        ({"resource": "cups"}, "s3:* on cups 5% throttling"),
        ({"kind": "latency", "latency": "500", "rate": 1.0}, "s3:* 100% latency 500 ms"),
        ({"kind": "latency", "latency": "uniform:1..2"}, "s3:* 5% latency uniform:1..2"),
    ],
)
def test_a_rule_in_words(more: dict[str, object], words: str) -> None:
    assert words == str(FaultInForce(**{**RULE, **more}))  # type: ignore[arg-type]


def test_what_an_emulator_tells_is_read() -> None:
    told = {
        "standalone/faults": {"rules": [RULE]},
        "standalone/faults?since=0.000": {"hits": [HIT]},
    }
    with fake_emulator.saying(told) as endpoint:
        assert (FaultInForce(**RULE),) == faults.fetch(endpoint) == faults.known(endpoint)  # type: ignore[arg-type]
        (hit,) = faults.hits(endpoint, 0)
    assert isinstance(hit, InjectedFault)
    assert (("x",), "s3:PutObject: SlowDown (injected by r)") == (hit.ids, str(hit))


def test_an_emulator_without_faults_says_what_to_do() -> None:
    with fake_emulator.saying({}) as endpoint:
        with pytest.raises(faults.FaultError, match="has no faults to ask for; `make reset`"):
            faults.fetch(endpoint)
        assert () == faults.known(endpoint)
