"""Faults that an emulator is asked for, over its endpoint (the plugin's `faults/report`).

Standard library alone, as whatever asks the emulator for itself.
"""

from __future__ import annotations

import dataclasses
import json
import urllib.error
import urllib.parse
import urllib.request
from typing import TYPE_CHECKING, Any, Final

from testbed.errors import TestbedError

if TYPE_CHECKING:
    from collections.abc import Sequence

PATH: Final = "/_localstack/standalone/faults"
_ANSWERS_WITHIN_S: Final = 10.0
_NOT_FOUND: Final = 404


class FaultError(TestbedError):
    """The emulator has no such fault, or has none at all."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class FaultInForce:
    """A rule that is on, as the emulator tells it.

    Attributes:
        name: of the rule.
        operation: that it is about, or a pattern.
        kind: of the fault.
        rate: the share of calls, from 0 to 1.
        seed: of what it draws.
        calls: how many it fitted.
        hits: how many had the fault.
        resource: a pattern of what the calls are for; None for all.
        latency: how long; None for no delay.
        when: before or after the work is done.
        first: so many calls are considered; None for all.
        after: so many are spared at first.
    """

    name: str
    operation: str
    kind: str
    rate: float
    seed: int
    calls: int
    hits: int
    resource: str | None = None
    latency: str | None = None
    when: str = "before"
    first: int | None = None
    after: int = 0

    def __str__(self) -> str:
        """In a few words: ``s3:PutObject 5% throttling``."""
        where = f" on {self.resource}" if self.resource else ""
        long = f" {self.latency}{'' if ':' in self.latency else ' ms'}" if self.latency else ""
        return f"{self.operation}{where} {self.rate * 100:.3g}% {self.kind}{long}"


@dataclasses.dataclass(frozen=True, kw_only=True)
class InjectedFault:
    """A fault that a call had because it was asked for.

    Attributes:
        rule: name of the rule.
        kind: of the fault.
        operation: that was called.
        resource: what for.
        told: what came of it, in words.
        ids: of the request, the invocation or the log stream that it belongs to.
        at: when, in seconds since the epoch.
    """

    rule: str
    kind: str
    operation: str
    resource: str
    told: str
    ids: tuple[str, ...]
    at: float

    def __str__(self) -> str:
        """What happened to which call, by which rule."""
        return f"{self.operation}: {self.told} (injected by {self.rule})"


def fetch(endpoint: str) -> tuple[FaultInForce, ...]:
    """The rules that are on at *endpoint*.

    Raises:
        FaultError: it has no such endpoint, or does not answer.
    """
    return _rules(_ask(endpoint, "GET"))


def known(endpoint: str | None) -> tuple[FaultInForce, ...]:
    """As `fetch`; none where nobody tells: AWS has no faults that are asked for."""
    try:
        return fetch(endpoint) if endpoint else ()
    except FaultError:
        return ()


def hits(endpoint: str, since: float) -> tuple[InjectedFault, ...]:
    """Faults from *since* on, in seconds since the epoch; none where nobody tells."""
    try:
        told = _ask(endpoint, "GET", since=f"{since:.3f}")["hits"]
    except FaultError:
        return ()
    return tuple(InjectedFault(**{**each, "ids": tuple(each["ids"])}) for each in told)


def put(
    endpoint: str, rules: Sequence[dict[str, Any]], seed: int | None = None
) -> tuple[FaultInForce, ...]:
    """Have *rules* at *endpoint* from now on; gives all that are on then.

    Raises:
        FaultError: one of them is none, in the emulator's words.
    """
    body = {"rules": list(rules), **({} if seed is None else {"seed": seed})}
    return _rules(_ask(endpoint, "POST", body))


def remove(endpoint: str, name: str | None = None) -> tuple[FaultInForce, ...]:
    """Take the rule *name* away, or all; gives those that are left.

    Raises:
        FaultError: there is none of that name.
    """
    return _rules(_ask(endpoint, "DELETE", **({"name": name} if name else {})))


def _rules(told: dict[str, Any]) -> tuple[FaultInForce, ...]:
    return tuple(FaultInForce(**each) for each in told["rules"])


def _ask(endpoint: str, method: str, body: Any = None, **query: str) -> dict[str, Any]:
    words = f"?{urllib.parse.urlencode(query)}" if query else ""
    request = urllib.request.Request(  # noqa: S310 - the emulator's own address
        f"{endpoint}{PATH}{words}",
        data=None if body is None else json.dumps(body).encode(),
        headers={"Content-Type": "application/json"},
        method=method,
    )
    # No proxy: the emulator is on loopback, whatever the environment says about the rest.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=_ANSWERS_WITHIN_S) as response:
            told: dict[str, Any] = json.load(response)
            return told
    except urllib.error.HTTPError as error:
        with error:
            words = error.read().decode("utf-8", "replace").strip()
        if error.code == _NOT_FOUND:
            words = f"the emulator at {endpoint} has no faults to ask for; `make reset` starts ours"
        raise FaultError(words) from error
    except (OSError, ValueError) as error:
        raise FaultError(
            f"no answer from {endpoint} ({error}); `make status` tells more"
        ) from error
