"""The engine does not do again what an execution that goes on after a crash did before it.

A state that was entered is evaluated from its beginning, by the same code as ever. What it wrote
before is not written again (``redrive/recording`` sees to that), and of what it did

- an attempt that failed fails again with the same error, so that retriers count it, and wait only
  for what is left of their interval;
- a task whose result is written has that result, and is not run again;
- a task that was submitted waits for what it waited for: the token that it gave out, the execution
  that it started; its timeout counts from when it began to wait;
- a Wait waits for what is left;
- any other task runs again: nobody knows how far it came.
"""

from __future__ import annotations

import contextvars
import copy
import datetime as dt
import functools
import time
import types
import uuid
from typing import Any, Final

from localstack.aws.api.stepfunctions import HistoryEventType
from localstack.services.stepfunctions.asl.component.common.error_name import custom_error_name
from localstack.services.stepfunctions.asl.component.common.error_name.failure_event import (
    FailureEvent,
    FailureEventException,
)
from localstack.services.stepfunctions.asl.component.common.error_name.states_error_name import (
    StatesErrorName,
)
from localstack.services.stepfunctions.asl.component.common.error_name.states_error_name_type import (  # noqa: E501 - its name
    StatesErrorNameType,
)
from localstack.services.stepfunctions.asl.component.common.retry import retrier_decl
from localstack.services.stepfunctions.asl.component.common.timeouts.timeout import (
    EvalTimeoutError,
    Timeout,
)
from localstack.services.stepfunctions.asl.component.state.state_execution.execute_state import (
    ExecutionState,
)
from localstack.services.stepfunctions.asl.component.state.state_execution.state_task import (
    state_task_activitiy,
    state_task_lambda,
)
from localstack.services.stepfunctions.asl.component.state.state_execution.state_task.service import (  # noqa: E501 - its name
    state_task_service,
    state_task_service_callback,
    state_task_service_sfn,
)
from localstack.services.stepfunctions.asl.component.state.state_wait.wait_function import (
    timestamp,
    wait_function,
)
from localstack.services.stepfunctions.asl.eval.callback import callback
from localstack.services.stepfunctions.asl.eval.event.event_detail import EventDetails
from localstack.services.stepfunctions.asl.eval.states import ContextObject
from localstack.services.stepfunctions.backend import store as backend
from localstack.utils.aws.arns import parse_arn, stepfunctions_standard_execution_arn
from localstack.utils.patch import patch

from localstack_standalone.parity.stepfunctions.redrive import recording
from localstack_standalone.parity.stepfunctions.redrive.replay import FailedAttempt, Replay

# When the attempt failed that a retrier in this thread looks at; None for one of now.
_FAILED_AT: Final[contextvars.ContextVar[dt.datetime | None]] = contextvars.ContextVar(
    "failed_at", default=None
)
_ARN_PARTS: Final = 7  # of a state machine's, without a version or an alias
_NAMES: Final = {kind.to_name(): StatesErrorName(kind) for kind in StatesErrorNameType}


@functools.cache
def install() -> None:
    """Patch the engine, once."""
    _fail_as_before()
    _retry_in_time()
    _keep_results()
    _wait_for_the_rest()
    _keep_tokens()
    _start_once()


def _replay(env: Any) -> Replay | None:
    """That of the state in which the program of *env* is, None where nothing is replayed."""
    if "replays" not in vars(env.event_manager):
        return None
    visit = recording.inside(env)
    return None if visit is None else visit.replay


def _forget_replay(env: Any) -> None:
    """What comes next in the state of *env* is new."""
    visit = recording.inside(env)
    if visit is not None:
        visit.replay = None


def _fail_as_before() -> None:
    @patch(ExecutionState._evaluate_with_timeout)  # noqa: SLF001 - one attempt
    def evaluate(original: Any, self: Any, env: Any) -> None:
        replay = _replay(env)
        if replay is not None and replay.has_begun:  # that attempt is over: this one is new
            _forget_replay(env)
            replay = None
        failed = None if replay is None else replay.next_attempt()
        if failed is not None:
            raise _failure(env, failed)
        original(self, env)

    @patch(ExecutionState._handle_retry)  # noqa: SLF001 - of all kinds of states
    def handle_retry(original: Any, self: Any, env: Any, failure_event: Any) -> Any:
        replay = _replay(env)
        told = None if replay is None else replay.failed
        token = _FAILED_AT.set(None if told is None else told.at)
        try:
            return original(self, env, failure_event)
        finally:
            _FAILED_AT.reset(token)


