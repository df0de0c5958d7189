from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest

from tests.integration.parity.conftest import ROLE, Machines

ERROR = "States.QueryEvaluationError"
DEEP = "($f := function($n) { 1 + $f($n + 1) }; $f(1))"
ENDLESS = "($f := function($n) { $f($n + 1) }; $f(1))"


def _tested(machines: Machines, fields: dict[str, Any], given: Any) -> dict[str, Any]:
    state = {"Type": "Pass", "QueryLanguage": "JSONata", "End": True, **fields}
    return machines.aws.stepfunctions.test_state(  # type: ignore[return-value]
        definition=json.dumps(state), roleArn=ROLE, input=json.dumps(given)
    )


@pytest.mark.parametrize(
    ("expression", "said"),
    [
        ('$abs("x")', 'T0410: Argument 1 of function "abs" does not match function signature'),
        ('$sum(["a"])', 'T0412: Argument 1 of function "sum" must be an array of "numbers"'),
        ("$join([1, 2])", 'T0412: Argument 1 of function "join" must be an array of "strings"'),
        ('1 + "a"', 'T2002: The right side of the "+" operator must evaluate to a number'),
        ('"a" + 1', 'T2001: The left side of the "+" operator must evaluate to a number'),
        (
            '1 < "a"',
            'T2009: The values 1 and "a" either side of operator "<" must be of the same data type',
        ),
        ('$number("a")', 'D3030: Unable to cast value to a number: "a"'),
        ("$sqrt(-1)", "D3060: The sqrt function cannot be applied to a negative number: -1"),
        ('$error("boom")', "D3137: boom"),
        ('$assert(false, "no tea")', "D3141: no tea"),
        ("$nope(1)", "T1006: Attempted to invoke a non-function"),
        ('$eval("1+1")', "T1006: Attempted to invoke a non-function"),
        ("{1: 2}", "T1003: Key in object structure must evaluate to a string; got: 1"),
        ("-$states.input.kind", 'D1002: Cannot negate a non-numeric value: "green"'),
    ],
    ids=lambda value: None if ":" in value else value,
)
def test_an_expression_that_throws_says_so_in_its_field(
    machines: Machines, expression: str, said: str
) -> None:
    """States.QueryEvaluationError with JSONata's code and words.

    The sentence is AWS's, as reported from TestState in August 2026; the words are those of
    JSONata's reference implementation, which AWS has been seen to give.
    """
    found = _tested(machines, {"Output": {"r": f"{{% {expression} %}}"}}, {"kind": "green"})
    sentence = f"The JSONata expression '{expression}' specified for the field 'Output/r'"
    cause = f"{sentence} threw an error during evaluation. {said}"
    assert ("FAILED", ERROR, cause) == (found["status"], found.get("error"), found.get("cause"))


@pytest.mark.parametrize(
    ("expression", "said"),
    [
        (
            DEEP,
            (
                "Stack overflow error: Check for non-terminating recursive function. Consider "
                "rewriting as tail-recursive."
            ),
        ),
        (ENDLESS, "Expression evaluation timeout: Check for infinite loop"),
    ],
    ids=["deep", "endless"],
)
def test_an_expression_without_an_end_is_ended(
    machines: Machines, expression: str, said: str
) -> None:
    """It holds no thread for ever; a colon is before its words, which have no code of JSONata's."""
    found = _tested(machines, {"Output": {"r": f"{{% {expression} %}}"}}, {})
    assert ("FAILED", ERROR) == (found["status"], found.get("error"))
    assert found["cause"].endswith(f"'Output/r' threw an error during evaluation: {said}")


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"Output": "{% $states.input.x %}"}, "Output"),
        ({"Output": {"v": ["{% 1 %}", {"w": "{% $states.input.x %}"}]}}, "Output/v[1]/w"),
        ({"Assign": {"a": {"b": "{% $states.input.x %}"}}}, "Assign/a/b"),
        ({"Type": "Wait", "Seconds": "{% $states.input.x %}"}, "Seconds"),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_an_expression_that_returns_nothing_names_its_field(
    machines: Machines, fields: dict[str, Any], field: str
) -> None:
    """A path of keys and indexes, as reported from AWS in August 2026."""
    found = _tested(machines, fields, {})
    cause = (
        f"The JSONata expression '$states.input.x' specified for the field '{field}' returned "
        "nothing (undefined)."
    )
    assert ("FAILED", ERROR, cause) == (found["status"], found.get("error"), found.get("cause"))


def test_a_catch_sees_the_error_and_the_history_where_it_was(machines: Machines) -> None:
    """EvaluationFailed with state and location (API reference), and a Catch by the error's name."""
    definition = {
        "QueryLanguage": "JSONata",
        "StartAt": "Both",
        "States": {
            "Both": {
                "Type": "Parallel",
                "Branches": [
                    {
                        "StartAt": "Adds",
                        "States": {
                            "Adds": {
                                "Type": "Pass",
                                "Output": {"sum": '{% $states.input.a + "1" %}'},
                                "End": True,
                            }
                        },
                    }
                ],
                "Catch": [
                    {
                        "ErrorEquals": [ERROR],
                        "Output": "{% $states.errorOutput.Error %}",
                        "Next": "Caught",
                    }
                ],
                "End": True,
            },
            "Caught": {"Type": "Succeed"},
        },
    }
    found = machines.run(machines.make(definition), {"a": 1})
    assert ("SUCCEEDED", json.dumps(ERROR)) == (found["status"], found.get("output")), (
        found.get("error"),
        found.get("cause"),
    )
    history = machines.aws.stepfunctions.get_execution_history(executionArn=found["executionArn"])
    failed = [each for each in history["events"] if each["type"] == "EvaluationFailed"]
    assert 1 == len(failed)
    details = failed[0]["evaluationFailedEventDetails"]
    assert (ERROR, "Adds", "Output/sum") == (
        details.get("error"),
        details["state"],
        details.get("location"),
    )
    assert details["cause"].startswith(
        "An error occurred while executing the state 'Adds' (entered"
    )
    assert details["cause"].endswith(
        'T2002: The right side of the "+" operator must evaluate to a number'
    )


