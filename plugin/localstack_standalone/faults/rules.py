"""All rules that are on: they come and go while the emulator runs."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Iterable
from typing import Any, Final

from localstack_standalone import locks
from localstack_standalone.faults.armed import ArmedRule
from localstack_standalone.faults.kind import DELAYS, FaultKind
from localstack_standalone.faults.ledger import FaultHit, FaultLedger
from localstack_standalone.faults.rule import FaultRule, FaultRuleError

MOST_RULES: Final = 100


@dataclasses.dataclass(frozen=True)
class CallFacts:
    """A call, as rules see it.

    Attributes:
        operation: such as ``s3:PutObject``.
        resources: what it is for: a bucket and key, a function, a state machine.
        ids: that a trace knows it by.
    """

    operation: str
    resources: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()


class FaultStrike:
    """A fault that a call is to have; whoever does that to it says so with `hit`.

    Attributes:
        rule: that asks for it.
        latency_ms: how long, where it is a delay; else 0.
    """

    def __init__(
        self, armed: ArmedRule, call: CallFacts, latency_ms: float, ledger: FaultLedger
    ) -> None:
        self.rule = armed.rule
        self.latency_ms = latency_ms
        self._armed, self._call, self._ledger = armed, call, ledger

    def hit(self, told: str) -> None:
        """It is done; *told* says what came of it."""
        self._armed.count()
        resource = self._call.resources[-1] if self._call.resources else ""
        self._ledger.add(
            FaultHit(
                rule=self.rule.name,
                kind=self.rule.kind,
                operation=self._call.operation,
                resource=resource,
                told=told,
                ids=self._call.ids,
            )
        )

    def wait(self, longest_s: float | None = None) -> None:
        """Wait for its latency, at most *longest_s*, or until its rule is gone."""
        wanted_s = self.latency_ms / 1000
        self._armed.over.wait(wanted_s if longest_s is None else min(wanted_s, longest_s))


class FaultRules:
    """The rules of an emulator. Thread-safe.

    Attributes:
        is_on: whether there is any: asked at each call, and nothing else is while there is none.
        ledger: what was hit, also by rules that are gone.
        loses_connections: whether the server closes a connection without an answer where it is
            asked to.
    """

    def __init__(self) -> None:
        self.is_on = False
        self.ledger = FaultLedger()
        self.loses_connections = True
        self._lock = locks.fork_safe()
        self._armed: dict[str, ArmedRule] = {}

    def add(self, rules: Iterable[FaultRule], seed: int) -> None:
        """Have *rules* from now on, each in place of the one of its name, all or none of them.

        Raises:
            FaultRuleError: they are too many, or one cannot be had here.
        """
        added = {rule.name: ArmedRule(rule, seed) for rule in rules}
        for each in added.values():
            if each.rule.kind is FaultKind.LOST_CONNECTION and not self.loses_connections:
                raise FaultRuleError(
                    "kind is 'lost-connection', which LocalStack's own server cannot do; start the "
                    "emulator with GATEWAY_SERVER=loopback and the tuning threaded_gateway"
                )
        with self._lock:
            if len(self._armed | added) > MOST_RULES:
                raise FaultRuleError(f"at most {MOST_RULES} rules are on at once; take some away")
            self._retire(self._armed.keys() & added.keys())
            self._armed = self._armed | added
            self.is_on = bool(self._armed)

    def remove(self, name: str | None = None) -> list[str]:
        """Take away the rule *name*, or all; the names of those that are gone now."""
        with self._lock:
            gone = [each for each in self._armed if name in (None, each)]
            self._retire(gone)
            self._armed = {each: rule for each, rule in self._armed.items() if each not in gone}
            self.is_on = bool(self._armed)
            return gone

    def strikes(self, call: CallFacts, kinds: Collection[FaultKind]) -> list[FaultStrike]:
        """The faults of these *kinds* that *call* is to have: delays, then at most one other."""
        struck = [
            FaultStrike(armed, call, _latency_ms(armed, share), self.ledger)
            for armed in list(self._armed.values())
            if armed.rule.kind in kinds
            and armed.rule.fits(call.operation, call.resources)
            and (share := armed.draw()) is not None
        ]
        delays = [each for each in struck if each.rule.kind in DELAYS]
        return delays + [each for each in struck if each.rule.kind not in DELAYS][:1]

    def described(self) -> list[dict[str, Any]]:
        """Each rule as JSON, with its seed and its counts."""
        with self._lock:
            armed = list(self._armed.values())
        return [
            each.rule.described() | {"seed": each.seed, "calls": each.calls, "hits": each.hits}
            for each in armed
        ]

    def _retire(self, names: Collection[str]) -> None:
        for name in names:
            self._armed[name].over.set()


def _latency_ms(armed: ArmedRule, share: float) -> float:
    latency = armed.rule.latency
    return latency.ms(share) if latency else 0.0
