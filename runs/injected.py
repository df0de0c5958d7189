"""Faults that were asked for, at the parts of a run that they hit.

A fault belongs to a part by ids alone: the request id that an invocation has, or that a refused
call's error names, and the log stream of the environment that started slowly.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from runs.model import Attempt, Call, ExecutionSpan, InvocationSpan
    from testbed.faults import InjectedFault

_INVOKE: Final = "lambda:Invoke"


def mark(seen: ExecutionSpan, faults: Sequence[InjectedFault]) -> ExecutionSpan:
    """*seen* with *faults* at its attempts and invocations."""
    if not faults:
        return seen
    states = tuple(
        dataclasses.replace(
            state, attempts=tuple(_attempt(attempt, faults) for attempt in state.attempts)
        )
        for state in seen.states
    )
    return dataclasses.replace(seen, states=states)


def mark_call(call: Call, faults: Iterable[InjectedFault]) -> Call:
    """*call* with those of *faults* that its own request had."""
    told = tuple(str(one) for one in faults if call.request_id and call.request_id in one.ids)
    return dataclasses.replace(call, injected=told)


def _attempt(attempt: Attempt, faults: Sequence[InjectedFault]) -> Attempt:
    """Its faults of Lambda's; those of what the function called are its invocation's."""
    own = tuple(str(one) for one in faults if one.operation == _INVOKE and _is_of(attempt, one))
    invocation = attempt.invocation and _invocation(attempt.invocation, faults)
    return dataclasses.replace(attempt, injected=own, invocation=invocation)


def _is_of(attempt: Attempt, fault: InjectedFault) -> bool:
    """Whether its request had *fault*; a refused one is known by what its cause names."""
    if attempt.request_id is not None:
        return attempt.request_id in fault.ids
    return any(known in (attempt.cause or "") for known in fault.ids)


def _invocation(span: InvocationSpan, faults: Sequence[InjectedFault]) -> InvocationSpan:
    called = [f for f in faults if span.request_id in f.ids and f.operation != _INVOKE]
    started = [f for f in faults if span.cold and span.log_stream in f.ids]
    return dataclasses.replace(span, injected=tuple(map(str, [*started, *called])))
