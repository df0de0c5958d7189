"""Definitions of state machines."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, Final, TypeGuard

from localstack_standalone.definitions import expressions, validator
from localstack_standalone.definitions.diagnostic import Severity
from localstack_standalone.definitions.walk import JSONPATH, State, Workflow, workflows
from localstack_standalone.lint.document import resolved
from localstack_standalone.lint.finding import At, Remark, mapping, sequence

MOST_BYTES: Final = 1_048_576
_SUBSTITUTED: Final = re.compile(r"\$\{[^}]*\}")
_WHOLE: Final = re.compile(r'"\$\{[^}]*\}"')
# What a substitution may stand for where only an ARN can be; no account is read from it.
_SOME_ARN: Final = "arn:aws:lambda:us-east-1:123456789012:function:substituted"
_INVOKE: Final = re.compile(r"arn:[\w-]+:states:::lambda:invoke$")
_OF_INVOKE: Final = frozenset(
    {"ExecutedVersion", "Payload", "SdkHttpMetadata", "SdkResponseMetadata", "StatusCode"}
)
_OF_ERROR: Final = frozenset({"Error", "Cause"})
_FIELD: Final = re.compile(r"""\$\.([^.\[\]]+)|\$\[['"]([^'"]+)['"]\]""")
_FROM_OUTSIDE: Final = "nothing says that the execution's input has it"
_PASSES_ON: Final = frozenset({"Choice", "Wait"})
_SHAPING: Final = ("InputPath", "OutputPath", "ResultPath")
_WAIT_S: Final = 1
_ATTEMPTS: Final = 3
_BACKOFF: Final = 2.0


def remarks(definition: Any, at: At, *, text: str = "", express: bool = False) -> Iterator[Remark]:
    """What AWS refuses in *definition*, and what it runs otherwise.

    Args:
        definition: as it stands in its document, substitutions and all.
        at: where it stands.
        text: as it is written; where it is not given, *definition* is no text of its own.
        express: whether it is one of an Express machine.
    """
    machine = resolved(definition)
    yield from _refused(machine, at, text, express=express)
    if not isinstance(machine, dict):
        return
    for workflow in workflows(machine):
        for state in workflow.states:
            if state.type == "Choice" and state.language == JSONPATH:
                yield from _missing(workflow, state, machine, at)
            yield from _too_long(state, machine, at)


def _refused(machine: Any, at: At, text: str, *, express: bool) -> Iterator[Remark]:
    written = text or json.dumps(machine)
    if len(written.encode()) > MOST_BYTES:
        yield Remark("LS105", at, f"a definition of {len(written.encode()):,} bytes")
    for found in validator.validate(
        _substituted(written), express=express, parse=expressions.parse
    ):
        code = "LS101" if found.severity is Severity.ERROR else "LS102"
        where = at + _path(machine, found.location or "/")
        yield Remark(code, where, f"{found.message.splitlines()[0]} ({found.code})")


def _substituted(text: str) -> str:
    whole = _WHOLE.sub(json.dumps(_SOME_ARN), text)
    return _SUBSTITUTED.sub("substituted", whole)


def _path(value: Any, location: str) -> At:
    """*location* as a path into *value*; names in a location are not escaped."""
    found: list[str | int] = []
    while location:
        if isinstance(value, dict):
            names = [
                name
                for name in value
                if location.startswith(f"/{name}")
                and location[len(name) + 1 : len(name) + 2] in ("", "/", "[")
            ]
            if not names:
                break
            name = max(names, key=len)
            value, location = value[name], location[len(name) + 1 :]
            found.append(name)
        elif isinstance(value, list) and (item := re.match(r"\[(\d+)\]", location)):
            index = int(item[1])
            if index >= len(value):
                break
            value, location = value[index], location[item.end() :]
            found.append(index)
        else:
            break
    return tuple(found)


def _missing(workflow: Workflow, state: State, machine: dict[str, Any], at: At) -> Iterator[Remark]:
    """Variables that the Choice *state* compares, and that what leads to it may not give."""
    ruled_out: set[str] = set()
    for index, rule in enumerate(sequence(state.body.get("Choices"))):
        where = (*at, *_path(machine, state.at), "Choices", index)
        compared = list(_compared(mapping(rule), ruled_out))
        for variable in dict.fromkeys(compared):
            for why in _ways_without(variable, workflow, state.name, set()):
                code = "LS106" if why == _FROM_OUTSIDE else "LS103"
                yield Remark(code, where, f"{variable} is compared, and {why}")
        if mapping(rule).get("IsPresent") is False:
            ruled_out.add(str(mapping(rule).get("Variable")))


def _compared(rule: dict[str, Any], present: set[str]) -> Iterator[str]:
    """Variables that are compared without being known to be there."""
    if "And" in rule:
        known = set(present)
        for inner in map(mapping, sequence(rule["And"])):
            yield from _compared(inner, known)
            if inner.get("IsPresent") is True:
                known.add(str(inner.get("Variable")))
        return
    for inner in map(mapping, [*sequence(rule.get("Or")), *sequence(rule.get("Not"))]):
        yield from _compared(inner, present)
    variable = rule.get("Variable")
    if isinstance(variable, str) and "IsPresent" not in rule and variable not in present:
        yield variable


def _ways_without(variable: str, workflow: Workflow, name: str, seen: set[str]) -> Iterator[str]:
    """How the state *name* can be reached without *variable*."""
    if name in seen or not (match := _FIELD.match(variable)):
        return
    seen.add(name)
    field = match[1] or match[2]
    if workflow.kind == "machine" and workflow.body.get("StartAt") == name:
        yield _FROM_OUTSIDE
    for source in workflow.states:
        for catcher in map(mapping, sequence(source.body.get("Catch"))):
            whole = catcher.get("ResultPath", "$") == "$" and "Assign" not in catcher
            if catcher.get("Next") == name and whole and field not in _OF_ERROR:
                yield f"a Catch of {source.name} leads here with Error and Cause alone"
        if name not in _next(source):
            continue
        given = _given(source)
        if given is not None and field not in given:
            names = ", ".join(sorted(given)) or "nothing"
            yield f"{source.name} gives {names}"
        if source.type in _PASSES_ON and not any(shape in source.body for shape in _SHAPING):
            yield from _ways_without(variable, workflow, source.name, seen)


def _next(state: State) -> set[Any]:
    choices = map(mapping, sequence(state.body.get("Choices")))
    return {
        state.body.get("Next"),
        state.body.get("Default"),
        *(one.get("Next") for one in choices),
    }


def _given(state: State) -> frozenset[str] | None:
    """The names in the output of *state*; None where they are not known."""
    body = state.body
    if state.language != JSONPATH or any(shape in body for shape in ("ResultPath", "OutputPath")):
        return None
    if isinstance(body.get("ResultSelector"), dict):
        return _names(body["ResultSelector"])
    if state.type == "Pass":
        return _names(body.get("Result", body.get("Parameters")))
    if state.type == "Task" and _INVOKE.match(str(body.get("Resource"))):
        return _OF_INVOKE
    return None


def _names(value: Any) -> frozenset[str] | None:
    if not isinstance(value, dict):
        return None
    return frozenset(name.removesuffix(".$") for name in value)


def _too_long(state: State, machine: dict[str, Any], at: At) -> Iterator[Remark]:
    """Retries whose waits alone outlast the execution."""
    most_s = machine.get("TimeoutSeconds")
    if not _is_number(most_s):
        return
    for index, retrier in enumerate(map(mapping, sequence(state.body.get("Retry")))):
        waits_s = _waits_s(retrier)
        if waits_s >= most_s:
            where = (*at, *_path(machine, state.at), "Retry", index)
            yield Remark(
                "LS104",
                where,
                f"waits between attempts add up to {waits_s:,.0f} s, the machine ends after"
                f" {most_s:,} s",
            )


def _waits_s(retrier: dict[str, Any]) -> float:
    """All waits of a retrier, in seconds, the longest that its jitter allows."""
    interval, rate = retrier.get("IntervalSeconds", _WAIT_S), retrier.get("BackoffRate", _BACKOFF)
    attempts, most = retrier.get("MaxAttempts", _ATTEMPTS), retrier.get("MaxDelaySeconds")
    if not (_is_number(interval) and _is_number(rate) and isinstance(attempts, int)):
        return 0
    total, wait = 0.0, float(interval)
    for _ in range(min(attempts, 1000)):
        total += min(wait, most) if _is_number(most) else wait
        wait = min(wait * rate, 1e9)
    return total


def _is_number(value: Any) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool)


def read(text: str) -> Any:
    """The definition *text* as a value; None where it is no JSON, which the validator tells."""
    try:
        return json.loads(text)
    except ValueError:
        return None


def tasks(definition: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Resource and name of each Task."""
    for workflow in workflows(resolved(definition)):
        for state in workflow.states:
            if state.type == "Task":
                yield str(state.body.get("Resource")), state.name
