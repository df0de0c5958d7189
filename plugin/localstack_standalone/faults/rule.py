"""A rule: which calls have which fault, how often. Read from JSON, which anybody may have written.

An operation is named as its service's API has it, with the prefix of its actions: ``s3:PutObject``,
``lambda:Invoke``, ``states:StartExecution``; ``s3:*`` and ``*`` are many. ``execute-api:Invoke`` is
a client's request to a REST API.
"""

from __future__ import annotations

import dataclasses
import difflib
import fnmatch
import re
from collections.abc import Callable, Collection, Mapping
from typing import Any, Final

from localstack_standalone.faults import kind as kinds
from localstack_standalone.faults import latency
from localstack_standalone.faults.kind import FaultKind, When
from localstack_standalone.faults.latency import Latency

INVOKE: Final = "lambda:Invoke"
FRONT_DOOR: Final = "execute-api"
FRONT_DOOR_OPERATION: Final = "Invoke"
FIELDS: Final = (
    *("name", "operation", "kind", "resource", "rate", "latency", "when", "first", "after"),
)
MOST_CALLS: Final = 1_000_000
# botocore's names where the prefix of actions is another.
_SERVICES: Final[Mapping[str, str]] = {
    "states": "stepfunctions",
    "tag": "resourcegroupstaggingapi",
}
_PREFIXES: Final = {service: prefix for prefix, service in _SERVICES.items()}
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}", re.ASCII)
_OPERATION: Final = re.compile(r"\*|([a-z0-9-]+):([A-Za-z0-9*]+)", re.ASCII)
_SHARE: Final = re.compile(r"(\d+(?:\.\d+)?|\.\d+)(%?)", re.ASCII)
_LONGEST_RESOURCE: Final = 1024

type OperationsOf = Callable[[str], Collection[str] | None]
"""The operations of a service, as botocore calls it; None where there is no such service."""


