"""Each rule once, with AWS's answer: recorded where a date stands, else published by others.

The published ones were measured with ValidateStateMachineDefinition (floci, August and September
2026; cdk-preflight, September 2026) or met in deployment (issues of cfn-lint, aws-cdk, localstack).
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from localstack_standalone.definitions import validator
from tests.support.machines import MACHINES

END: dict[str, Any] = {"Type": "Pass", "End": True}
INNER: dict[str, Any] = {"StartAt": "I", "States": {"I": END}}
ERRORS: dict[str, Any] = {"ErrorEquals": ["E"]}
ALL: dict[str, Any] = {"ErrorEquals": ["States.ALL"]}
INVOKE = "arn:aws:states:::lambda:invoke"
ACTIVITY = "arn:aws:states:us-east-1:111122223333:activity:a"
ONE_OF = "This object should have only one of the following fields:"
ONLY_ONE = "There should only be one of the following fields:"
NOT_KNOWN = (
    "is not recognized. The value is not a valid resource ARN, or the resource is not available in "
    "this region. at /States/S/Resource"
)
TYPES = "[Task, Wait, Pass, Succeed, Fail, Choice, Parallel, Map]"
RULES = "[And, Or, Not, Variable, Condition]"
WAITS = "[SecondsPath, Seconds, TimestampPath, Timestamp]"
DOWNGRADED = "'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine"
LANGUAGES = "Value should be one of the following: [JSONPath, JSONata]"


def _only(state: dict[str, Any], **machine: Any) -> dict[str, Any]:
    """A machine whose one state is *state*, called S."""
    return {"StartAt": "S", "States": {"S": state}, **machine}


def _task(**fields: Any) -> dict[str, Any]:
    return _only({"Type": "Task", "Resource": INVOKE, "End": True, **fields})


def _map(**fields: Any) -> dict[str, Any]:
    return _only({"Type": "Map", "ItemProcessor": INNER, "End": True, **fields})


def _choice(*rules: dict[str, Any]) -> dict[str, Any]:
    choice = {"Type": "Choice", "Choices": list(rules), "Default": "E"}
    return {"StartAt": "S", "States": {"S": choice, "E": END}}


def _told(definition: Any, *, express: bool = False) -> list[str]:
    text = definition if isinstance(definition, str) else json.dumps(definition)
    return [str(each) for each in validator.errors(validator.validate(text, express=express))]


def _other(is_set: str, field: str, other: str) -> str:
    return (
        f"The QueryLanguage is set to '{is_set}', but field '{field}' is only supported for the "
        f"'{other}' QueryLanguage"
    )


GRAMMAR = [
    # recorded: October 2025, August 2023
    ({}, "These fields are required: [States, StartAt] at /"),
    ({"States": {"A": END}}, "These fields are required: [StartAt] at /"),
    ({"StartAt": "A"}, "These fields are required: [States] at /"),
    # recorded: October 2025
    (
        _only({**END, "QueryLanguage": "JSONPath"}, QueryLanguage="JSONata"),
        f"{DOWNGRADED} at /States/S",
    ),
    # recorded: December 2025
    (
        _only({"Type": "No"}),
        f"The field 'Type' should have one of these values: {TYPES} at /States/S/Type",
    ),
    # recorded: February 2026
    (
        _only({"Type": "Parallel", "Branches": [], "End": True}),
        "Value cannot be empty at /States/S/Branches",
    ),
    # recorded: December 2024
    (
        _task(Credentials={}),
        "The field 'RoleArn' is required but was missing at /States/S/Credentials",
    ),
    (
        _only({"Type": "Wait", "Timestamp": "2016-03-14T01:59:00", "End": True}),
        "String does not match RFC3339 timestamp at /States/S/Timestamp",
    ),
    (
        _only({"Type": "Wait", "Timestamp": "2016-13-14T01:59:00Z", "End": True}),
        "String does not match RFC3339 timestamp at /States/S/Timestamp",
    ),
    (
        _only({"Type": "Wait", "Timestamp": "{% $now() %}", "End": True}),
        "String does not match RFC3339 timestamp at /States/S/Timestamp",
    ),
    # recorded: February 2025
    (
        _only({**END, "Parameters": {"parsed.$": r"States.Format('\"')"}}),
        (
            "The value for the field 'parsed.$' must be a valid JSONPath or a valid intrinsic "
            "function call at /States/S/Parameters"
        ),
    ),
    # recorded: November 2025
    (
        _task(Resource="arn:aws:states:::dynamodb:query"),
        f"The resource provided arn:aws:states:::dynamodb:query {NOT_KNOWN}",
    ),
    # published
    (_task(Resource="resize"), "Value is not a valid resource ARN at /States/S/Resource"),
    (
        _task(Resource=f"{INVOKE}.sync"),
        f"The resource provided {INVOKE}.sync {NOT_KNOWN}",
    ),
    (
        _task(Resource="arn:aws:states:::ecs:runTask.sync:2"),
        f"The resource provided arn:aws:states:::ecs:runTask.sync:2 {NOT_KNOWN}",
    ),
    (
        _task(Resource=ACTIVITY, Credentials={"RoleArn": "arn:aws:iam::111122223333:role/r"}),
        "The field 'Credentials' is not supported for activities at /States/S/Credentials",
    ),
    (_only({"End": True}), "These fields are required: [Type] at /States/S"),
    (_only(END, Coment=""), "Field 'Coment' is not supported at /"),
    (_only(END, Version="2.0"), "Value should be one of the following: [1.0] at /Version"),
    (_only(END, QueryLanguage="jsonata"), f"{LANGUAGES} at /QueryLanguage"),
    (_only(END, QueryLanguage=5), "Expected value of type [STRING] at /QueryLanguage"),
    (_only({**END, "TimeoutSeconds": 1}), "Field 'TimeoutSeconds' is not supported at /States/S"),
    (_only({**END, "Catch": []}), "Field 'Catch' is not supported at /States/S"),
    (_only({**END, "_comment": ""}), "Field '_comment' is not supported at /States/S"),
    (_only({"Type": "Fail", "End": True}), "Field 'End' is not supported at /States/S"),
    (_only({**END, "Output": 1}), f"{_other('JSONPath', 'Output', 'JSONata')} at /States/S"),
    (
        _only({**END, "InputPath": "$.a"}, QueryLanguage="JSONata"),
        f"{_other('JSONata', 'InputPath', 'JSONPath')} at /States/S",
    ),
    (
        _only({"Type": "Pass"}),
        f"{ONE_OF} [Next, End] at /States/S",
    ),
    (
        _only({**END, "Next": "S"}),
        f"{ONLY_ONE} [Next, End] at /States/S",
    ),
    (
        _only({"Type": "Wait", "End": True}),
        f"{ONE_OF} {WAITS} at /States/S",
    ),
    (
        _only({"Type": "Wait", "Seconds": 1, "SecondsPath": "$.s", "End": True}),
        f"{ONLY_ONE} {WAITS} at /States/S",
    ),
    (
        _only({"Type": "Map", "End": True}),
        f"{ONE_OF} [ItemProcessor, Iterator] at /States/S",
    ),
    (
        _task(TimeoutSeconds=1, TimeoutSecondsPath="$.s"),
        f"{ONLY_ONE} [TimeoutSeconds, TimeoutSecondsPath] at /States/S",
    ),
    (_only({"Type": "Task", "End": True}), "These fields are required: [Resource] at /States/S"),
    (_only({"Type": "Choice"}), "These fields are required: [Choices] at /States/S"),
    (_task(TimeoutSeconds=0), "Minimum value is 1 at /States/S/TimeoutSeconds"),
    (
        _task(HeartbeatSeconds=100_000_000),
        "Maximum value is 99999999 at /States/S/HeartbeatSeconds",
    ),
    (_task(TimeoutSeconds="5"), "Expected value of type Integer at /States/S/TimeoutSeconds"),
    (_map(MaxConcurrency=-1), "Minimum value is 0 at /States/S/MaxConcurrency"),
    (
        _map(ToleratedFailurePercentage=101),
        "Maximum value is 100 at /States/S/ToleratedFailurePercentage",
    ),
    (_task(Retry=[{}]), "These fields are required: [ErrorEquals] at /States/S/Retry[0]"),
    (_task(Retry=[{"ErrorEquals": []}]), "Value cannot be empty at /States/S/Retry[0]/ErrorEquals"),
    (
        _task(Retry=[{**ERRORS, "MaxAttempts": -1}]),
        "Minimum value is 0 at /States/S/Retry[0]/MaxAttempts",
    ),
    (
        _task(Retry=[{**ERRORS, "BackoffRate": 0.5}]),
        "Minimum value is 1 at /States/S/Retry[0]/BackoffRate",
    ),
    (
        _task(Retry=[{**ERRORS, "JitterStrategy": "SOME"}]),
        "Value should be one of the following: [NONE, FULL] at /States/S/Retry[0]/JitterStrategy",
    ),
    (
        _task(Retry=[ALL, ERRORS]),
        "States.ALL must appear alone and at end of list at /States/S/Retry[0]/ErrorEquals[0]",
    ),
    (
        _task(Retry=[{"ErrorEquals": ["E", "States.ALL"]}]),
        "States.ALL must appear alone and at end of list at /States/S/Retry[0]/ErrorEquals[1]",
    ),
    (_task(Catch=[ERRORS]), "These fields are required: [Next] at /States/S/Catch[0]"),
    (
        _choice({"Variable": "$.a", "IsNull": True}),
        "These fields are required: [Next] at /States/S/Choices[0]",
    ),
    (
        _choice({"Next": "E"}),
        f"The object must have only one of the following fields, {RULES} at /States/S/Choices[0]",
    ),
    (
        _choice({"Variable": "$.a", "IsNull": True, "IsString": True, "Next": "E"}),
        f"{ONLY_ONE} [IsNull, IsString] at /States/S/Choices[0]",
    ),
    (
        _choice({"Variable": "a", "IsNull": True, "Next": "E"}),
        (
            "Value is not a Reference Path: Reference path didn't start with '$' at "
            "/States/S/Choices[0]/Variable"
        ),
    ),
    (
        _choice({"Not": {"Variable": "$.a", "IsNull": True, "Next": "E"}, "Next": "E"}),
        "Field 'Next' is not supported at /States/S/Choices[0]/Not",
    ),
    (
        _choice({"And": [{"Variable": "$.a", "IsNull": True, "Next": "E"}], "Next": "E"}),
        "Field 'Next' is not supported at /States/S/Choices[0]/And[0]",
    ),
    (_only({**END, "InputPath": "a"}), "Value must be a valid JSONPath. at /States/S/InputPath"),
    (
        _only({**END, "ResultPath": "$.a[*]"}),
        "Value is not a Reference Path at /States/S/ResultPath",
    ),
    (
        _map(ItemProcessor={**INNER, "QueryLanguage": "JSONata"}),
        "Field 'QueryLanguage' is not supported at /States/S/ItemProcessor",
    ),
    (
        _only({"Type": "Map", "Iterator": {**INNER, "QueryLanguage": "JSONata"}, "End": True}),
        "Field 'QueryLanguage' is not supported at /States/S/Iterator",
    ),
    (
        _only(
            {"Type": "Parallel", "Branches": [{**INNER, "QueryLanguage": "JSONata"}], "End": True}
        ),
        "Field 'QueryLanguage' is not supported at /States/S/Branches[0]",
    ),
    (
        _only({"Type": "Parallel", "Branches": [{"States": {"I": END}}], "End": True}),
        "These fields are required: [StartAt] at /States/S/Branches[0]",
    ),
    (
        _map(
            QueryLanguage="JSONata",
            ItemProcessor={"StartAt": "I", "States": {"I": {**END, "Output": 1}}},
        ),
        f"{_other('JSONPath', 'Output', 'JSONata')} at /States/S/ItemProcessor/States/I",
    ),
    (
        _map(ItemProcessor={**INNER, "ProcessorConfig": {"Mode": "DISTRIBUTED"}}),
        "These fields are required: [ExecutionType] at /States/S/ItemProcessor/ProcessorConfig",
    ),
    (
        _map(
            ItemProcessor={
                **INNER,
                "ProcessorConfig": {"Mode": "INLINE", "ExecutionType": "EXPRESS"},
            }
        ),
        "Field 'ExecutionType' is not supported at /States/S/ItemProcessor/ProcessorConfig",
    ),
    ({"StartAt": 1, "States": {"A": END}}, "Expected value of type [STRING] at /StartAt"),
    ({"StartAt": "A", "States": []}, "Expected value of type [OBJECT] at /States"),
    ({"StartAt": "A", "States": {"A": 1}}, "Expected value of type [OBJECT] at /States/A"),
    (
        _only({"Type": "Choice", "Choices": {}}),
        "Expected value of type [ARRAY] at /States/S/Choices",
    ),
]
OTHER_CODES = [
    (
        {"StartAt": "x" * 81, "States": {"x" * 81: END}},
        (
            f"INVALID_STATE_NAME: Invalid State name: State '{'x' * 81}' exceeds the 80-character "
            f"limit allowed by the service at /States/{'x' * 81}"
        ),
    ),
    (
        _map(Label="x" * 41),
        (
            f"INVALID_LABEL_NAME: Invalid Label name: Label '{'x' * 41}' exceeds the 40-character "
            "limit allowed by the service at /States/S/Label"
        ),
    ),
    (
        _only({**END, "Assign": {"states": 1}}),
        (
            "RESERVED_VARIABLE_NAME: Cannot assign to reserved variable '$states'. at "
            "/States/S/Assign/states"
        ),
    ),
    (
        _only({**END, "Assign": {"a-b.$": "$.a"}}),
        (
            "INVALID_VARIABLE_NAME: Invalid variable name 'a-b': the variable name contains "
            "invalid characters. at /States/S/Assign/a-b.$"
        ),
    ),
    (
        _only({"Type": "Parallel", "Branches": [INNER, INNER], "End": True}),
        "DUPLICATE_STATE_NAME: Duplicate State name: I at /States/S/Branches[1]/States/I",
    ),
    (
        '{"StartAt": "A", "States": {"A": {"Type": "Fail"}, "A": {"Type": "Succeed"}}}',
        "DUPLICATE_STATE_NAME: Duplicate State name: A at /States/A",
    ),
    (
        {
            "StartAt": "A",
            "States": {
                name: {"Type": "Map", "Label": "l", "ItemProcessor": inner, **way}
                for name, way, inner in (
                    ("A", {"Next": "B"}, INNER),
                    ("B", {"End": True}, {"StartAt": "J", "States": {"J": END}}),
                )
            },
        },
        "DUPLICATE_LABEL_NAME: Duplicate Label name: l at /States/B/Label",
    ),
]
NOT_REACHABLE = 'MISSING_TRANSITION_TARGET: State "{}" is not reachable. at {}'
MISSING = "MISSING_TRANSITION_TARGET: Missing 'Next' target: {} at {}"
NO_END = "MISSING_END_STATE: Workflow has no terminal state at null"
LOOP = {"A": {"Type": "Pass", "Next": "B"}, "B": {"Type": "Pass", "Next": "A"}}
TRANSITIONS = [
    (
        {"A": {"Type": "Pass", "Next": "N"}, "C": END},
        [MISSING.format("N", "/States/A/Next"), NOT_REACHABLE.format("C", "/States/C")],
    ),
    ({"A": {"Type": "Pass", "Next": "N"}}, [MISSING.format("N", "/States/A/Next"), NO_END]),
    (LOOP, [NO_END]),
    ({**LOOP, "C": {"Type": "Pass", "Next": "A"}}, [NO_END]),
    ({**LOOP, "C": END}, [NOT_REACHABLE.format("C", "/States/C")]),
    ({"A": END, "C": {"Type": "Pass", "Next": "C"}}, [NOT_REACHABLE.format("C", "/States/C")]),
    (
        {
            "A": {
                "Type": "Choice",
                "Choices": [{"Variable": "$.a", "IsNull": True, "Next": "N"}],
                "Default": "M",
            },
            "C": END,
        },
        [
            MISSING.format("M", "/States/A/Default"),
            MISSING.format("N", "/States/A/Choices[0]/Next"),
            NOT_REACHABLE.format("C", "/States/C"),
        ],
    ),
    (
        {"A": {"Type": "Task", "Resource": INVOKE, "Catch": [{**ALL, "Next": "N"}], "End": True}},
        [MISSING.format("N", "/States/A/Catch[0]/Next")],
    ),
    (
        {
            "A": {
                "Type": "Map",
                "ItemProcessor": {"StartAt": "N", "States": {"I": END}},
                "End": True,
            }
        },
        [
            MISSING.format("N", "/States/A/ItemProcessor/StartAt"),
            NOT_REACHABLE.format("I", "/States/A/ItemProcessor/States/I"),
        ],
    ),
    (
        {
            "A": {
                "Type": "Parallel",
                "Branches": [{"StartAt": "I", "States": {"I": {"Type": "Pass", "Next": "B"}}}],
                "Next": "B",
            },
            "B": END,
        },
        [MISSING.format("B", "/States/A/Branches[0]/States/I/Next")],
    ),
]
EXPRESS = [
    # recorded: July 2024, with AWS's own blank in the first
    (
        _task(Resource="arn:aws:states:::sqs:sendMessage.waitForTaskToken"),
        (
            "Express state machine does not support '.waitForTaskToken' service integration  at "
            "/States/S/Resource"
        ),
    ),
    (
        _task(Resource="arn:aws:states:::states:startExecution.sync"),
        "Express state machine does not support '.sync' service integration at /States/S/Resource",
    ),
    (
        _task(Resource=ACTIVITY),
        "Express state machine does not support Activity ARN at /States/S/Resource",
    ),
    # published
    (
        _map(
            ItemProcessor={
                **INNER,
                "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "EXPRESS"},
            }
        ),
        (
            "The field 'Mode' with value 'DISTRIBUTED' is not supported inside 'EXPRESS' state "
            "machines at /States/S/ItemProcessor/ProcessorConfig/Mode"
        ),
    ),
]
NESTED: dict[str, Any] = {
    "StartAt": "Both",
    "States": {
        "Both": {
            "Type": "Parallel",
            "Branches": [
                INNER,
                _map(ItemProcessor={"StartAt": "J", "States": {"J": END}}),
            ],
            "Catch": [
                {**ERRORS, "Next": "Sorry", "Assign": {"a.$": "$"}},
                {**ALL, "Next": "Sorry"},
            ],
            "End": True,
        },
        "Sorry": {"Type": "Fail", "Error": "E", "Cause": "C"},
    },
}
TAKEN: list[Any] = [
    _only({"Type": "Succeed", "InputPath": None}, Version="1.0", TimeoutSeconds=0, Comment="c"),
    _only({"Type": "Fail", "ErrorPath": "$.e", "CausePath": "States.Format('{}', $.c)"}),
    _only({"Type": "Wait", "Timestamp": "2016-03-14T01:59:00.123+01:00", "End": True}),
    _only({"Type": "Wait", "Timestamp": "{% $now() %}", "End": True}, QueryLanguage="JSONata"),
    _only({"Type": "Wait", "Seconds": 0, "End": True}),
    _only({**END, "QueryLanguage": "JSONata", "Output": "{% 1 %}", "Assign": {"größe": 1}}),
    _only({**END, "Assign": {"a": 1, "b.$": "$.b"}}),
    _only({**END, "ResultPath": None, "OutputPath": "$variable.a"}),
    _task(Resource="arn:aws:lambda:us-east-1:111122223333:function:f", TimeoutSecondsPath="$.s"),
    _task(
        Resource="arn:aws:states:::aws-sdk:s3:getObject", Retry=[{**ERRORS, "IntervalSeconds": 0}]
    ),
    _task(Resource="arn:aws:states:::ecs:runTask.sync"),
    _task(Resource="arn:aws:states:::states:startExecution.sync:2"),
    _task(Resource=f"{INVOKE}.waitForTaskToken", Retry=[ERRORS, ALL]),
    _task(Resource=ACTIVITY),
    _map(Label="l", ItemReader={"Resource": "arn:aws:states:::s3:getObject"}, MaxConcurrency=0),
    _map(QueryLanguage="JSONata", Items=[1], MaxConcurrency="{% 2 %}"),
    _map(
        ItemProcessor={
            **INNER,
            "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "EXPRESS"},
        }
    ),
    _choice(
        {
            "Or": [
                {"Variable": "$.a", "IsPresent": True},
                {"Not": {"Variable": "$$.b", "StringEqualsPath": "$.c"}},
            ],
            "Next": "E",
        }
    ),
    NESTED,
]


@pytest.mark.parametrize(("definition", "expected"), GRAMMAR)
def test_a_mistake_of_grammar_is_told(definition: dict[str, Any], expected: str) -> None:
    """Alone: where the grammar is broken, transitions are not looked at (recorded)."""
    assert [f"SCHEMA_VALIDATION_FAILED: {expected}"] == _told(definition)


@pytest.mark.parametrize(("definition", "expected"), OTHER_CODES)
def test_a_name_has_a_code_of_its_own(definition: Any, expected: str) -> None:
    """Names of states, labels and variables."""
    assert [expected] == _told(definition)


@pytest.mark.parametrize(("states", "expected"), TRANSITIONS)
def test_where_states_lead_is_looked_at(states: dict[str, Any], expected: list[str]) -> None:
    """Dangling targets, then either no end at all or what cannot be reached."""
    assert expected == _told({"StartAt": "A", "States": states})


def test_a_start_that_is_nowhere_leaves_its_first_state_unreachable() -> None:
    """AWS's answer (cfn-lint issue 4074): another state leads to Success, so it is not told."""
    states = {"Pass One": {"Type": "Pass", "Next": "Success"}, "Success": {"Type": "Succeed"}}
    expected = [
        MISSING.format("Not sure", "/StartAt"),
        NOT_REACHABLE.format("Pass One", "/States/Pass One"),
    ]
    assert expected == _told({"StartAt": "Not sure", "States": states})


