"""Where states lead: targets that are not there, states that nothing leads to, names used twice.

What AWS answers was published with the mistakes that led to it: all transitions call their target
``Next``; a state is not reachable when it is no StartAt and no other state leads to it; where no
state of the machine is terminal, that is said instead.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from localstack_standalone.definitions.diagnostic import Diagnostic
from localstack_standalone.definitions.walk import State, Workflow, items

_CODE = "MISSING_TRANSITION_TARGET"


def mistakes(workflows: list[Workflow]) -> Iterator[Diagnostic]:
    """What is wrong with the transitions and names of all *workflows*, the machine first."""
    if any(_is_terminal(state.body) for state in workflows[0].states):
        yield from mistakes_within(workflows)
    else:
        yield from _names_and_targets(workflows)
        yield Diagnostic("MISSING_END_STATE", "Workflow has no terminal state")


def mistakes_within(workflows: list[Workflow]) -> Iterator[Diagnostic]:
    """The same of *workflows* without their machine: of a state that stands alone."""
    yield from _names_and_targets(workflows)
    for workflow in workflows:
        yield from _unreachable(workflow)


def _names_and_targets(workflows: list[Workflow]) -> Iterator[Diagnostic]:
    yield from _names(workflows)
    for workflow in workflows:
        yield from _dangling(workflow)


def _names(workflows: list[Workflow]) -> Iterator[Diagnostic]:
    seen: set[str] = set()
    for workflow in workflows:
        for state in workflow.states:
            if state.name in seen or state.name in workflow.repeated:
                yield Diagnostic(
                    "DUPLICATE_STATE_NAME", f"Duplicate State name: {state.name}", state.at
                )
            seen.add(state.name)


def _dangling(workflow: Workflow) -> Iterator[Diagnostic]:
    names = {state.name for state in workflow.states}
    starts = (workflow.body["StartAt"], f"{workflow.at}/StartAt")
    for target, at in (starts, *(each for state in workflow.states for each in _targets(state))):
        if target not in names:
            yield Diagnostic(_CODE, f"Missing 'Next' target: {target}", at)


def _unreachable(workflow: Workflow) -> Iterator[Diagnostic]:
    led_to = {workflow.body["StartAt"]} | {
        target for state in workflow.states for target, _ in _targets(state) if target != state.name
    }
    for state in workflow.states:
        if state.name not in led_to:
            yield Diagnostic(_CODE, f'State "{state.name}" is not reachable.', state.at)


def _targets(state: State) -> Iterator[tuple[str, str]]:
    """Each state that *state* may lead to, and where that is said."""
    for field in ("Next", "Default"):
        if field in state.body:
            yield state.body[field], f"{state.at}/{field}"
    for field in ("Choices", "Catch"):
        for rule, at in items(state, field):
            if "Next" in rule:
                yield rule["Next"], f"{at}/Next"


def _is_terminal(body: dict[str, Any]) -> bool:
    return body.get("End") is True or body["Type"] in ("Succeed", "Fail")
