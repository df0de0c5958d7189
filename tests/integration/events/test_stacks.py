"""Stacks of CloudFormation: SAM's transform, what a template makes, custom resources."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
import requests

from testbed import waiting
from tests.integration.events.conftest import PATIENCE_S, Events

FUNCTION = """
def handler(event, context):
    return {"statusCode": 200, "body": "tea"}
"""
CUSTOM = """
import json, urllib.request

def handler(event, context):
    given = event["ResourceProperties"]
    if given["Tea"] == "raises":
        raise ValueError("no tea")
    answer = {
        "Status": "FAILED" if given["Tea"] == "none" else "SUCCESS",
        "Reason": "there is none",
        "PhysicalResourceId": f"tea-{given['Tea']}",
        "Data": {"Cup": f"{event['RequestType']} {given['Tea']} {given['Hot']} {given['Cups']}"},
        **{name: event[name] for name in ("StackId", "RequestId", "LogicalResourceId")},
    }
    url = event["ResponseURL"]
    request = urllib.request.Request(url, json.dumps(answer).encode(), method="PUT")
    urllib.request.urlopen(request).close()
"""
SERVERLESS = {
    "Transform": "AWS::Serverless-2016-10-31",
    "Resources": {
        "Tea": {
            "Type": "AWS::Serverless::Function",
            "Properties": {
                "Runtime": "python3.13",
                "Handler": "index.handler",
                "InlineCode": FUNCTION,
                "FunctionUrlConfig": {"AuthType": "NONE"},
            },
        }
    },
    "Outputs": {"Url": {"Value": {"Fn::GetAtt": ["TeaUrl", "FunctionUrl"]}}},
}
ROLE = {
    "Type": "AWS::IAM::Role",
    "Properties": {
        "AssumeRolePolicyDocument": {
            "Statement": [
                {
                    "Effect": "Allow",
                    "Principal": {"Service": "lambda.amazonaws.com"},
                    "Action": "sts:AssumeRole",
                }
            ]
        }
    },
}


class Stacks:
    """Makes stacks, waits for them, and removes them in the end."""

    def __init__(self, events: Events) -> None:
        self.client = events.client("cloudformation")
        self.names: list[str] = []

    def make(self, template: Any, name: str = "") -> Any:
        """The stack as it is described when it has come to an end."""
        body = {"TemplateBody": json.dumps(template), "Capabilities": CAPABILITIES}
        if name:
            self.client.update_stack(StackName=name, **body)
        else:
            name = f"s-{uuid.uuid4().hex[:12]}"
            self.client.create_stack(StackName=name, **body)
            self.names.append(name)
        return self.ended(name)

    def ended(self, name: str) -> Any:
        def probe() -> tuple[Any, str]:
            [found] = self.client.describe_stacks(StackName=name)["Stacks"]
            status = found["StackStatus"]
            return (None if status.endswith("IN_PROGRESS") else found), status

        return waiting.until(probe, f"the end of {name}", timeout_s=PATIENCE_S)

    def delete(self, name: str) -> None:
        [found] = self.client.describe_stacks(StackName=name)["Stacks"]
        self.client.delete_stack(StackName=name)
        deleted = self.ended(found["StackId"])
        assert "DELETE_COMPLETE" == deleted["StackStatus"], deleted
        self.names.remove(name)


CAPABILITIES = ["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"]


@pytest.fixture
def stacks(events: Events) -> Iterator[Stacks]:
    made = Stacks(events)
    yield made
    for name in [*made.names]:
        made.delete(name)


def outputs(stack: Any) -> dict[str, str]:
    return {each["OutputKey"]: each["OutputValue"] for each in stack.get("Outputs", [])}


def test_a_template_of_sam_gives_a_url_that_can_be_called(events: Events, stacks: Stacks) -> None:
    """What the stack tells is what CreateFunctionUrlConfig does."""
    made = stacks.make(SERVERLESS)
    assert "CREATE_COMPLETE" == made["StackStatus"], made
    url = outputs(made)["Url"]
    assert url.startswith(f"{events.endpoint}/_aws/lambda-url/")
    assert b"tea" == requests.get(url, timeout=20).content


def custom(tea: str) -> dict[str, Any]:
    """A template with one custom resource."""
    return {
        "Resources": {
            "Role": ROLE,
            "Maker": {
                "Type": "AWS::Lambda::Function",
                "Properties": {
                    "Runtime": "python3.13",
                    "Handler": "index.handler",
                    "Code": {"ZipFile": CUSTOM},
                    "Role": {"Fn::GetAtt": ["Role", "Arn"]},
                },
            },
            "Tea": {
                "Type": "Custom::Tea",
                "Properties": {
                    "ServiceToken": {"Fn::GetAtt": ["Maker", "Arn"]},
                    "Tea": tea,
                    "Hot": True,
                    "Cups": 2,
                },
            },
        },
        "Outputs": {
            "Id": {"Value": {"Ref": "Tea"}},
            "Cup": {"Value": {"Fn::GetAtt": ["Tea", "Cup"]}},
        },
    }


def test_a_custom_resource_is_what_its_function_says(stacks: Stacks) -> None:
    """Its id, its attributes, with properties as texts; it is told of changes too."""
    made = stacks.make(custom("green"))
    assert "CREATE_COMPLETE" == made["StackStatus"], made
    assert {"Id": "tea-green", "Cup": "Create green true 2"} == outputs(made)
    changed = stacks.make(custom("black"), made["StackName"])
    assert {"Id": "tea-black", "Cup": "Update black true 2"} == outputs(changed)
    stacks.delete(made["StackName"])


@pytest.mark.parametrize(("tea", "why"), [("none", "there is none"), ("raises", "no tea")])
def test_a_custom_resource_that_fails_fails_its_stack(stacks: Stacks, tea: str, why: str) -> None:
    """With the function's reason, or its error."""
    made = stacks.make(custom(tea))
    assert made["StackStatus"] in ("CREATE_FAILED", "ROLLBACK_COMPLETE")
    told = stacks.client.describe_stack_events(StackName=made["StackName"])["StackEvents"]
    assert any(why in each.get("ResourceStatusReason", "") for each in told), told
