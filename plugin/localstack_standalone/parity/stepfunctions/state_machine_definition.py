"""Definitions are refused where AWS refuses them, in AWS's words.

AWS: CreateStateMachine and UpdateStateMachine answer InvalidDefinition with all that is wrong:
code, message and location. ValidateStateMachineDefinition gives the same as diagnostics, up to
*maxResults*, warnings too where *severity* asks for them (API reference; for the wordings see
`definitions`). TestState answers like CreateStateMachine; a state alone stands at
/States/StateName (recorded).
LocalStack takes targets that are not there and states that nothing leads to, answers other mistakes
with its parser's internals, and ValidateStateMachineDefinition with one diagnostic of those. What
it alone cannot read is still refused, and said to be its own.
"""

from __future__ import annotations

import contextvars
from types import ModuleType
from typing import Any, Final

from localstack.aws.api.stepfunctions import InvalidDefinition, StateMachineType
from localstack.services.stepfunctions.asl.parse.asl_parser import ASLParserException
from localstack.utils.patch import patch

from localstack_standalone.definitions import expressions, validator
from localstack_standalone.definitions.diagnostic import SCHEMA, Diagnostic, Severity

MOST_RESULTS: Final = 100
_updates_express: contextvars.ContextVar[bool] = contextvars.ContextVar(
    "_updates_express", default=False
)


def cure(module: ModuleType) -> None:
    """Patch the provider's check of definitions, and the two operations that need more."""
    provider = module.StepFunctionsProvider
    stock = provider._validate_definition  # noqa: SLF001 - what both operations call

    def check(definition: str, static_analysers: list[Any]) -> None:
        for each in static_analysers:
            if isinstance(each, module.TestStateStaticAnalyser):
                _check_tested(stock, definition, each)
                return
        express = _updates_express.get() or any(
            isinstance(each, module.ExpressStaticAnalyser) for each in static_analysers
        )
        if errors := validator.errors(
            _diagnostics(stock, definition, static_analysers, express=express)
        ):
            raise _refusal(errors)

    provider._validate_definition = staticmethod(check)  # noqa: SLF001

    @patch(provider.update_state_machine)
    def update_state_machine(
        original: Any, self: Any, context: Any, state_machine_arn: str, **request: Any
    ) -> Any:
        machine = self.get_store(context).state_machines.get(state_machine_arn)
        express = getattr(machine, "sm_type", None) == StateMachineType.EXPRESS
        token = _updates_express.set(express)
        try:
            return original(self, context, state_machine_arn, **request)
        finally:
            _updates_express.reset(token)

    @patch(provider.validate_state_machine_definition)
    def validate(_original: Any, _self: Any, _context: Any, request: Any, **_: Any) -> Any:
        express = request.get("type") == StateMachineType.EXPRESS
        analysers = [module.ExpressStaticAnalyser() if express else module.StaticAnalyser()]
        found = _diagnostics(stock, request["definition"], analysers, express=express)
        errors = validator.errors(found)
        wanted = found if request.get("severity") == Severity.WARNING else errors
        most = request.get("maxResults") or MOST_RESULTS
        return {
            "result": "FAIL" if errors else "OK",
            "diagnostics": [_as_answered(each) for each in wanted[:most]],
            "truncated": len(wanted) > most,
        }


def _diagnostics(
    stock: Any, definition: str, static_analysers: list[Any], *, express: bool
) -> list[Diagnostic]:
    found = validator.validate(definition, express=express, parse=expressions.parse)
    if not validator.errors(found):
        try:
            stock(definition, static_analysers)
        except InvalidDefinition as error:
            found.append(Diagnostic(SCHEMA, f"LocalStack cannot read this: {_words(error)}"))
    return found


def _check_tested(stock: Any, definition: str, analyser: Any) -> None:
    """As TestState is given them: a machine and the name of a state, or a state alone."""
    look = validator.validate if analyser.state_name else validator.validate_state
    if errors := validator.errors(look(definition, parse=expressions.parse)):
        raise _refusal(errors)
    try:
        stock(definition, [analyser])
    except InvalidDefinition as error:
        words = f"LocalStack cannot read this: {_words(error)}"
        raise _refusal([Diagnostic(SCHEMA, words)]) from error


def _words(error: InvalidDefinition) -> str:
    """Those of the exception that LocalStack wraps, without the definition."""
    cause = error.__context__
    return repr(cause) if isinstance(cause, ASLParserException) else str(cause or error.message)


def _refusal(errors: list[Diagnostic]) -> InvalidDefinition:
    refusal = InvalidDefinition()
    refusal.message = f"Invalid State Machine Definition: '{', '.join(map(str, errors))}'"
    return refusal


def _as_answered(diagnostic: Diagnostic) -> dict[str, str]:
    answered = {
        "severity": diagnostic.severity.value,
        "code": diagnostic.code,
        "message": diagnostic.message,
    }
    return answered | ({"location": diagnostic.location} if diagnostic.location else {})
