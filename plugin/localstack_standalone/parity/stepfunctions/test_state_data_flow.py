"""How data flows through a state under test, and how its mock takes part.

AWS: the data after each of InputPath, Parameters, ResultSelector and ResultPath, as texts, of every
state (API reference, InspectionData); *variables* after the state; a mock of any Task, Map or
Parallel; an error that is to be tried again is RETRIABLE at once, with the seconds until then.
What is recorded of AWS: which of the data a Pass state with Result, a Map and a Parallel have, that
ItemsPath which leads to no list is States.Runtime.
LocalStack gives objects in place of texts, one and the same for several steps, so that the result
is in ``afterInputPath``; none for Pass with Next; variables as they were before; it calls functions
whose ARN is the Resource although a mock is given, needs *stateConfiguration* for a Retry, waits,
takes what no Catch matches for caught, and answers Wait with InternalError.
"""

from __future__ import annotations

import copy
from types import ModuleType
from typing import Any, Final

from localstack.services.stepfunctions.asl.component.common.catch.catch_outcome import CatchOutcome
from localstack.services.stepfunctions.asl.component.common.catch.catcher_outcome import (
    CatcherOutcomeCaught,
)
from localstack.services.stepfunctions.asl.component.common.query_language import (
    QueryLanguageMode,
)
from localstack.services.stepfunctions.asl.component.common.retry.retry_outcome import RetryOutcome
from localstack.services.stepfunctions.asl.utils.encoding import to_json_str
from localstack.services.stepfunctions.backend.test_state import test_state_mock
from localstack.utils.patch import patch

from localstack_standalone.parity.stepfunctions.states_failure import runtime_error

NAME: Final = "StateName"
_TOLERATED: Final = "States.ExceedToleratedFailureThreshold"
_THRESHOLD: Final = "The specified tolerated failure threshold was exceeded"


def cure(module: ModuleType) -> None:
    """Replace what LocalStack does to a state that is tested."""
    stock_find = module.find_state

    def find_state(name: str, states: dict[str, Any]) -> Any:
        return _found(name, states) or stock_find(name, states)

    def decorate(state: Any, is_single_state: bool = False) -> None:  # noqa: ARG001, FBT001, FBT002 - as it is called
        if state is not None:
            _watch(state)

    module.find_state = find_state  # type: ignore[attr-defined]  # any module
    module._decorate_state_field = decorate  # type: ignore[attr-defined]  # noqa: SLF001 - any module

    @patch(module.TestStatePreprocessor.__init__)
    def init(original: Any, self: Any) -> None:
        original(self)
        self._state_name_stack = []  # else shared by all requests


def _found(name: str, states: dict[str, Any]) -> Any:
    """The state in *states*, or in branches below them."""
    for state in states.values():
        for program in getattr(getattr(state, "branches", None), "programs", ()):
            inner = program.states.states
            if found := inner.get(name) or _found(name, inner):
                return found
    return None


def _watch(state: Any) -> None:
    """Have all that happens to *state* noted, and mocked where there is a mock."""
    kind = state.state_type.name
    state.name = NAME
    jsonpath = state.query_language.query_language_mode == QueryLanguageMode.JSONPath
    if jsonpath and kind != "Parallel":
        _note(state.input_path, "afterInputPath")
    if kind == "Pass" and jsonpath:
        _watch_pass(state)
    if kind in {"Task", "Map", "Parallel"}:
        _watch_errors(state)
        _watch_execution(state, kind, jsonpath=jsonpath)
    whole = state._eval_body  # noqa: SLF001 - what LocalStack wraps, too

    def eval_body(env: Any) -> None:
        try:
            whole(env)
        finally:
            # to_dict gives those alone that were assigned since the last event.
            if variables := env.variable_store._inner_scope:  # noqa: SLF001
                env.inspection_data["variables"] = to_json_str(variables)
        env.set_choice_selected(env.next_state_name)  # unless it has ended, or failed

    state._eval_body = eval_body  # noqa: SLF001


