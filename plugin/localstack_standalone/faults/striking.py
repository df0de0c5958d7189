"""What the strikes of rules do to a call, wherever it is met."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from localstack_standalone.faults.kind import FaultKind
from localstack_standalone.faults.lost import lose
from localstack_standalone.faults.rules import FaultStrike


def suffer(
    strikes: Iterable[FaultStrike],
    chain: Any,
    request: Any,
    refusal: Callable[[FaultKind], tuple[str, Exception]],
) -> None:
    """Delay a call, lose it, or refuse it.

    Args:
        strikes: what rules ask for, in their order.
        chain: of the handlers that answer.
        request: the one that is answered.
        refusal: gives for a kind of error what is said of it, and the error.

    Raises:
        Exception: what *refusal* gave.
    """
    for strike in strikes:
        if strike.rule.kind is FaultKind.LATENCY:
            strike.hit(f"+{strike.latency_ms:.0f} ms")
            strike.wait()
        elif strike.rule.kind is FaultKind.LOST_CONNECTION:
            lose(strike, chain, request)
        else:
            told, error = refusal(strike.rule.kind)
            strike.hit(told)
            raise error
