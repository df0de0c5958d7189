"""All that AWS would say of a definition.

As AWS has it, transitions are looked at once the grammar is right: a machine without StartAt is
not told that its states cannot be reached (recorded).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from localstack_standalone.definitions import expressions, fields, states, transitions, warnings
from localstack_standalone.definitions.diagnostic import Diagnostic, Severity, schema
from localstack_standalone.definitions.text import read
from localstack_standalone.definitions.values import enumerated, missing
from localstack_standalone.definitions.walk import (
    JSONATA,
    JSONPATH,
    State,
    Workflow,
    items,
    language,
    workflows,
)

_ALLOWED = {"machine": fields.MACHINE, "branch": fields.BRANCH, "processor": fields.PROCESSOR}
TESTED: Final = "StateName"
_TEXTS = ("StartAt", "Next", "Default", "Resource")
_LISTS = ("Branches", "Choices", "Retry", "Catch")
_OBJECTS = ("ItemProcessor", "Iterator")


def validate(
    text: str, *, express: bool = False, parse: expressions.Parse | None = None
) -> list[Diagnostic]:
    """The diagnostics of the definition *text*, errors and warnings.

    Args:
        text: the definition in the Amazon States Language.
        express: whether it is to be an EXPRESS machine.
        parse: parses JSONata; without it, expressions are not looked at.
    """
    machine = read(text)
    if isinstance(machine, Diagnostic):
        return [machine]
    return _diagnostics(machine, express=express, parse=parse)


def validate_state(text: str, *, parse: expressions.Parse | None = None) -> list[Diagnostic]:
    """The diagnostics of the definition *text* of one state, as TestState takes it.

    It stands at /States/StateName (recorded); where it leads to is not looked at.
    """
    state = read(text)
    if isinstance(state, Diagnostic):
        return [state]
    machine = {"StartAt": TESTED, "States": {TESTED: state}}
    return _diagnostics(machine, express=False, parse=parse, alone=True)


def _diagnostics(
    machine: dict[str, Any],
    *,
    express: bool,
    parse: expressions.Parse | None,
    alone: bool = False,
) -> list[Diagnostic]:
    found = workflows(machine)
    if of_wrong_type := list(_types(found)):
        return of_wrong_type
    of_machine = language(machine, JSONPATH)
    diagnostics = list(_grammar(found, of_machine, express=express, parse=parse))
    if not diagnostics:
        diagnostics += (
            transitions.mistakes_within(found[1:]) if alone else transitions.mistakes(found)
        )
    for state in _states(found):
        diagnostics += warnings.found(state)
    return diagnostics


def errors(diagnostics: list[Diagnostic]) -> list[Diagnostic]:
    """Those that refuse the definition."""
    return [each for each in diagnostics if each.severity is Severity.ERROR]


def _states(found: list[Workflow]) -> Iterator[State]:
    return (state for workflow in found for state in workflow.states)


def _grammar(
    found: list[Workflow],
    of_machine: str,
    *,
    express: bool,
    parse: expressions.Parse | None,
) -> Iterator[Diagnostic]:
    labels: set[str] = set()
    for workflow in found:
        yield from _workflow(workflow)
        for state in workflow.states:
            yield from states.mistakes(state, of_machine=of_machine, express=express)
            if parse:
                yield from expressions.mistakes(state, parse)
            label = state.body.get("Label")
            if isinstance(label, str):
                if label in labels:
                    at = f"{state.at}/Label"
                    yield Diagnostic("DUPLICATE_LABEL_NAME", f"Duplicate Label name: {label}", at)
                labels.add(label)


def _workflow(workflow: Workflow) -> Iterator[Diagnostic]:
    for field in workflow.body:
        if field not in _ALLOWED[workflow.kind]:
            yield schema(f"Field '{field}' is not supported", workflow.location)
    yield from missing(workflow.body, fields.REQUIRED_OF_MACHINES, workflow.location)
    if workflow.kind == "machine":
        yield from enumerated(workflow.body, "QueryLanguage", (JSONPATH, JSONATA), "")
        yield from enumerated(workflow.body, "Version", ("1.0",), "")


def _types(found: list[Workflow]) -> Iterator[Diagnostic]:
    """Values of another type than all that follows counts on."""
    for workflow in found:
        body, at = workflow.body, workflow.at
        yield from _of_type(body, ("StartAt",), str, "[STRING]", at)
        yield from _of_type(body, ("States",), dict, "[OBJECT]", at)
        inside = body.get("States")
        if isinstance(inside, dict):
            yield from _of_type(inside, tuple(inside), dict, "[OBJECT]", f"{at}/States")
        for state in workflow.states:
            for part, where in _parts(state):
                yield from _of_type(part, _TEXTS, str, "[STRING]", where)
                yield from _of_type(part, _LISTS, list, "[ARRAY]", where)
                yield from _of_type(part, _OBJECTS, dict, "[OBJECT]", where)


def _parts(state: State) -> Iterator[tuple[dict[str, Any], str]]:
    yield state.body, state.at
    for field in ("Choices", "Catch"):
        yield from items(state, field)


def _of_type(
    body: dict[str, Any], names: tuple[str, ...], wanted: type, word: str, at: str
) -> Iterator[Diagnostic]:
    for name in names:
        if name in body and not isinstance(body[name], wanted):
            yield schema(f"Expected value of type {word}", f"{at}/{name}")
