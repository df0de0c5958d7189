"""A JSONata expression that fails, or returns nothing, fails its state in AWS's words.

AWS: States.QueryEvaluationError, "The JSONata expression '…' specified for the field 'Output/total'
threw an error during evaluation. T2001: The left side of …", or "… returned nothing (undefined)."
(as reported from TestState in August 2026; Step Functions Developer Guide, "Handling errors"), and
an EvaluationFailed event with state and location.
LocalStack fails such a state with States.Runtime and an exception of its own, and names no field.
"""

from __future__ import annotations

from types import ModuleType
from typing import Any, Final, NoReturn

from localstack.aws.api.stepfunctions import EvaluationFailedEventDetails, HistoryEventType
from localstack.services.stepfunctions.asl.component.common.error_name import (
    failure_event,
    states_error_name,
    states_error_name_type,
)
from localstack.services.stepfunctions.asl.component.common.string import string_expression
from localstack.services.stepfunctions.asl.eval.event.event_detail import EventDetails
from localstack.services.stepfunctions.asl.jsonata.jsonata import (
    JSONataException,
    eval_jsonata_expression,
)
from localstack.utils.patch import patch

_KEY_OF_A_STATE: Final = "State_declContext"
_TYPES: Final = ("null", "number", "string", "boolean", "array", "object")


class LocatedExpression(str):  # noqa: SLOT000 - it has an attribute
    """The text of an expression that knows its field.

    Attributes:
        field: where it stands in its state: keys, and indexes of lists, ``Output/cups[1]/kind``.
    """

    field: str


def cure(module: ModuleType) -> None:
    """Patch ``visitString_jsonata`` of the preprocessor, and what evaluates and validates."""

    @patch(module.Preprocessor.visitString_jsonata)
    def visit(original: Any, self: Any, ctx: Any) -> Any:
        found = original(self, ctx)
        found.expression = LocatedExpression(found.expression)
        found.expression.field = field_of(ctx)
        return found

    @patch(string_expression.StringJSONata._eval_body)  # noqa: SLF001 - where it is evaluated
    def evaluate(original: Any, self: Any, env: Any) -> None:
        try:
            original(self, env)
        except JSONataException as error:
            said = f". {error.error}: {error.details}" if error.error else f": {error.details}"
            _fail(env, self.expression, f"threw an error during evaluation{said}")

    string_expression.validate_jsonata_expression_output = _validate


def _validate(env: Any, expression: str, declared: str, result: Any) -> None:
    """Whether an expression returned something, and of a type that JSON has."""
    if result is None and not eval_jsonata_expression(f"$exists({declared})"):
        _fail(env, expression, "returned nothing (undefined).")
    if isinstance(result, str) and eval_jsonata_expression(f"$type({declared})") not in _TYPES:
        _fail(env, expression, "returned an unsupported result type.")


def _fail(env: Any, expression: str, what: str) -> NoReturn:
    """Fail the state, with an event that says where."""
    field = getattr(expression, "field", "")
    where = f" specified for the field '{field}'" if field else ""
    error = states_error_name.StatesErrorName(
        typ=states_error_name_type.StatesErrorNameType.StatesQueryEvaluationError
    )
    details = EvaluationFailedEventDetails(
        error=error.error_name, cause=f"The JSONata expression '{expression}'{where} {what}"
    )
    if field:
        details["location"] = field
    failed = failure_event.FailureEventException(
        failure_event.FailureEvent(
            env=env,
            error_name=error,
            event_type=HistoryEventType.EvaluationFailed,
            event_details=EventDetails(evaluationFailedEventDetails=details),
        )
    )
    env.event_manager.add_event(
        context=env.event_history_context,
        event_type=HistoryEventType.EvaluationFailed,
        event_details=EventDetails(
            evaluationFailedEventDetails=failed.get_evaluation_failed_event_details()
        ),
    )
    raise failed


def field_of(ctx: Any) -> str:
    """Where in its state the parser's *ctx* stands: ``Choices[0]/Condition``.

    Whatever the rules of the grammar are called, a member of an object is key, colon and value, and
    elements of a list stand between commas.
    """
    steps: list[str] = []
    inner, outer = ctx, ctx.parentCtx
    while outer is not None and type(outer).__name__ != _KEY_OF_A_STATE:
        children = outer.children
        before = [child.getText() for child in children[: children.index(inner)]]
        step = ""
        if ":" in before[1:2]:
            step, before = before[0].strip('"'), before[2:]
        if before[:1] == ["["]:
            step += f"[{before.count(',')}]"
        steps.append(step)
        inner, outer = outer, outer.parentCtx
    return "/".join(filter(None, reversed(steps))).replace("/[", "[")
