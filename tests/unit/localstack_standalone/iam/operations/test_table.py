"""What operations need, each by the Service Authorization Reference's page of its service."""

from __future__ import annotations

from typing import Any

import pytest

from localstack_standalone.iam.operations import table
from localstack_standalone.iam.operations.call import NeededAccess, OperationCall, Place

PLACE = Place("111122223333", "ca-central-1")
ROLE = "arn:aws:iam::111122223333:role/tea"


def needed(service: str, operation: str, parameters: dict[str, Any], **more: Any) -> Any:
    return table.needed(OperationCall(service, operation, parameters, PLACE, **more))


def plain(service: str, operation: str, parameters: dict[str, Any], **more: Any) -> Any:
    """Actions and resources alone."""
    found = needed(service, operation, parameters, **more)
    return None if found is None else [(each.action, each.resource) for each in found]


STATES = "arn:aws:states:ca-central-1:111122223333"
MACHINE = f"{STATES}:stateMachine:tea"


@pytest.mark.parametrize(
    ("operation", "parameters", "expected"),
    [
        ("StartExecution", {"stateMachineArn": MACHINE}, [("states:StartExecution", MACHINE)]),
        (
            "DescribeExecution",
            {"executionArn": f"{STATES}:execution:tea:1"},
            [("states:DescribeExecution", f"{STATES}:execution:tea:1")],
        ),
        (
            "CreateStateMachine",
            {"name": "tea", "roleArn": ROLE},
            [("states:CreateStateMachine", MACHINE), ("iam:PassRole", ROLE)],
        ),
        (
            "UpdateStateMachine",
            {"stateMachineArn": MACHINE, "roleArn": ROLE},
            [("states:UpdateStateMachine", MACHINE), ("iam:PassRole", ROLE)],
        ),
        (
            "UpdateStateMachine",
            {"stateMachineArn": MACHINE},
            [("states:UpdateStateMachine", MACHINE)],
        ),
        ("ListStateMachines", {}, [("states:ListStateMachines", f"{STATES}:stateMachine:*")]),
        ("ListActivities", {}, [("states:ListActivities", f"{STATES}:activity:*")]),
        ("CreateActivity", {"name": "a"}, [("states:CreateActivity", f"{STATES}:activity:a")]),
        (
            "TestState",
            {"roleArn": ROLE},
            [("states:TestState", "*"), ("iam:PassRole", ROLE)],
        ),
        ("SendTaskSuccess", {"taskToken": "x"}, None),
    ],
)
def test_step_functions(operation: str, parameters: dict[str, Any], expected: Any) -> None:
    """The machine, the execution, or the role that is passed."""
    assert expected == plain("stepfunctions", operation, parameters)


def test_a_qualifier_of_a_machine_is_a_condition_and_no_part_of_its_arn() -> None:
    """Step Functions Developer Guide, "Authorizing users to invoke a version or alias"."""
    (found,) = needed("stepfunctions", "StartExecution", {"stateMachineArn": f"{MACHINE}:PROD"})
    qualified = {"states:StateMachineQualifier": "PROD"}
    assert NeededAccess("states:StartExecution", MACHINE, qualified) == found


def test_a_passed_role_says_to_whom() -> None:
    """``iam:PassedToService``."""
    _, passed = needed("stepfunctions", "CreateStateMachine", {"name": "tea", "roleArn": ROLE})
    assert {"iam:PassedToService": "states.amazonaws.com"} == passed.context


FUNCTION = "arn:aws:lambda:ca-central-1:111122223333:function:tea"


@pytest.mark.parametrize(
    "named",
    ["tea", FUNCTION, "111122223333:function:tea", "function:tea"],
)
def test_a_function_is_the_same_however_it_is_named(named: str) -> None:
    """By its name, its ARN or a part of that."""
    assert [("lambda:InvokeFunction", FUNCTION)] == plain(
        "lambda", "Invoke", {"FunctionName": named}
    )