def _note(component: Any, key: str) -> None:
    original = component._eval_body  # noqa: SLF001

    def eval_body(env: Any) -> None:
        original(env)
        env.inspection_data[key] = to_json_str(env.stack[-1])

    component._eval_body = eval_body  # noqa: SLF001


def _watch_pass(state: Any) -> None:
    original = state._eval_state  # noqa: SLF001

    def eval_state(env: Any) -> None:
        original(env)
        data = env.inspection_data
        if state.result:
            for key in ("afterInputPath", "afterParameters"):
                data.pop(key, None)
            data["afterResultSelector"] = data["result"]
        else:
            data.setdefault("afterParameters", data["afterInputPath"])
            data["afterResultSelector"] = data["afterParameters"]
        data.setdefault("afterResultPath", data["afterResultSelector"])

    state._eval_state = eval_state  # noqa: SLF001


def _watch_execution(state: Any, kind: str, *, jsonpath: bool) -> None:
    if kind == "Task":
        _mock_task(state)
    elif kind == "Map":
        _watch_items(state, jsonpath=jsonpath)
    else:
        _mock(state.branches, "_eval_body")
    original = state._eval_execution  # noqa: SLF001

    def eval_execution(env: Any) -> None:
        original(env)
        data, result = env.inspection_data, to_json_str(env.stack[-1])
        if kind == "Task":
            data["result"] = result
        if jsonpath:
            if kind == "Task":
                data.setdefault("afterParameters", data["afterInputPath"])
            data["afterResultSelector"] = result  # unless there is one

    state._eval_execution = eval_execution  # noqa: SLF001
    if jsonpath and state.result_selector:
        _note(state.result_selector, "afterResultSelector")
    if jsonpath:
        _note(state.result_path, "afterResultPath")
    if kind == "Parallel":
        _forget(state, "afterInputPath", "afterArguments")


def _forget(state: Any, *keys: str) -> None:
    original = state._eval_state  # noqa: SLF001

    def eval_state(env: Any) -> None:
        try:
            original(env)
        finally:
            for key in keys:
                env.inspection_data.pop(key, None)

    state._eval_state = eval_state  # noqa: SLF001


def _mock_task(state: Any) -> None:
    if hasattr(state, "_eval_service_task"):
        _mock(state, "_eval_service_task")
        return
    original = state._eval_execution  # noqa: SLF001 - of a function's ARN, or an activity's

    def eval_execution(env: Any) -> None:
        if env.mock.is_mocked():
            state._eval_parameters(env=env)  # noqa: SLF001
            _answer(env)
        else:
            original(env)

    state._eval_execution = eval_execution  # noqa: SLF001


def _mock(component: Any, method: str) -> None:
    original = getattr(component, method)

    def mocked(env: Any, *words: Any, **given: Any) -> None:
        if env.mock.is_mocked():
            _answer(env)
        else:
            original(env, *words, **given)

    setattr(component, method, mocked)


def _answer(env: Any) -> None:
    """The mock's result on the stack, or its error."""
    response = env.mock.get_next_result()
    if isinstance(response, test_state_mock.TestStateResponseThrow):
        test_state_mock.eval_mocked_response_throw(env, response)
    else:
        env.stack.append(copy.deepcopy(response.payload))


def _watch_items(state: Any, *, jsonpath: bool) -> None:
    _mock(state.iteration_component, "_eval_body")
    answer = state.iteration_component._eval_body  # noqa: SLF001
    concurrency = state.max_concurrency_decl._eval_max_concurrency  # noqa: SLF001

    def eval_body(env: Any) -> None:
        items = env.stack.pop()  # what the iterations would be made of
        env.inspection_data["maxConcurrency"] = int(concurrency(env))
        if state.item_selector:
            env.inspection_data["afterItemSelector"] = _selected(env, state, items.input_items)
        _tolerate(env)
        answer(env)

    state.iteration_component._eval_body = eval_body  # noqa: SLF001
    if jsonpath:
        _watch_items_path(state)


