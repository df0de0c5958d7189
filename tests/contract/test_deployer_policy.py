"""The policy in docs/aws.md allows each call that the code makes to AWS, and nothing beside."""

from __future__ import annotations

import ast
import json
import re
from typing import Any, Final

import pytest

from infra import stack
from testbed.aws import Aws
from testbed.settings import ROOT

# Where an action has another name than the operation, or needs others too (Service Authorization
# Reference; for PassRole, each service's "permissions to pass a role").
ACTIONS: Final = {
    "s3:HeadBucket": ("s3:ListBucket",),
    "s3:CreateBucket": ("s3:CreateBucket", "s3:TagResource"),
    "s3:GetPublicAccessBlock": ("s3:GetBucketPublicAccessBlock",),
    "s3:PutPublicAccessBlock": ("s3:PutBucketPublicAccessBlock",),
    "s3:ListObjectVersions": ("s3:ListBucketVersions",),
    "s3:DeleteObjects": ("s3:DeleteObject", "s3:DeleteObjectVersion"),
    "iam:CreateRole": ("iam:CreateRole", "iam:TagRole", "iam:PassRole"),
    # GetFunction tells the tags to whom may list them.
    "lambda:GetFunction": ("lambda:GetFunction", "lambda:ListTags"),
    "lambda:CreateFunction": ("lambda:CreateFunction", "lambda:TagResource"),
    "states:CreateStateMachine": ("states:CreateStateMachine", "states:TagResource"),
    "logs:CreateLogGroup": ("logs:CreateLogGroup", "logs:TagResource"),
    "tagging:GetResources": ("tag:GetResources",),
    "sts:GetCallerIdentity": (),  # needs none
}
# For an image on its way and for looking at it: `make process` and `trace`, the console, the tests.
USED: Final = {
    *("s3:PutObject", "s3:GetObject"),
    *("states:ListExecutions", "states:DescribeExecution", "states:GetExecutionHistory"),
    "states:RedriveExecution",
    "logs:FilterLogEvents",
}
AWS: Final = Aws(endpoint="http://127.0.0.1:9")
SERVICES: Final = {each.service for each in stack.RESOURCES} | {"sts", "resourcegroupstaggingapi"}
CLIENTS: Final[dict[str, Any]] = {service: AWS.client(service) for service in sorted(SERVICES)}
SOURCES: Final = [
    *sorted((ROOT / "infra").rglob("*.py")),
    ROOT / "scripts" / "on_aws.py",
]


def called(text: str) -> set[str]:
    """The names of all methods that are called, and of what is paginated."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            found.add(node.func.attr)
            if node.func.attr == "get_paginator" and isinstance(node.args[0], ast.Constant):
                found.add(str(node.args[0].value))
    return found


def asked(text: str) -> set[str]:
    """The actions that the module *text* takes; a kind of resource talks to its own service."""
    own = re.search(r'service: ClassVar = "(\w+)"', text)
    names = called(text)
    return {
        action
        for service, client in CLIENTS.items()
        if own is None or own[1] == service
        for method, operation in client.meta.method_to_api_mapping.items()
        if method in names
        for action in needed(client, operation)
    }


def needed(client: Any, operation: str) -> tuple[str, ...]:
    model = client.meta.service_model
    service = model.signing_name
    if service == "apigateway":
        return (f"apigateway:{model.operation_model(operation).http['method']}",)
    return ACTIONS.get(f"{service}:{operation}", (f"{service}:{operation}",))


def allowed() -> set[str]:
    text = (ROOT / "docs" / "aws.md").read_text(encoding="utf-8")
    policy = re.search(r"```json\n(\{.*?\n\})\n```", text, re.DOTALL)
    assert policy, "docs/aws.md has no policy"
    statements = json.loads(policy[1])["Statement"]
    return {action for statement in statements for action in statement["Action"]}


@pytest.fixture(scope="module")
def wanted() -> set[str]:
    return set().union(*(asked(source.read_text(encoding="utf-8")) for source in SOURCES))


def test_every_call_is_allowed(wanted: set[str]) -> None:
    """Those of updates too, which a first deployment does not make."""
    assert "lambda:UpdateFunctionCode" in wanted
    assert set() == wanted - allowed()


def test_nothing_else_is(wanted: set[str]) -> None:
    """But for what using the pipeline takes."""
    assert allowed() == wanted | USED