class FaultRuleError(ValueError):
    """What was asked for is no rule: which field, what it has, what it may have."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class FaultRule:
    """Which calls have which fault.

    Attributes:
        name: of the rule; another of the same name takes its place.
        operation: or a pattern of operations.
        kind: of the fault.
        resource: a pattern of what the call is for (a bucket, ``bucket/key``, a function, a state
            machine); None for all.
        rate: the share of these calls, from 0 to 1.
        latency: how long, where the fault is a delay.
        when: of a lost connection, and of a function's end: before or after the work was done.
        first: so many of the calls are considered; None for all.
        after: so many are spared at first.
    """

    name: str
    operation: str
    kind: FaultKind
    resource: str | None = None
    rate: float = 1.0
    latency: Latency | None = None
    when: When = When.BEFORE
    first: int | None = None
    after: int = 0

    def fits(self, operation: str, resources: Collection[str]) -> bool:
        """Whether this is about a call of *operation* for any of *resources*."""
        if not fnmatch.fnmatchcase(operation, self.operation):
            return False
        return self.resource is None or any(self._names(one) for one in resources)

    def _names(self, resource: str) -> bool:
        """Whether *resource*, or the bucket that it is in, is meant."""
        pattern = str(self.resource)
        whole = resource if "/" in pattern else resource.partition("/")[0]
        return fnmatch.fnmatchcase(whole, pattern)

    def described(self) -> dict[str, Any]:
        """As JSON, with every field."""
        return dataclasses.asdict(self) | {"latency": self.latency.text if self.latency else None}


def prefix(service: str) -> str:
    """How operations of *service*, as botocore calls it, begin here."""
    return _PREFIXES.get(service, service)


def read(told: Any, operations_of: OperationsOf) -> FaultRule:
    """The rule that *told*, an object of JSON, is.

    Raises:
        FaultRuleError: it is none.
    """
    if not isinstance(told, dict):
        raise FaultRuleError(f"a rule is an object with {', '.join(FIELDS)}, not {told!r:.80}")
    for field in told:
        if field not in FIELDS:
            raise FaultRuleError(f"there is no field {field!r:.80}{_meant(field, FIELDS)}")
    fault = _kind(told.get("kind"))
    operation = _operation(told.get("operation"), operations_of)
    _check_place(fault, operation)
    return FaultRule(
        name=_name(told.get("name") or _own_name(operation, fault)),
        operation=operation,
        kind=fault,
        resource=_resource(told.get("resource")),
        rate=_rate(told.get("rate")),
        latency=_latency(told.get("latency"), fault),
        when=_when(told.get("when"), fault),
        first=_calls("first", told.get("first"), least=1),
        after=_calls("after", told.get("after"), least=0) or 0,
    )


def _own_name(operation: str, fault: FaultKind) -> str:
    """For a rule without one: ``s3-PutObject-throttling``."""
    words = operation.replace(":", "-").replace("*", "all")
    return f"{words}-{fault}"


def _name(given: Any) -> str:
    if isinstance(given, str) and _NAME.fullmatch(given):
        return given
    raise _error("name", given, "up to 64 letters, digits, and . _ - inside")


def _kind(given: Any) -> FaultKind:
    try:
        return FaultKind(given)
    except ValueError:
        raise _error("kind", given, ", ".join(FaultKind), tuple(FaultKind)) from None


def _operation(given: Any, operations_of: OperationsOf) -> str:
    found = _OPERATION.fullmatch(given) if isinstance(given, str) else None
    if found is None:
        raise _error("operation", given, "service:Operation such as s3:PutObject, s3:*, or *")
    if found[0] == "*":
        return "*"
    service, named = _SERVICES.get(found[1], found[1]), found[2]
    known = (FRONT_DOOR_OPERATION,) if service == FRONT_DOOR else operations_of(service)
    if known is None:
        allowed = "a service that this emulator has, such as s3, lambda, states, execute-api"
        raise _error("operation", given, allowed)
    if not any(fnmatch.fnmatchcase(one, named) for one in known):
        allowed = f"an operation of {service}, as its API reference names it"
        raise _error("operation", given, allowed, tuple(known), named)
    return f"{prefix(service)}:{named}"


def _check_place(fault: FaultKind, operation: str) -> None:
    if fault in kinds.OF_FUNCTIONS and not fnmatch.fnmatchcase(INVOKE, operation):
        raise _error("operation", operation, f"{INVOKE} for the kind {fault}")
    if fault is FaultKind.NO_SUCH_BUCKET and not operation.startswith("s3:"):
        raise _error("operation", operation, f"one of S3's for the kind {fault}")


def _resource(given: Any) -> str | None:
    if given in (None, ""):
        return None
    if isinstance(given, str) and len(given) <= _LONGEST_RESOURCE and given.isprintable():
        return given
    raise _error("resource", given, "a bucket, bucket/key, function or machine; * and ? are open")


def _rate(given: Any) -> float:
    """A share: 0.05, ".05" or "5%"."""
    if given in (None, ""):
        return 1.0
    found = None if isinstance(given, bool) else _SHARE.fullmatch(str(given).strip())
    share = float(found[1]) / (100 if found[2] else 1) if found else -1.0
    if not 0 <= share <= 1:
        raise _error("rate", given, "a share from 0 to 1, or from 0% to 100%")
    return share


def _latency(given: Any, fault: FaultKind) -> Latency | None:
    if given in (None, ""):
        if fault in kinds.DELAYS:
            raise _error("latency", given, f"for the kind {fault}: {latency.ALLOWED}")
        return None
    if fault not in kinds.DELAYS:
        raise _error("latency", given, f"nothing for the kind {fault}; a rule of its own delays")
    try:
        return latency.read(str(given))
    except latency.LatencyError:
        raise _error("latency", given, latency.ALLOWED) from None


def _when(given: Any, fault: FaultKind) -> When:
    if given in (None, ""):
        return When.BEFORE
    if fault not in kinds.TIMED:
        raise _error("when", given, f"nothing for the kind {fault}, which is always before")
    try:
        return When(given)
    except ValueError:
        raise _error("when", given, " or ".join(When)) from None


def _calls(field: str, given: Any, *, least: int) -> int | None:
    if given in (None, ""):
        return None
    text = str(given)
    is_number = isinstance(given, (int, str)) and text.isascii() and text.isdecimal()
    if is_number and least <= int(text) <= MOST_CALLS:
        return int(text)
    raise _error(field, given, f"a whole number of calls from {least} to {MOST_CALLS}")


def _error(
    field: str, given: Any, allowed: str, known: Collection[str] = (), named: Any = None
) -> FaultRuleError:
    shown = "missing" if given is None else f"{given!r:.80}"
    meant = _meant(given if named is None else named, known)
    return FaultRuleError(f"{field} is {shown}; allowed: {allowed}{meant}")


def _meant(given: Any, known: Collection[str]) -> str:
    near = difflib.get_close_matches(str(given), known, 1, 0.6)
    return f"; did you mean {near[0]}?" if near else ""