@pytest.mark.parametrize(
    ("operation", "parameters", "expected"),
    [
        (
            "Invoke",
            {"FunctionName": "tea", "Qualifier": "live"},
            [("lambda:InvokeFunction", f"{FUNCTION}:live")],
        ),
        ("Invoke", {"FunctionName": "tea:live"}, [("lambda:InvokeFunction", f"{FUNCTION}:live")]),
        (
            "CreateFunction",
            {"FunctionName": "tea", "Role": ROLE},
            [("lambda:CreateFunction", FUNCTION), ("iam:PassRole", ROLE)],
        ),
        ("ListFunctions", {}, [("lambda:ListFunctions", "*")]),
        ("ListTags", {"Resource": FUNCTION}, [("lambda:ListTags", FUNCTION)]),
        (
            "GetEventSourceMapping",
            {"UUID": "1"},
            [
                (
                    "lambda:GetEventSourceMapping",
                    "arn:aws:lambda:ca-central-1:111122223333:event-source-mapping:1",
                )
            ],
        ),
        ("PublishLayerVersion", {"LayerName": "l"}, None),
    ],
)
def test_lambda(operation: str, parameters: dict[str, Any], expected: Any) -> None:
    """A qualifier is part of the ARN."""
    assert expected == plain("lambda", operation, parameters)


def test_tags_of_a_new_function_are_conditions() -> None:
    """And need an action of their own."""
    made, tagged = needed("lambda", "CreateFunction", {"FunctionName": "tea", "Tags": {"a": "b"}})
    assert {"aws:TagKeys": ("a",), "aws:RequestTag/a": "b"} == made.context == tagged.context
    assert "lambda:TagResource" == tagged.action


GROUP = "arn:aws:logs:ca-central-1:111122223333:log-group:/tea"


@pytest.mark.parametrize(
    ("operation", "parameters", "expected"),
    [
        (
            "PutLogEvents",
            {"logGroupName": "/tea", "logStreamName": "s"},
            [("logs:PutLogEvents", f"{GROUP}:log-stream:s")],
        ),
        (
            "CreateLogStream",
            {"logGroupName": "/tea", "logStreamName": "s"},
            [("logs:CreateLogStream", f"{GROUP}:log-stream:s")],
        ),
        (
            "FilterLogEvents",
            {"logGroupName": "/tea"},
            [("logs:FilterLogEvents", f"{GROUP}:log-stream:")],
        ),
        (
            "FilterLogEvents",
            {"logGroupIdentifier": f"{GROUP}:*"},
            [("logs:FilterLogEvents", f"{GROUP}:log-stream:")],
        ),
        (
            "DescribeLogGroups",
            {},
            [
                (
                    "logs:DescribeLogGroups",
                    "arn:aws:logs:ca-central-1:111122223333:log-group::log-stream:",
                )
            ],
        ),
        ("ListTagsForResource", {"resourceArn": GROUP}, [("logs:ListTagsForResource", GROUP)]),
        (
            "CreateLogGroup",
            {"logGroupName": "/tea", "tags": {"a": "b"}},
            [("logs:CreateLogGroup", f"{GROUP}:log-stream:"), ("logs:TagResource", GROUP)],
        ),
        ("StartQuery", {"queryString": "x"}, None),
    ],
)
def test_cloudwatch_logs(operation: str, parameters: dict[str, Any], expected: Any) -> None:
    """A group's ARN goes on with its streams, but where tags are meant."""
    assert expected == plain("logs", operation, parameters)


API = "arn:aws:apigateway:ca-central-1::/restapis"


@pytest.mark.parametrize(
    ("operation", "method", "path", "parameters", "expected"),
    [
        ("GetRestApis", "GET", "/restapis", {}, [("apigateway:GET", API)]),
        ("CreateRestApi", "POST", "/restapis/", {}, [("apigateway:POST", API)]),
        (
            "PutIntegration",
            "PUT",
            "/restapis/1/resources/2/methods/POST/integration",
            {"credentials": ROLE},
            [
                ("apigateway:PUT", f"{API}/1/resources/2/methods/POST/integration"),
                ("iam:PassRole", ROLE),
            ],
        ),
        (
            "PutIntegration",
            "PUT",
            "/restapis/1",
            {"credentials": "arn:aws:iam::*:user/*"},
            [("apigateway:PUT", f"{API}/1")],
        ),
        ("GetRestApis", "", "", {}, None),
    ],
)
def test_api_gateway(
    operation: str, method: str, path: str, parameters: dict[str, Any], expected: Any
) -> None:
    """The method of HTTP on a path."""
    assert expected == plain("apigateway", operation, parameters, method=method, path=path)