def _failure(env: Any, failed: FailedAttempt) -> Any:
    """What the attempt ended with before the crash."""
    # An activity's task would give up for any other.
    if failed.event is not None and failed.event["type"] == "ActivityTimedOut":
        return EvalTimeoutError()
    if failed.event is not None and failed.event["type"] == "ActivityFailed":
        return callback.CallbackOutcomeFailureError(
            callback.CallbackOutcomeFailure("", failed.error, failed.cause)
        )
    known = _NAMES.get(failed.error)
    name = known or custom_error_name.CustomErrorName(failed.error)
    told = {"error": failed.error, "cause": failed.cause}
    kind, details = HistoryEventType.ExecutionFailed, {"executionFailedEventDetails": told}
    if failed.event is not None:
        fields = {field: value for field, value in failed.event.items() if isinstance(value, dict)}
        kind, details = HistoryEventType(failed.event["type"]), fields or details
    return FailureEventException(
        FailureEvent(
            env=env, error_name=name, event_type=kind, event_details=EventDetails(**details)
        )
    )


def _retry_in_time() -> None:
    def sleep(seconds: float) -> None:
        failed_at = _FAILED_AT.get()
        time.sleep(seconds if failed_at is None else _left(seconds, failed_at))

    retrier_decl.time = types.SimpleNamespace(sleep=sleep)


def _left(seconds: float, since: dt.datetime) -> float:
    """What is left of *seconds* that began at *since*."""
    return max(0.0, seconds - (dt.datetime.now(tz=dt.UTC) - since).total_seconds())


def _keep_results() -> None:
    for kind in (
        state_task_service.StateTaskService,
        state_task_lambda.StateTaskLambda,
        state_task_activitiy.StateTaskActivity,
    ):

        @patch(kind._eval_execution)  # noqa: SLF001 - one attempt, once its time is known
        def execute(original: Any, self: Any, env: Any) -> None:
            replay = _replay(env)
            known = None if replay is None else replay.result()
            if known is not None:
                output, told_by = known
                env.stack.append(output)
                context = env.event_history_context
                context.source_event_id = context.last_published_event_id = told_by
                return
            submitted = None if replay is None else replay.submitted()
            if submitted is not None:
                _wait_for(self, env, submitted)
                return
            if replay is not None and replay.waits_since() is not None:  # an activity's task
                env.states.context_object.token_again = replay.token
            original(self, env)


def _wait_for(task: Any, env: Any, submitted: Any) -> None:
    """As the task does behind the call of its service, which answered *submitted*."""
    replay = _replay(env)
    task.resource.eval(env=env)
    where = env.stack.pop()
    parameters = copy.deepcopy(task._eval_parameters(env=env))  # noqa: SLF001 - as it does
    credentials = task._eval_state_credentials(env=env)  # noqa: SLF001 - likewise
    task._normalise_parameters(parameters)  # noqa: SLF001 - likewise
    for kind in ("TaskScheduled", "TaskStarted"):
        if replay is not None:
            replay.take(kind)
    env.stack.append(submitted)
    task._after_eval_execution(env, where, parameters, credentials)  # noqa: SLF001 - likewise


def _wait_for_the_rest() -> None:
    function = wait_function.WaitFunction
    # Which may be one of ours already (parity), that `patch` would look for in its own module.
    original = function._wait_interval  # noqa: SLF001 - once its length is known

    def wait(self: Any, env: Any, wait_seconds: float) -> None:
        replay = _replay(env)
        if replay is None or isinstance(self, timestamp.Timestamp):  # that has an end of its own
            original(self, env, wait_seconds)
            return
        while env.is_running() and (left := _left(wait_seconds, replay.since)) > 0:
            env.program_state_event.wait(left)

    function._wait_interval = wait  # noqa: SLF001

    @patch(Timeout._eval_body)  # noqa: SLF001 - gives the seconds
    def seconds(original: Any, self: Any, env: Any) -> None:
        original(self, env)
        replay = _replay(env)
        since = None if replay is None else replay.waits_since()
        if since is not None:
            env.stack.append(_left(env.stack.pop(), since))


