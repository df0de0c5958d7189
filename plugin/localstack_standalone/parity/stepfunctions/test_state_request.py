"""What TestState refuses before it runs a state.

AWS: a mock is for Task, Map and Parallel states; *context* and *stateConfiguration* are for a mock
(API reference of TestState). The words are recorded: of Pass, Fail and Succeed with a mock, of Map
and Parallel without one, of mapIterationFailureCount, of a Parallel's result and of a Task's token.
Those for *context* and for retrierRetryCount follow the pattern of mapIterationFailureCount.
LocalStack refuses Parallel states, runs others with what they cannot have, answers an input that is
no JSON with InternalError, and calls an API of the service ``http`` that botocore does not know.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping
from types import ModuleType
from typing import Any, Final

from localstack.aws.api.stepfunctions import InvalidExecutionInput, ValidationException
from localstack.utils.patch import patch

_BESIDE_A_MOCK: Final = {
    "retrierRetryCount": "RetrierRetryCount",
    "errorCausedByState": "ErrorCausedByState",
    "mapIterationFailureCount": "MapIterationFailureCount",
    "mapItemReaderData": "MapItemReaderData",
}
PARSED_KEPT: Final = 8
_MOCKED: Final = frozenset({"Task", "Map", "Parallel"})
_OF_A_MOCK: Final = ("result", "errorOutput")
_ONE_OF: Final = "A test mock should have only one of the following fields: [result, errorOutput]."
_WITH_TOKEN: Final = (".sync", ".sync:2", ".waitForTaskToken")


def cure(module: ModuleType) -> None:
    """Patch the analyser, which sees the whole request when it looks at the mock."""
    analyser = module.TestStateStaticAnalyser
    parser = module.TestStateAmazonStateLanguageParser
    # Checks only read what they parse, four times a request: it takes tens of milliseconds each.
    module.TestStateAmazonStateLanguageParser = type(  # type: ignore[attr-defined]  # any module
        "_ReadParser",
        (parser,),
        {"parse": staticmethod(functools.lru_cache(maxsize=PARSED_KEPT)(parser.parse))},
    )
    analyser._SUPPORTED_STATE_TYPES.add(module.StateType.Parallel)  # noqa: SLF001 - its constant

    @patch(analyser.validate_mock)
    def validate_mock(original: Any, test_state_input: Mapping[str, Any]) -> None:
        program, _ = module.TestStateAmazonStateLanguageParser.parse(
            test_state_input["definition"], test_state_input.get("stateName")
        )
        state = program.test_state
        _refuse_texts(test_state_input)
        _refuse_without_mock(test_state_input)
        _refuse_of_state(test_state_input, state)
        original(test_state_input)
        _refuse_result(test_state_input, state)

    @patch(analyser.validate_mock_result_matches_api_shape)
    def matches_api_shape(original: Any, **given: Any) -> None:
        if given["test_state"]._get_boto_service_name() != "http":  # noqa: SLF001 - as the original asks
            original(**given)


def _refuse_texts(request: Mapping[str, Any]) -> None:
    """Texts that have to be JSON."""
    for name in ("input", "variables"):
        if name not in request:
            continue
        try:
            found = json.loads(request[name])
        except json.JSONDecodeError as error:
            if name == "input":
                words = f"Invalid State Machine Execution Input: '{error}'"
                raise InvalidExecutionInput(words) from error
            raise ValidationException(f"Variables must be valid JSON: {error}") from error
        if name == "variables" and not isinstance(found, dict):
            raise ValidationException("Variables must be a JSON object")


def _refuse_without_mock(request: Mapping[str, Any]) -> None:
    mock = request.get("mock")
    if mock is None:
        given = [_BESIDE_A_MOCK[name] for name in request.get("stateConfiguration") or ()]
        for name in (*given, *(("Context",) if "context" in request else ())):
            raise ValidationException(
                f"TestState does not support {name} when a mock is not specified."
            )
    elif not any(name in mock for name in _OF_A_MOCK):
        raise ValidationException(_ONE_OF)


def _refuse_of_state(request: Mapping[str, Any], state: Any) -> None:
    kind = state.state_type.name
    if "mock" in request and kind not in _MOCKED:
        raise ValidationException(f"State type '{kind}' is not supported when a mock is specified")
    if kind == "Task" and state.resource.resource_arn.endswith(_WITH_TOKEN):
        return
    try:
        has_token = "Task" in json.loads(request.get("context") or "{}")
    except (json.JSONDecodeError, TypeError):
        return  # what reads it says what is wrong with it
    if has_token:
        raise ValidationException(
            "Invalid Context object provided: Context object contains 'Task' when state is not a "
            "Task state with a '.sync' or '.waitForTaskToken' service integration pattern"
        )


def _refuse_result(request: Mapping[str, Any], state: Any) -> None:
    """A mocked result, which is JSON by now, that does not fit a Map or Parallel state."""
    text = (request.get("mock") or {}).get("result")
    if text is None:
        return
    result = json.loads(text)
    if state.state_type.name == "Parallel":
        if not isinstance(result, list):
            raise ValidationException("Mocked result must be an array.")
        if len(result) != len(state.branches.programs):
            raise ValidationException(
                "Mocked result must contain the same number of items as number of Parallel "
                "branches."
            )
    failures = (request.get("stateConfiguration") or {}).get("mapIterationFailureCount", 0)
    if isinstance(result, list) and failures > len(result):
        raise ValidationException(
            "Map iteration failure count must be less than or equal to the number of Map iterations"
        )