IAM = "arn:aws:iam::111122223333"
POLICY = f"{IAM}:policy/p"


@pytest.mark.parametrize(
    ("operation", "parameters", "expected"),
    [
        ("GetRole", {"RoleName": "tea"}, [("iam:GetRole", f"{IAM}:role/path/tea")]),
        ("GetUser", {"UserName": "me"}, [("iam:GetUser", f"{IAM}:user/me")]),
        (
            "CreateRole",
            {"RoleName": "tea", "Path": "/x/", "Tags": [{"Key": "a", "Value": "b"}]},
            [("iam:CreateRole", f"{IAM}:role/x/tea"), ("iam:TagRole", f"{IAM}:role/x/tea")],
        ),
        ("CreatePolicy", {"PolicyName": "p"}, [("iam:CreatePolicy", POLICY)]),
        ("GetPolicy", {"PolicyArn": POLICY}, [("iam:GetPolicy", POLICY)]),
        ("ListRoles", {}, [("iam:ListRoles", f"{IAM}:role/")]),
        ("GetAccountSummary", {}, [("iam:GetAccountSummary", "*")]),
    ],
)
def test_iam(operation: str, parameters: dict[str, Any], expected: Any) -> None:
    """What is there has a path that a call does not name."""

    def arn_of(kind: str, name: str) -> str | None:
        return f"{IAM}:role/path/tea" if (kind, name) == ("role", "tea") else None

    assert expected == plain("iam", operation, parameters, arn_of=arn_of)


def test_conditions_of_iam() -> None:
    """Which policy is attached, and which boundary is set."""
    (attached,) = needed("iam", "AttachRolePolicy", {"RoleName": "tea", "PolicyArn": POLICY})
    assert {"iam:PolicyARN": POLICY} == attached.context
    (made,) = needed("iam", "CreateRole", {"RoleName": "t", "PermissionsBoundary": POLICY})
    assert {"iam:PermissionsBoundary": POLICY} == made.context


def test_sts() -> None:
    """AssumeRole on the role; who one is, anybody may ask."""
    assert () == needed("sts", "GetCallerIdentity", {})
    given = {"RoleArn": ROLE, "RoleSessionName": "s", "ExternalId": "e", "Tags": [{"Key": "a"}]}
    found = needed("sts", "AssumeRole", given)
    assert [("sts:AssumeRole", ROLE), ("sts:TagSession", ROLE)] == [
        (each.action, each.resource) for each in found
    ]
    assert ("e", "s") == (
        found[0].context["sts:ExternalId"],
        found[0].context["sts:RoleSessionName"],
    )
    federated = plain("sts", "GetFederationToken", {"Name": "n"})
    arn = "arn:aws:sts::111122223333:federated-user/n"
    assert [("sts:GetFederationToken", arn)] == federated
    assert needed("sts", "AssumeRoleWithSAML", {}) is None


EVENTS = "arn:aws:events:ca-central-1:111122223333"


@pytest.mark.parametrize(
    ("service", "operation", "parameters", "expected"),
    [
        (
            "events",
            "PutEvents",
            {"Entries": [{}, {"EventBusName": "tea"}, {}]},
            [
                ("events:PutEvents", f"{EVENTS}:event-bus/default"),
                ("events:PutEvents", f"{EVENTS}:event-bus/tea"),
            ],
        ),
        ("events", "PutRule", {"Name": "r"}, [("events:PutRule", f"{EVENTS}:rule/r")]),
        (
            "events",
            "PutTargets",
            {"Rule": "r", "EventBusName": "tea"},
            [("events:PutTargets", f"{EVENTS}:rule/tea/r")],
        ),
        ("events", "CreateConnection", {"Name": "c"}, None),
        ("cloudwatch", "PutMetricData", {"Namespace": "n"}, [("cloudwatch:PutMetricData", "*")]),
        ("cloudwatch", "PutDashboard", {}, None),
        ("resourcegroupstaggingapi", "GetResources", {}, [("tag:GetResources", "*")]),
        ("dynamodb", "GetItem", {}, None),
    ],
)
def test_others(service: str, operation: str, parameters: dict[str, Any], expected: Any) -> None:
    """What the pipeline needs of them; nothing is known of the rest."""
    assert expected == plain(service, operation, parameters)