@pytest.mark.parametrize(("definition", "expected"), EXPRESS)
def test_an_express_machine_can_less(definition: dict[str, Any], expected: str) -> None:
    """What a STANDARD machine may have."""
    assert [f"SCHEMA_VALIDATION_FAILED: {expected}"] == _told(definition, express=True)
    assert [] == _told(definition)


@pytest.mark.parametrize("definition", TAKEN)
def test_what_aws_takes_is_taken(definition: dict[str, Any]) -> None:
    """Each feature of the language; nothing that AWS takes may be refused."""
    assert [] == _told(definition)


def test_our_own_definition_is_taken() -> None:
    """With its placeholder filled in."""
    assert [] == _told(MACHINES["ours"].replace("${ImageResizeFunctionArn}", INVOKE))


def test_a_wrong_language_counts_as_jsonata() -> None:
    """It is told beside the fields that JSONata has not; both measured."""
    state = {**END, "QueryLanguage": "foo", "InputPath": "$.a"}
    expected = [
        f"SCHEMA_VALIDATION_FAILED: {_other('JSONata', 'InputPath', 'JSONPath')} at /States/S",
        f"SCHEMA_VALIDATION_FAILED: {LANGUAGES} at /States/S/QueryLanguage",
    ]
    assert expected == _told(_only(state))


