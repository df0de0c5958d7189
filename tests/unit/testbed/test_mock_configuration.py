"""Step Functions Local's mock configuration file, right and wrong."""

from __future__ import annotations

import json
from typing import Any, Final

import pytest

from testbed import mock_configuration

RETURN: Final = {"Return": {"StatusCode": 200}}
THROW: Final = {"Throw": {"Error": "Busy", "Cause": "why"}}


def _file(response: Any = None, case: Any = None, **more: Any) -> dict[str, Any]:
    return {
        "StateMachines": {
            "M": {"TestCases": {"Happy": {"Main": "Done"} if case is None else case}}
        },
        "MockedResponses": {"Done": {"0": RETURN} if response is None else response},
        **more,
    }


@pytest.mark.parametrize("response", [{"0": RETURN}, {"0-1": THROW, "2": RETURN}])
def test_a_file_as_aws_describes_it_is_taken(response: Any) -> None:
    """One attempt, or a range of them."""
    assert mock_configuration.fault(json.dumps(_file(response))) is None


FAULTS: Final[list[tuple[Any, str]]] = [
    ([], "is no JSON object"),
    (_file(StateMachines=1), "has no object StateMachines"),
    (_file(StateMachines={"M": {}}), "StateMachines.M has no object TestCases"),
    (_file(case=[]), "StateMachines.M.TestCases.Happy is no object of states"),
    (
        _file(case={"Main": "Nope"}),
        "StateMachines.M.TestCases.Happy.Main names 'Nope', which is not in MockedResponses",
    ),
    (_file({}), 'MockedResponses.Done is no object of attempts such as "0" and "1-2"'),
    (
        _file({"first": RETURN}),
        'MockedResponses.Done has an attempt \'first\', which is not as "0" or "1-2"',
    ),
    (
        _file({"0": RETURN, "2": RETURN}),
        "MockedResponses.Done has no attempt 1, or has it twice: they are numbered from 0 on",
    ),
    (
        _file({"1-0": RETURN}),
        "MockedResponses.Done has no attempt 0, or has it twice: they are numbered from 0 on",
    ),
    (
        _file({"0": {**RETURN, **THROW}}),
        "MockedResponses.Done.0 has to have one of Return and Throw",
    ),
    (
        _file({"0": {"Throw": {"Error": "Busy"}}}),
        "MockedResponses.Done.0.Throw has no text Cause",
    ),
]


@pytest.mark.parametrize(("found", "words"), FAULTS, ids=[words for _, words in FAULTS])
def test_what_is_wrong_is_told_with_its_place(found: Any, words: str) -> None:
    """The first of it."""
    assert words == mock_configuration.fault(json.dumps(found))


def test_what_is_no_json_is_told() -> None:
    """In the parser's words."""
    assert "is no JSON: Expecting value: line 1 column 1 (char 0)" == mock_configuration.fault("")
