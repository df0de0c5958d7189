from __future__ import annotations

import pytest

from localstack_standalone.faults.armed import ArmedRule
from localstack_standalone.faults.kind import FaultKind
from localstack_standalone.faults.rule import FaultRule


def armed(seed: int = 7, **wanted: object) -> ArmedRule:
    asked: dict[str, object] = {
        "name": "slow",
        "operation": "*",
        "kind": FaultKind.THROTTLING,
        "rate": 0.3,
    }
    return ArmedRule(FaultRule(**asked | wanted), seed)  # type: ignore[arg-type]


def draws(one: ArmedRule, calls: int = 1000) -> list[float | None]:
    return [one.draw() for _ in range(calls)]


def test_the_same_seed_draws_the_same() -> None:
    """Each rule for itself: of another name or seed they are others."""
    first = draws(armed())
    assert first == draws(armed())
    assert first != draws(armed(seed=8))
    assert first != draws(armed(name="other"))


def test_a_rate_is_kept() -> None:
    """As far as a thousand calls tell."""
    struck = [one for one in draws(armed()) if one is not None]
    assert len(struck) == pytest.approx(300, abs=45)
    assert [] == [one for one in draws(armed(rate=0.0)) if one is not None]
    assert 1000 == len([one for one in draws(armed(rate=1.0)) if one is not None])


def test_what_is_spared_costs_the_others_nothing() -> None:
    """Bounds take calls out, and leave what is drawn for the rest."""
    whole, bounded = draws(armed(), 20), draws(armed(after=5, first=10), 20)
    assert [None] * 5 + whole[5:15] + [None] * 5 == bounded


def test_calls_and_hits_are_counted() -> None:
    one = armed(rate=1.0)
    draws(one, 3)
    one.count()
    assert (3, 1) == (one.calls, one.hits)
