"""What API Gateway refuses, and how a refusal looks."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import boto3
import botocore.exceptions
import pytest
import requests
from botocore.config import Config

from tests.conftest import Emulator
from tests.integration.parity.conftest import JSON, ROLE, MakeApi, post, template

Mocked = Callable[..., str]


@pytest.fixture
def mocked(emulator: Emulator) -> Iterator[Mocked]:
    """Makes APIs whose GET / answers 200 by a MOCK integration, with a validator of parameters."""
    client = emulator.aws.apigateway
    made: list[str] = []

    def make(parameters: dict[str, bool]) -> str:
        api = client.create_rest_api(name=f"a-{uuid.uuid4().hex[:12]}")
        made.append(api["id"])
        method: dict[str, Any] = {
            "restApiId": api["id"],
            "resourceId": api["rootResourceId"],
            "httpMethod": "GET",
        }
        validator = client.create_request_validator(
            restApiId=api["id"], name="parameters", validateRequestParameters=True
        )
        client.put_method(
            **method,
            authorizationType="NONE",
            requestParameters=parameters,
            requestValidatorId=validator["id"],
        )
        client.put_integration(
            **method, type="MOCK", requestTemplates={JSON: '{"statusCode": 200}'}
        )
        client.put_method_response(**method, statusCode="200")
        client.put_integration_response(**method, statusCode="200")
        client.create_deployment(restApiId=api["id"], stageName="prod")
        return f"{emulator.endpoint}/_aws/execute-api/{api['id']}/prod/"

    yield make
    for api_id in made:
        client.delete_rest_api(restApiId=api_id)


def test_a_refusal_has_the_headers_of_its_gateway_response(
    emulator: Emulator, machine: str, make_api: MakeApi
) -> None:
    """Texts between apostrophes, values of the request and of $context; a browser sees 400 so."""
    url = make_api({JSON: template(machine)}, models=(JSON,))
    api_id = url.split("/")[-3]
    for kind in ("DEFAULT_4XX", "BAD_REQUEST_BODY"):
        emulator.aws.apigateway.put_gateway_response(
            restApiId=api_id,
            responseType=kind,
            responseParameters={
                "gatewayresponse.header.Access-Control-Allow-Origin": "'https://shop.example'",
                "gatewayresponse.header.X-Type": "context.error.responseType",
                "gatewayresponse.header.X-Asked": "method.request.header.X-Ask",
                "gatewayresponse.header.X-None": "method.request.querystring.none",
            },
        )
    emulator.aws.apigateway.create_deployment(restApiId=api_id, stageName="prod")
    asked = {"Content-Type": JSON, "X-Ask": "why"}
    refused = requests.post(url, data="{}", headers=asked, timeout=20)
    assert (400, "https://shop.example", "BAD_REQUEST_BODY", "why", None) == (
        refused.status_code,
        *map(refused.headers.get, ("Access-Control-Allow-Origin", "X-Type", "X-Asked", "X-None")),
    )
    unknown = requests.post(f"{url}none", data="{}", headers=asked, timeout=20)
    assert (403, "https://shop.example") == (
        unknown.status_code,
        unknown.headers["Access-Control-Allow-Origin"],
    )


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity"])
def test_what_is_no_number_of_json_is_refused(machine: str, make_api: MakeApi, number: str) -> None:
    """RFC 8259 has no such numbers, so the body is no JSON."""
    url = make_api({JSON: template(machine)}, models=(JSON,))
    answer = post(url, f'{{"key": {number}}}')
    assert (400, {"message": "Invalid request body"}) == (answer.status_code, answer.json())


@pytest.mark.parametrize(
    ("place", "value", "status"),
    [
        ("header", "a", 200),
        ("header", "", 400),
        ("header", None, 400),
        ("querystring", "a", 200),
        ("querystring", "", 400),
        ("querystring", "  ", 400),
        ("querystring", None, 400),
    ],
)
def test_a_required_parameter_is_not_blank(
    mocked: Mocked, place: str, value: str | None, status: int
) -> None:
    """Parameters must be "included and not blank"."""
    url = mocked({f"method.request.{place}.name": True})
    sent = {} if value is None else {"name": value}
    answer = requests.get(
        url,
        headers=sent if place == "header" else {},
        params=sent if place == "querystring" else {},
        timeout=20,
    )
    assert status == answer.status_code
    if status != 200:
        assert {"message": "Missing required request parameters: [name]"} == answer.json()


def test_a_blank_parameter_that_is_not_required_passes(mocked: Mocked) -> None:
    """Only what is required is looked at."""
    url = mocked({"method.request.querystring.name": False})
    assert 200 == requests.get(url, params={"name": ""}, timeout=20).status_code


@pytest.mark.parametrize(
    ("service", "refused"),
    [
        ("states:action/StartExecution", True),
        ("s3:path/bucket/key", True),
        (
            "lambda:path/2015-03-31/functions/arn:aws:lambda:ca-central-1:0:function:f/invocations",
            False,
        ),
    ],
)
def test_an_aws_integration_needs_a_role(
    emulator: Emulator,
    service: str,
    refused: bool,  # noqa: FBT001 - a table of cases
) -> None:
    """But with Lambda, whose functions have policies."""
    client = emulator.aws.apigateway
    api = client.create_rest_api(name="roles")
    method: dict[str, Any] = {
        "restApiId": api["id"],
        "resourceId": api["rootResourceId"],
        "httpMethod": "POST",
    }
    client.put_method(**method, authorizationType="NONE")
    wanted: dict[str, Any] = {
        **method,
        "type": "AWS",
        "integrationHttpMethod": "POST",
        "uri": f"arn:aws:apigateway:ca-central-1:{service}",
    }
    try:
        if refused:
            with pytest.raises(
                botocore.exceptions.ClientError,
                match=r"BadRequestException.*Role ARN must be specified for AWS integrations",
            ):
                client.put_integration(**wanted)
        else:
            client.put_integration(**wanted)
        assert ROLE == client.put_integration(**wanted, credentials=ROLE)["credentials"]
    finally:
        client.delete_rest_api(restApiId=api["id"])


STATES_URI = "arn:aws:apigateway:ca-central-1:states:action/StartExecution"


def imported(integration: dict[str, Any], **further: Any) -> dict[str, Any]:
    """An OpenAPI document with POST /process and ANY /all, each with that integration."""
    extension = "x-amazon-apigateway-integration"
    return {
        "openapi": "3.0.1",
        "info": {"title": "imported", "version": "1"},
        "paths": {
            "/process": {"post": {extension: integration}},
            "/all": {"x-amazon-apigateway-any-method": {extension: integration}},
        },
        **further,
    }


SERVICE = {"type": "aws", "httpMethod": "POST", "uri": STATES_URI}
SHARED = {
    "components": {"x-amazon-apigateway-integrations": {"start": SERVICE}},
}
REFERENCE = {"$ref": "#/components/x-amazon-apigateway-integrations/start"}
LAMBDA_URI = (
    "arn:aws:apigateway:ca-central-1:lambda:path/2015-03-31/functions/"
    "arn:aws:lambda:ca-central-1:000000000000:function:f/invocations"
)


@pytest.mark.parametrize(
    "document", [imported(SERVICE), imported(REFERENCE, **SHARED)], ids=["written", "referenced"]
)
def test_an_imported_aws_integration_needs_a_role(
    emulator: Emulator, document: dict[str, Any]
) -> None:
    """Each place is named, and nothing of the document stays: neither import nor overwriting."""
    client = emulator.aws.apigateway
    before = [api["id"] for api in client.get_rest_apis()["items"]]
    with pytest.raises(botocore.exceptions.ClientError) as refused:
        client.import_rest_api(body=json.dumps(document).encode())
    error = refused.value.response["Error"]
    why = "Role ARN must be specified for AWS integrations"
    words = (
        "Errors found during import:"
        f"\n\tUnable to put integration on 'POST' for resource at path '/process': {why}"
        f"\n\tUnable to put integration on 'ANY' for resource at path '/all': {why}"
    )
    assert ("BadRequestException", words) == (error["Code"], error["Message"])
    assert before == [api["id"] for api in client.get_rest_apis()["items"]]
    api_id = client.create_rest_api(name="kept")["id"]
    try:
        with pytest.raises(botocore.exceptions.ClientError, match="Errors found during import"):
            client.put_rest_api(
                restApiId=api_id, mode="overwrite", body=json.dumps(document).encode()
            )
        assert ["/"] == [one["path"] for one in client.get_resources(restApiId=api_id)["items"]]
        assert client.get_rest_api(restApiId=api_id)["name"] == "kept"
    finally:
        client.delete_rest_api(restApiId=api_id)


@pytest.mark.parametrize(
    "integration",
    [
        {**SERVICE, "credentials": ROLE},
        {**SERVICE, "uri": LAMBDA_URI},
        {"type": "MOCK"},
        {},
    ],
    ids=["role", "function", "mock", "none"],
)
def test_other_integrations_are_imported_without_one(
    emulator: Emulator, integration: dict[str, Any]
) -> None:
    """A function has a policy of its own, and others need no role."""
    client = emulator.aws.apigateway
    api = client.import_rest_api(body=json.dumps(imported(integration)).encode())
    client.delete_rest_api(restApiId=api["id"])


@pytest.mark.parametrize(
    ("pattern", "selected"), [("4", False), (r"40", False), (r"4\d{2}", True), ("4.+", True)]
)
def test_a_selection_pattern_matches_the_whole(
    emulator: Emulator,
    make_api: MakeApi,
    pattern: str,
    selected: bool,  # noqa: FBT001 - a table of cases
) -> None:
    """As Java's matcher does; here Step Functions answers 400."""
    url = make_api({JSON: json.dumps({"stateMachineArn": "no ARN"})})
    api_id = url.split("/")[-3]
    client = emulator.aws.apigateway
    method: dict[str, Any] = {
        "restApiId": api_id,
        "resourceId": client.get_resources(restApiId=api_id)["items"][0]["id"],
        "httpMethod": "POST",
        "statusCode": "400",
    }
    client.put_integration_response(**method, selectionPattern=pattern)
    client.create_deployment(restApiId=api_id, stageName="prod")
    assert (400 if selected else 200) == post(url, "{}").status_code


def test_http_apis_are_told_to_be_missing_by_name(emulator: Emulator) -> None:
    """The answer names what is not there, and what is."""
    client = boto3.client(
        "apigatewayv2",
        endpoint_url=emulator.endpoint,
        region_name="ca-central-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",
        config=Config(retries={"max_attempts": 0}),
    )
    with pytest.raises(
        botocore.exceptions.ClientError,
        match=r"HTTP APIs .*apigatewayv2.* are not in this emulator; REST APIs .*apigateway.* are",
    ):
        client.create_api(Name="a", ProtocolType="HTTP")