def test_a_choice_that_cannot_decide_names_the_rule(machines: Machines) -> None:
    """By its index among the Choices."""
    definition = {
        "QueryLanguage": "JSONata",
        "StartAt": "Which",
        "States": {
            "Which": {
                "Type": "Choice",
                "Choices": [
                    {"Condition": "{% false %}", "Next": "End"},
                    {"Condition": "{% $states.input.a < 1 %}", "Next": "End"},
                ],
                "Default": "End",
            },
            "End": {"Type": "Succeed"},
        },
    }
    found = machines.run(machines.make(definition), {"a": "x"})
    assert ("FAILED", ERROR) == (found["status"], found.get("error"))
    assert "specified for the field 'Choices[1]/Condition' threw" in found["cause"]


@pytest.mark.parametrize("text", ['say "tea"', "back\\slash", '" & "x', "two\nlines", "🍵"])
def test_a_variable_is_data(machines: Machines, text: str) -> None:
    """Whatever is in it: none of it is read as a part of the expression."""
    state = {"Type": "Pass", "QueryLanguage": "JSONata", "End": True}
    found = machines.aws.stepfunctions.test_state(
        definition=json.dumps({**state, "Output": "{% [$said, $length($said)] %}"}),
        roleArn=ROLE,
        input="{}",
        variables=json.dumps({"said": text}),
    )
    assert "SUCCEEDED" == found["status"], found.get("cause")
    assert [text, len(text)] == json.loads(found["output"])


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("$hash('tea', 'MD5')", hashlib.md5(b"tea").hexdigest()),  # noqa: S324 - asked for
        ("$hash('tea', 'SHA-1')", hashlib.sha1(b"tea").hexdigest()),  # noqa: S324 - likewise
        ("$hash('tea', 'SHA-256')", hashlib.sha256(b"tea").hexdigest()),
        ("$hash('tea', 'SHA-384')", hashlib.sha384(b"tea").hexdigest()),
        ("$hash('tea', 'SHA-512')", hashlib.sha512(b"tea").hexdigest()),
        ("$random(7) = $random(7)", True),
        ("$random(7) != $random(8)", True),
        ("$random() < 1", True),
        ("$uuid() = $uuid()", False),
        ("$length($uuid())", 36),
        ('$parse(\'{"cups": [1, null, "two"]}\')', {"cups": [1, None, "two"]}),
        ("$parse('0')", 0),
        ("$parse('\"tea\"')", "tea"),
        ("$partition([1, 2, 3], 2)", [[1, 2], [3]]),
        ("$range(1, 9, 4)", [1, 5, 9]),
    ],
)
def test_functions_that_aws_adds_are_there(machines: Machines, expression: str, value: Any) -> None:
    """Developer Guide, "Transforming data with JSONata", "JSONata functions provided by AWS"."""
    found = _tested(machines, {"Output": f"{{% {expression} %}}"}, {})
    assert "SUCCEEDED" == found["status"], found.get("cause")
    assert value == json.loads(found["output"])


def test_an_added_function_refuses_what_it_cannot_take(machines: Machines) -> None:
    """As a failure of the state, like any other."""
    for expression in ("$hash('tea', 'MD4')", "$parse('{')", "$hash(1, 'MD5')", "$random('x')"):
        found = _tested(machines, {"Output": f"{{% {expression} %}}"}, {})
        assert ("FAILED", ERROR) == (found["status"], found.get("error")), expression


def test_a_state_is_tested_whose_fields_are_expressions(machines: Machines) -> None:
    """TestState copies the state before it runs."""
    state = {
        "Type": "Map",
        "QueryLanguage": "JSONata",
        "ItemReader": {
            "Resource": "arn:aws:states:::s3:getObject",
            "ReaderConfig": {"InputType": "JSON", "MaxItems": "{% $states.input.most %}"},
            "Arguments": {"Bucket": "b", "Key": "{% $states.input.key %}"},
        },
        "ToleratedFailureCount": "{% $states.input.most %}",
        "ItemProcessor": {
            "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
            "StartAt": "P",
            "States": {"P": {"Type": "Pass", "End": True}},
        },
        "End": True,
    }
    found = machines.aws.stepfunctions.test_state(
        definition=json.dumps(state),
        roleArn=ROLE,
        input=json.dumps({"key": "k", "most": 1}),
        mock={"errorOutput": {"error": "Spilt", "cause": "mocked"}},
        stateConfiguration={"mapIterationFailureCount": 1, "mapItemReaderData": "[1, 2]"},
    )
    assert ("FAILED", "Spilt") == (found["status"], found.get("error")), found.get("cause")
