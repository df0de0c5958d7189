from __future__ import annotations

import threading
from typing import Any

import pytest

from localstack_standalone.faults.kind import OF_CALLS, OF_FUNCTIONS, FaultKind
from localstack_standalone.faults.latency import read as latency
from localstack_standalone.faults.rule import FaultRule, FaultRuleError
from localstack_standalone.faults.rules import MOST_RULES, CallFacts, FaultRules

PUT = CallFacts("s3:PutObject", ("cups/a",), ("id-1",))


def rule(name: str = "one", kind: str = "throttling", **wanted: Any) -> FaultRule:
    return FaultRule(**{"name": name, "operation": "s3:*", "kind": FaultKind(kind), **wanted})


def names(rules: FaultRules, call: CallFacts = PUT) -> list[str]:
    return [each.rule.name for each in rules.strikes(call, OF_CALLS)]


def test_it_is_on_while_a_rule_is_there() -> None:
    rules = FaultRules()
    seen = [rules.is_on]
    rules.add([rule()], 1)
    seen.append(rules.is_on)
    assert ["one"] == rules.remove()
    assert [False, True, False] == [*seen, rules.is_on]


def test_a_rule_takes_the_place_of_the_one_of_its_name() -> None:
    """And counts from 0."""
    rules = FaultRules()
    rules.add([rule(), rule("two")], 1)
    names(rules)
    rules.add([rule(rate=0.0)], 2)
    told = {each["name"]: (each["seed"], each["calls"]) for each in rules.described()}
    assert {"one": (2, 0), "two": (1, 1)} == told


def test_all_delays_and_one_refusal() -> None:
    """The first that was added; the others have drawn, and their next draws are what they were."""
    rules = FaultRules()
    slow = [rule(name, "latency", latency=latency("5")) for name in "bd"]
    rules.add([rule("a"), slow[0], rule("c"), slow[1]], 1)
    assert ["b", "d", "a"] == names(rules)
    assert {1} == {each["calls"] for each in rules.described()}


def test_what_does_not_fit_does_not_draw() -> None:
    rules = FaultRules()
    rules.add([rule(resource="saucers"), rule("end", "crash", operation="*")], 1)
    assert [] == names(rules)
    assert [0, 0] == [each["calls"] for each in rules.described()]
    assert 1 == len(rules.strikes(CallFacts("lambda:Invoke"), OF_FUNCTIONS))


def test_a_hit_is_counted_and_kept() -> None:
    """Also when its rule is gone: a trace of what has ended shows it."""
    rules = FaultRules()
    rules.add([rule()], 1)
    rules.strikes(PUT, OF_CALLS)[0].hit("SlowDown")
    assert [1] == [each["hits"] for each in rules.described()]
    rules.remove("one")
    (hit,) = rules.ledger.since(0)
    del hit["at"]
    assert hit == {
        "rule": "one",
        "kind": "throttling",
        "operation": "s3:PutObject",
        "resource": "cups/a",
        "told": "SlowDown",
        "ids": ("id-1",),
    }


def test_taking_a_rule_away_ends_its_waits() -> None:
    """Nobody waits out what was switched off."""
    rules = FaultRules()
    rules.add([rule(kind="latency", latency=latency("600000"))], 1)
    (strike,) = rules.strikes(PUT, OF_CALLS)
    waiting = threading.Thread(target=strike.wait)
    waiting.start()
    rules.remove()
    waiting.join(10)
    assert not waiting.is_alive()


def test_rules_come_all_or_none() -> None:
    """Too many are told so, and so is what this server cannot do."""
    rules = FaultRules()
    rules.loses_connections = False
    with pytest.raises(FaultRuleError, match=r"lost-connection.*GATEWAY_SERVER=loopback"):
        rules.add([rule(), rule("two", "lost-connection")], 1)
    with pytest.raises(FaultRuleError, match=f"at most {MOST_RULES} rules"):
        rules.add([rule(f"r{n}") for n in range(MOST_RULES + 1)], 1)
    assert [] == rules.described()


def test_a_rule_that_is_not_there_is_not_taken_away() -> None:
    assert [] == FaultRules().remove("one")