def _keep_tokens() -> None:
    @patch(state_task_service_callback.StateTaskServiceCallback._eval_body)  # noqa: SLF001 - before it is entered
    def evaluate(original: Any, self: Any, env: Any) -> None:
        replay = _replay(env)
        if replay is not None and replay.token is not None:
            env.states.context_object.token_again = replay.token
        original(self, env)

    @patch(ContextObject.update_task_token)
    def update_task_token(original: Any, self: Any) -> str:
        again = vars(self).pop("token_again", None)
        if again is None:
            return str(original(self))
        self.context_object_data["Task"] = {"Token": again}
        return str(again)

    @patch(callback.CallbackPoolManager.add)
    def add(original: Any, self: Any, callback_id: str) -> Any:
        endpoint = original(self, callback_id)
        _answer(self, endpoint)
        return endpoint

    @patch(callback.CallbackPoolManager.add_activity_task)
    def add_activity_task(
        original: Any, self: Any, callback_id: str, activity_arn: str, activity_input: str
    ) -> Any:
        endpoint = original(self, callback_id, activity_arn, activity_input)
        known = vars(self).get("used_tokens", {}).get(callback_id)
        if known is not None and known.given:
            waiting = self._activity_store[activity_arn]._tasks  # noqa: SLF001 - a worker has it
            for task in [each for each in list(waiting) if each.task_token == callback_id]:
                waiting.remove(task)
            callback.ActivityCallbackEndpoint.notify_activity_task_start(endpoint, known.worker)
        _answer(self, endpoint)
        return endpoint


def _answer(pool: Any, endpoint: Any) -> None:
    """Give *endpoint* what was answered to its token before the crash, if anything was."""
    token = endpoint.callback_id
    known = vars(pool).get("used_tokens", {}).get(token)
    if known is None:
        return
    if known.success is not None:
        endpoint.notify(callback.CallbackOutcomeSuccess(token, known.success))
    elif known.failure is not None:
        error, cause = known.failure
        endpoint.notify(callback.CallbackOutcomeFailure(token, error, cause))


def _start_once() -> None:
    @patch(state_task_service_sfn.StateTaskServiceSfn._eval_service_task)  # noqa: SLF001 - the call
    def call(original: Any, self: Any, env: Any, **named: Any) -> None:
        parameters = named["normalised_parameters"]
        if self._get_boto_service_action() != "start_execution":
            original(self, env, **named)
            return
        replay, since = _replay(env), None
        if "name" not in parameters:  # one that it will find again, and nobody else has
            parent = env.states.context_object.context_object_data["Execution"]
            begun_by = f"{parent['Id']} {parent['StartTime']} {_last_event(env)}"
            parameters["name"] = str(uuid.uuid5(uuid.NAMESPACE_URL, begun_by))
            since = dt.datetime.fromisoformat(parent["StartTime"])
        elif replay is not None:
            since = replay.since
        started = None if since is None else _started(parameters, since)
        if started is None:
            original(self, env, **named)
        else:
            env.stack.append({"executionArn": started.exec_arn, "startDate": started.start_date})


def _last_event(env: Any) -> int:
    """The id of what *env* wrote last: it is the same when it is written before."""
    return int(env.event_history_context.source_event_id)


def _started(parameters: dict[str, Any], since: dt.datetime) -> Any:
    """The execution that a task started before the crash; None if it did not come to that."""
    machine = parse_arn(parameters["stateMachineArn"])
    unqualified = ":".join(parameters["stateMachineArn"].split(":")[:_ARN_PARTS])
    arn = stepfunctions_standard_execution_arn(unqualified, parameters["name"])
    found = backend.sfn_stores[machine["account"]][machine["region"]].executions.get(arn)
    return found if found is not None and found.start_date >= since else None
