"""The faults of one execution environment: how slowly it starts, how its invocations end.

They are done where the real ones would come from, by the sandbox and its worker, so that log lines,
reports, metrics and histories are those of real ones.
"""

from __future__ import annotations

import dataclasses
from typing import Final

from localstack_standalone.faults.kind import ENDINGS, FaultKind, When
from localstack_standalone.faults.rule import INVOKE
from localstack_standalone.faults.rules import CallFacts, FaultRules, FaultStrike

_TOLD: Final = {
    FaultKind.CRASH: "its process was killed",
    FaultKind.TIMEOUT: "it ran out of time",
    FaultKind.OUT_OF_MEMORY: "it was killed at its memory limit",
}
_SLOW: Final = frozenset({FaultKind.SLOW_START})


@dataclasses.dataclass(frozen=True)
class InjectedEnd:
    """How an invocation is to end.

    Attributes:
        kind: CRASH, TIMEOUT or OUT_OF_MEMORY.
        after: whether the function does its work first; else it never begins.
    """

    kind: FaultKind
    after: bool


class FunctionFaults:
    """What rules ask for in an environment.

    Args:
        rules: of the emulator.
        function: name of the function.
        stream: of the environment's log.
    """

    def __init__(self, rules: FaultRules, function: str = "", stream: str = "") -> None:
        self._rules = rules
        self._function, self._stream = function, stream

    def slow_start(self) -> FaultStrike | None:
        """The delay of a cold start; None where there is none."""
        strikes = self._strikes(self._stream, _SLOW)
        if not strikes:
            return None
        strikes[0].hit(f"init +{strikes[0].latency_ms:.0f} ms")
        return strikes[0]

    def end(self, request_id: str, tracing_header: str) -> InjectedEnd | None:
        """How the invocation *request_id* is to end; None where it ends as it does."""
        if not self._rules.is_on:
            return None
        self._rules.ledger.begin(tracing_header, request_id)
        strikes = self._strikes(request_id, ENDINGS)
        if not strikes:
            return None
        rule, after = strikes[0].rule, strikes[0].rule.when is When.AFTER
        work = "after its work was done" if after else "before it began"
        strikes[0].hit(f"{_TOLD[rule.kind]} {work}")
        return InjectedEnd(rule.kind, after)

    def _strikes(self, known_by: str, kinds: frozenset[FaultKind]) -> list[FaultStrike]:
        if not self._rules.is_on:
            return []
        call = CallFacts(INVOKE, (self._function,), (known_by,))
        return self._rules.strikes(call, kinds)