def _watch_items_path(state: Any) -> None:
    original = state.items_path._eval_body  # noqa: SLF001

    def eval_body(env: Any) -> None:
        original(env)
        if not isinstance(env.stack[-1], list):
            for key in ("afterItemsPath", "maxConcurrency"):
                env.inspection_data.pop(key, None)
            path = state.items_path.string_sampler.literal_value
            raise runtime_error(env, f'Reference path "{path}" must point to array.')

    state.items_path._eval_body = eval_body  # noqa: SLF001


def _selected(env: Any, state: Any, items: list[Any] | None) -> str:
    """What ItemSelector makes of each item."""
    context = env.states.context_object.context_object_data
    selected = []
    for index, item in enumerate(items or ()):
        context["Map"] = {"Item": {"Index": index, "Value": item}}
        state.item_selector.eval(env=env)
        selected.append(env.stack.pop())
    context.pop("Map", None)
    text: str = to_json_str(selected)
    return text


def _tolerate(env: Any) -> None:
    """Fail where more iterations shall have failed than the state tolerates."""
    data = env.inspection_data
    for key, kind in (("toleratedFailureCount", int), ("toleratedFailurePercentage", float)):
        if key in data:
            data[key] = kind(data[key])
    failures = (env.mock._state_configuration or {}).get("mapIterationFailureCount", 0)  # noqa: SLF001
    result = env.mock._result_stack[-1] if env.mock._result_stack else None  # noqa: SLF001
    if not isinstance(result, test_state_mock.TestStateResponseReturn):
        return
    size = len(result.payload) if isinstance(result.payload, list) else 0
    share = 100 * failures / size if size else 0
    if failures > data.get("toleratedFailureCount", failures) or share > data.get(
        "toleratedFailurePercentage", share
    ):
        env.mock.add_result(test_state_mock.TestStateResponseThrow(_TOLERATED, _THRESHOLD))


def _watch_errors(state: Any) -> None:
    if state.retry:
        state._handle_retry = lambda env, failure_event: _retry(state, env, failure_event)  # noqa: SLF001
    if state.catch:
        original = state._handle_catch  # noqa: SLF001

        def handle_catch(env: Any, failure_event: Any) -> None:
            original(env, failure_event)
            if env.stack[-1] == CatchOutcome.Caught:
                env.set_caught_error(env.next_state_name, *_error(state, failure_event))

        state._handle_catch = handle_catch  # noqa: SLF001
        for index, catcher in enumerate(state.catch.catchers):
            _note_catcher(catcher, index)


def _note_catcher(catcher: Any, index: int) -> None:
    original = catcher._eval_body  # noqa: SLF001

    def eval_body(env: Any) -> None:
        original(env)
        if isinstance(env.stack[-1], CatcherOutcomeCaught):
            env.inspection_data.setdefault("errorDetails", {})["catchIndex"] = index

    catcher._eval_body = eval_body  # noqa: SLF001


def _error(state: Any, failure_event: Any) -> tuple[str, str]:
    output = state._construct_error_output_value(failure_event)  # noqa: SLF001
    return output["Error"], output["Cause"]


def _retry(state: Any, env: Any, failure_event: Any) -> RetryOutcome:
    """Whether the first retrier that matches would try again; nobody waits for it."""
    count = (env.mock._state_configuration or {}).get("retrierRetryCount", 0)  # noqa: SLF001
    for index, retrier in enumerate(state.retry.retriers):
        env.stack.append(failure_event.error_name)
        retrier.error_equals.eval(env)
        if not env.stack.pop():
            continue
        details = env.inspection_data.setdefault("errorDetails", {})
        details["retryIndex"] = index
        if count >= retrier.max_attempts.attempts:
            return RetryOutcome.CannotRetry
        wait_s = retrier.interval_seconds.seconds * retrier.backoff_rate.rate**count
        most_s = retrier.max_delay_seconds.max_delays_seconds
        details["retryBackoffIntervalSeconds"] = int(min(wait_s, most_s))
        env.set_retriable_error(*_error(state, failure_event))
        return RetryOutcome.CanRetry
    return RetryOutcome.NoRetrier
