from __future__ import annotations

from localstack_standalone.faults.function import FunctionFaults, InjectedEnd
from localstack_standalone.faults.kind import FaultKind, When
from localstack_standalone.faults.latency import read as latency
from localstack_standalone.faults.rule import FaultRule
from localstack_standalone.faults.rules import FaultRules


def faults(*rules: FaultRule) -> tuple[FaultRules, FunctionFaults]:
    on = FaultRules()
    on.add(rules, 1) if rules else None
    return on, FunctionFaults(on, "Tea", "stream-1")


def rule(kind: FaultKind, **wanted: object) -> FaultRule:
    asked: dict[str, object] = {"name": "r", "operation": "lambda:Invoke", "kind": kind}
    return FaultRule(**asked | wanted)  # type: ignore[arg-type]


def test_without_rules_nothing_is_asked_or_kept() -> None:
    on, of_function = faults()
    assert (None, None) == (of_function.slow_start(), of_function.end("r-1", "Root=1"))
    assert ("c",) == on.ledger.ids("c", "Root=1")


def test_an_invocation_ends_as_the_rule_says() -> None:
    """Its hit is known by its request id."""
    on, of_function = faults(rule(FaultKind.CRASH, when=When.AFTER, resource="Tea"))
    assert InjectedEnd(FaultKind.CRASH, after=True) == of_function.end("r-1", "Root=1")
    (hit,) = on.ledger.since(0)
    assert ("lambda:Invoke", "Tea", ("r-1",)) == (hit["operation"], hit["resource"], hit["ids"])
    assert "its process was killed after its work was done" == hit["told"]


def test_another_function_is_left_alone() -> None:
    _, of_function = faults(rule(FaultKind.TIMEOUT, resource="Coffee"))
    assert of_function.end("r-1", "Root=1") is None


def test_a_cold_start_is_known_by_its_log_stream() -> None:
    """It has no request of its own."""
    on, of_function = faults(rule(FaultKind.SLOW_START, latency=latency("1500")))
    slow = of_function.slow_start()
    assert slow is not None
    assert 1500.0 == slow.latency_ms
    (hit,) = on.ledger.since(0)
    assert (("stream-1",), "init +1500 ms") == (hit["ids"], hit["told"])


def test_what_calls_do_is_known_by_the_invocation() -> None:
    """While any rule is on: a fault of S3's belongs to who called."""
    on, of_function = faults(rule(FaultKind.THROTTLING, operation="s3:*"))
    assert of_function.end("r-1", "Root=1") is None
    assert ("c", "r-1") == on.ledger.ids("c", "Root=1")
