"""Who may use a function's URL: everybody whom its policy lets, or callers who sign."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
import requests
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from testbed import names
from tests.integration.iam.conftest import ACCOUNT, People, change_to, document
from tests.support import functions

ECHO = "def handler(e, c): return {'statusCode': 200, 'body': __import__('json').dumps(e)}"
ACTIONS = ("lambda:InvokeFunctionUrl", "lambda:InvokeFunction")


@pytest.fixture
def function(people: People) -> Iterator[str]:
    trust = document({"Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"})
    name = f"f-{uuid.uuid4().hex[:12]}"
    people.aws.lambda_.create_function(
        FunctionName=name,
        Runtime="python3.13",
        Role=people.role(trust=trust),
        Handler="app.handler",
        Code={"ZipFile": functions.zipped(ECHO)},
    )
    functions.until_settled(people.aws, name)
    yield name
    people.aws.lambda_.delete_function(FunctionName=name)


def url(people: People, function: str, kind: Any) -> str:
    made = people.aws.lambda_.create_function_url_config(FunctionName=function, AuthType=kind)
    return made["FunctionUrl"]


def get(address: str, key: Any = None) -> requests.Response:
    """GET it, signed with *key* if there is one."""
    request = AWSRequest("GET", address)
    if key is not None:
        given = Credentials(key["AccessKeyId"], key["SecretAccessKey"], key.get("SessionToken"))
        SigV4Auth(given, "lambda", names.REGION).add_auth(request)
    return requests.get(address, headers=dict(request.headers.items()), timeout=20)


def test_everybody_needs_to_be_let_in_by_the_function(people: People, function: str) -> None:
    """AuthType NONE says only that nobody has to sign."""
    address = url(people, function, "NONE")
    refused = get(address)
    assert (403, "Forbidden.") == (refused.status_code, refused.json()["Message"].split(" ")[0])
    for action in ACTIONS:
        more: Any = {"FunctionUrlAuthType": "NONE"} if action.endswith("Url") else {}
        people.aws.lambda_.add_permission(
            FunctionName=function,
            StatementId=action.partition(":")[2],
            Action=action,
            Principal="*",
            **more,
        )
    answer = get(address)
    assert 200 == answer.status_code, answer.text
    assert "anonymous" == answer.json()["requestContext"]["accountId"]


def test_a_caller_signs_and_is_told_to_the_function(people: People, function: str) -> None:
    """With AWS_IAM: who may is let in, who may not, or does not sign, is not."""
    address = url(people, function, "AWS_IAM")
    assert 403 == get(address).status_code
    for actions, status in ((ACTIONS[:1], 403), (ACTIONS, 200)):
        name, _ = people.user({"Action": list(actions), "Resource": "*"})
        key = people.aws.iam.create_access_key(UserName=name)["AccessKey"]
        answer = get(address, key)
        assert status == answer.status_code, answer.text
    told = answer.json()["requestContext"]
    assert (ACCOUNT, f"arn:aws:iam::{ACCOUNT}:user/{name}", key["AccessKeyId"]) == (
        told["accountId"],
        told["authorizer"]["iam"]["userArn"],
        told["authorizer"]["iam"]["accessKey"],
    )


def test_a_warning_lets_everybody_in(people: People, function: str) -> None:
    """The default: what AWS would refuse is in the log and in the report."""
    address = url(people, function, "AWS_IAM")
    change_to(people.endpoint, "warn")
    try:
        assert 200 == get(address).status_code
    finally:
        change_to(people.endpoint, "enforce")
    told = requests.get(f"{people.endpoint}/_localstack/standalone/iam", timeout=20).json()
    assert "lambda:InvokeFunctionUrl" in json.dumps(told)