def test_expressions_are_parsed_in_states_of_jsonata_alone() -> None:
    """The parser is the caller's; states within have a language of their own."""
    seen: list[str] = []

    def parse(expression: str) -> tuple[str, str] | None:
        seen.append(expression)
        return ("INVALID_JSONATA_EXPRESSION", "no") if "bad" in expression else None

    inner = {"StartAt": "I", "States": {"I": {**END, "Comment": "{% bad %}"}}}
    state = {
        "Type": "Map",
        "QueryLanguage": "JSONata",
        "Items": ["{% good %}"],
        "Output": {"a": "{% bad %}"},
        "ItemProcessor": inner,
        "End": True,
    }
    found = validator.validate(json.dumps(_only(state)), parse=parse)
    assert ["INVALID_JSONATA_EXPRESSION: no at /States/S/Output/a"] == [str(each) for each in found]
    assert [" good ", " bad "] == seen


@pytest.mark.parametrize(
    ("definition", "code", "location"),
    [
        (
            _only({**END, "Parameters": {"a": {"b": "$.b"}}}),
            "NO_DOLLAR",
            "/States/S/Parameters/a/b",
        ),
        (_only({**END, "Result": {"a": "$.a"}}), "PASS_RESULT_IS_STATIC", "/States/S/Result"),
        (
            _choice({"Variable": "$.a", "StringEquals": "$.b", "Next": "E"}),
            "NO_PATH",
            "/States/S/Choices[0]/StringEquals",
        ),
    ],
)
def test_a_text_that_looks_like_a_path_is_warned_of(
    definition: dict[str, Any], code: str, location: str
) -> None:
    """The three warnings of AWS's API reference; they refuse nothing."""
    found = validator.validate(json.dumps(definition))
    assert [("WARNING", code, location)] == [(f.severity.value, f.code, f.location) for f in found]
    assert [] == _told(definition)


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (END | {"Next": "Elsewhere", "End": False}, []),
        ({"Type": "Map", "ItemProcessor": INNER, "Next": "Elsewhere"}, []),
        (
            {"Type": "Parallel", "Branches": [], "End": True},
            ["SCHEMA_VALIDATION_FAILED: Value cannot be empty at /States/StateName/Branches"],
        ),
        (
            {"Type": "Parallel", "Branches": [INNER | {"StartAt": "J"}], "End": True},
            [
                (
                    "MISSING_TRANSITION_TARGET: Missing 'Next' target: J at "
                    "/States/StateName/Branches[0]/StartAt"
                ),
                (
                    'MISSING_TRANSITION_TARGET: State "I" is not reachable. at '
                    "/States/StateName/Branches[0]/States/I"
                ),
            ],
        ),
    ],
)
def test_a_state_alone_is_looked_at_where_testing_has_it(
    state: dict[str, Any], words: list[str]
) -> None:
    """Recorded 2025-12 of TestState; where it leads to is nobody's business."""
    found = validator.errors(validator.validate_state(json.dumps(state)))
    assert words == [str(each) for each in found]
