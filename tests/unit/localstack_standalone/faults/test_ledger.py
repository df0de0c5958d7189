from __future__ import annotations

from localstack_standalone.faults.kind import FaultKind
from localstack_standalone.faults.ledger import MOST, FaultHit, FaultLedger


def hit(at: float) -> FaultHit:
    return FaultHit(
        rule="r", kind=FaultKind.CRASH, operation="o", resource="", told="t", ids=(), at=at
    )


def test_the_newest_are_kept() -> None:
    ledger = FaultLedger()
    for moment in range(MOST + 5):
        ledger.add(hit(moment))
    assert MOST == len(ledger.since(0))
    assert [MOST + 3.0, MOST + 4.0] == [each["at"] for each in ledger.since(MOST + 3)]


def test_a_call_of_a_function_is_known_by_its_invocation() -> None:
    """By the tracing header that it sends; without one by its own request id alone."""
    ledger = FaultLedger()
    ledger.begin("Root=1;Parent=2", "invocation")
    assert ("call", "invocation") == ledger.ids("call", "Root=1;Parent=2")
    assert ("call",) == ledger.ids("call", "Root=1;Parent=3") == ledger.ids("call", None)


def test_of_invocations_the_newest_are_known() -> None:
    ledger = FaultLedger()
    for number in range(MOST + 1):
        ledger.begin(f"h{number}", f"i{number}")
    assert ("c",) == ledger.ids("c", "h0")
    assert ("c", "i1") == ledger.ids("c", "h1")
