from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

from runs import injected
from runs.model import Attempt, Call, ExecutionSpan, InvocationSpan, Source, StateSpan, Status
from testbed.faults import InjectedFault

NOW = dt.datetime(2026, 1, 2, tzinfo=dt.UTC)


def fault(operation: str, *ids: str, **more: Any) -> InjectedFault:
    told = {"rule": "bad-day", "kind": "throttling", "resource": "", "told": "SlowDown", "at": 0.0}
    return InjectedFault(**{**told, "operation": operation, "ids": ids, **more})


def run(*attempts: Attempt) -> ExecutionSpan:
    state = StateSpan(
        id=1, name="S", type="Task", status=Status.FAILED, entered_at=NOW, attempts=attempts
    )
    return ExecutionSpan(
        arn="a",
        name="n",
        state_machine_arn="m",
        status=Status.FAILED,
        started_at=NOW,
        states=(state,),
    )


def attempt(**more: Any) -> Attempt:
    asked = {"number": 1, "status": Status.FAILED, "resource": "lambda:invoke", "scheduled_at": NOW}
    return Attempt(**{**asked, **more})


def invoked(request_id: str, *, cold: bool = False) -> Attempt:
    span = InvocationSpan(request_id=request_id, log_stream="stream", started_at=NOW, cold=cold)
    return attempt(request_id=request_id, invocation=span)


def marks(seen: ExecutionSpan) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    return [
        (one.injected, one.invocation.injected if one.invocation else ()) for one in seen.attempts
    ]


def test_a_fault_of_s3_is_at_the_invocation_that_called() -> None:
    """By the request id of that; another invocation's is not."""
    seen = injected.mark(run(invoked("r-1"), invoked("r-2")), [fault("s3:GetObject", "c", "r-2")])
    told = "s3:GetObject: SlowDown (injected by bad-day)"
    assert [((), ()), ((), (told,))] == marks(seen)


def test_a_refused_call_is_known_by_what_its_error_names() -> None:
    """It has no invocation."""
    refused = attempt(cause="Rate Exceeded. (…; Request ID: r-9; Proxy: null)")
    seen = injected.mark(
        run(refused), [fault("lambda:Invoke", "r-9"), fault("lambda:Invoke", "r-8")]
    )
    assert [(("lambda:Invoke: SlowDown (injected by bad-day)",), ())] == marks(seen)


def test_an_end_of_the_function_is_at_the_attempt() -> None:
    (own, called), *_ = marks(injected.mark(run(invoked("r-1")), [fault("lambda:Invoke", "r-1")]))
    assert (1, 0) == (len(own), len(called))


def test_a_slow_start_is_at_the_invocation_that_began_the_environment() -> None:
    """Not at later ones of the same log stream."""
    slow = fault("lambda:Invoke", "stream", kind="slow-start", told="init +9 ms")
    seen = injected.mark(run(invoked("r-1", cold=True), invoked("r-2")), [slow])
    assert [((), ("lambda:Invoke: init +9 ms (injected by bad-day)",)), ((), ())] == marks(seen)


def test_a_call_is_marked_by_its_request_id() -> None:
    call = Call(source=Source.OBSERVED, url="u", body="b", request_id="r-1")
    (told,) = injected.mark_call(call, [fault("execute-api:Invoke", "r-1")]).injected
    assert told.startswith("execute-api:Invoke")
    unknown = dataclasses.replace(call, request_id=None)
    assert () == injected.mark_call(unknown, [fault("execute-api:Invoke", "r-1")]).injected


def test_without_faults_a_run_is_as_it_was() -> None:
    seen = run(invoked("r-1"))
    assert seen is injected.mark(seen, [])
