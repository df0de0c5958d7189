"""Step Functions Local's mock configuration file: whether it is one, before an emulator reads it.

Its form: Step Functions Developer Guide, "Configuration file for mocked service integrations".
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

_RANGE: Final = re.compile(r"(\d+)(?:-(\d+))?", re.ASCII)
_TOP: Final = ("StateMachines", "MockedResponses")


def fault(text: str) -> str | None:
    """The first thing wrong with the file *text*, and where; None where nothing is."""
    try:
        found = json.loads(text)
    except ValueError as error:
        return f"is no JSON: {error}"
    return next(_faults(found), None)


def _faults(found: Any) -> Iterator[str]:
    if not isinstance(found, dict):
        yield "is no JSON object"
        return
    for name in _TOP:
        if not isinstance(found.get(name), dict):
            yield f"has no object {name}"
            return
    responses = found["MockedResponses"]
    for name, response in responses.items():
        yield from _response(f"MockedResponses.{name}", response)
    for machine, body in found["StateMachines"].items():
        yield from _machine(f"StateMachines.{machine}", body, responses)


def _machine(at: str, body: Any, responses: dict[str, Any]) -> Iterator[str]:
    cases = body.get("TestCases") if isinstance(body, dict) else None
    if not isinstance(cases, dict):
        yield f"{at} has no object TestCases"
        return
    for case, states in cases.items():
        where = f"{at}.TestCases.{case}"
        if not isinstance(states, dict):
            yield f"{where} is no object of states"
            continue
        for state, response in states.items():
            if not isinstance(response, str) or response not in responses:
                yield f"{where}.{state} names {response!r}, which is not in MockedResponses"


def _response(at: str, response: Any) -> Iterator[str]:
    if not isinstance(response, dict) or not response:
        yield f'{at} is no object of attempts such as "0" and "1-2"'
        return
    spans = []
    for attempt, answer in response.items():
        matched = _RANGE.fullmatch(attempt)
        if matched is None:
            yield f'{at} has an attempt {attempt!r}, which is not as "0" or "1-2"'
            return
        first, last = int(matched[1]), int(matched[2] or matched[1])
        spans.append((first, last))
        yield from _answer(f"{at}.{attempt}", answer)
    following = 0
    for first, last in sorted(spans):
        if first != following or last < first:
            yield f"{at} has no attempt {following}, or has it twice: they are numbered from 0 on"
            return
        following = last + 1


def _answer(at: str, answer: Any) -> Iterator[str]:
    if not isinstance(answer, dict) or len(answer.keys() & {"Return", "Throw"}) != 1:
        yield f"{at} has to have one of Return and Throw"
    elif "Throw" in answer:
        thrown = answer["Throw"]
        for name in ("Error", "Cause"):
            if not isinstance(thrown, dict) or not isinstance(thrown.get(name), str):
                yield f"{at}.Throw has no text {name}"
