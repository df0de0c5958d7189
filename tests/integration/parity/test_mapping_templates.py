"""Mapping templates in the emulator: those that people's tools generate, and their parts."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests

from tests.conftest import Emulator
from tests.integration.parity.conftest import JSON, ROLE
from tests.support.velocity_constructs import BODY, CONSTRUCTS

MakeSync = Callable[..., str]
SEPARATOR = " ~ "
# As people map a request: every kind of parameter, by Java's methods of maps.
REQUEST = """#set($params = $input.params())
#set($input_text = "{@@body@@: $input.body, @@header@@: {")
#foreach($name in $params.header.keySet())
#if($name.toLowerCase().startsWith('x-ask'))
#set($value = $util.escapeJavaScript($params.header.get($name)))
#set($input_text = "$input_text @@$name@@: @@$value@@")
#end
#end
#set($input_text = "$input_text}, @@querystring@@: {")
#foreach($name in $params.querystring.keySet())
#set($value = $util.escapeJavaScript($params.querystring.get($name)))
#set($input_text = "$input_text @@$name@@: @@$value@@")
#if($foreach.hasNext)#set($input_text = "$input_text,")#end
#end
#set($input_text = "$input_text}}")
#set($input_text = $input_text.replaceAll("@@", '"'))
{"stateMachineArn": "ARN", "input": "$util.escapeJavaScript($input_text).replaceAll("\\\\'", "'")"}
"""
# As a synchronous execution's end is told: what failed is 500.
RESPONSE = """#set($inputRoot = $input.path('$'))
#if($input.path('$.status').toString().equals("FAILED"))
#set($context.responseOverride.status = 500)
{"error": "$input.path('$.error')", "cause": "$input.path('$.cause')"}
#else
$input.path('$.output')
#end"""


@pytest.fixture
def make_sync(emulator: Emulator) -> Iterator[MakeSync]:
    """Makes APIs whose POST / runs an express state machine to its end; gives the address."""
    client, made = emulator.aws.apigateway, []

    def make(definition: dict[str, Any], request: str, response: str) -> str:
        machine = emulator.aws.stepfunctions.create_state_machine(
            name=f"m-{uuid.uuid4().hex[:12]}",
            definition=json.dumps(definition),
            roleArn=ROLE,
            type="EXPRESS",
        )["stateMachineArn"]
        api = client.create_rest_api(name=f"a-{uuid.uuid4().hex[:12]}")
        made.append(api["id"])
        method: dict[str, Any] = {
            "restApiId": api["id"],
            "resourceId": api["rootResourceId"],
            "httpMethod": "POST",
        }
        client.put_method(**method, authorizationType="NONE")
        client.put_integration(
            **method,
            type="AWS",
            integrationHttpMethod="POST",
            uri="arn:aws:apigateway:ca-central-1:states:action/StartSyncExecution",
            credentials=ROLE,
            passthroughBehavior="NEVER",
            requestTemplates={JSON: request.replace("ARN", machine)},
        )
        client.put_method_response(**method, statusCode="200")
        client.put_integration_response(
            **method, statusCode="200", responseTemplates={JSON: response}
        )
        client.create_deployment(restApiId=api["id"], stageName="prod")
        return f"{emulator.endpoint}/_aws/execute-api/{api['id']}/prod/"

    yield make
    for api_id in made:
        client.delete_rest_api(restApiId=api_id)


PASS = {"StartAt": "Only", "States": {"Only": {"Type": "Pass", "End": True}}}
FAIL = {"StartAt": "Only", "States": {"Only": {"Type": "Fail", "Error": "No", "Cause": "why"}}}


def test_parameters_reach_an_execution_by_the_methods_of_maps(make_sync: MakeSync) -> None:
    """`$input.params().header.keySet()` has every header; values pass unchanged."""
    url = make_sync(PASS, REQUEST, RESPONSE)
    answer = requests.post(
        url,
        data='{"key": "bob\'s"}',
        params={"a": "1", "b": "two words"},
        headers={"Content-Type": JSON, "X-Ask": "why"},
        timeout=20,
    )
    expected = {
        "body": {"key": "bob's"},
        "header": {"X-Ask": "why"},
        "querystring": {"a": "1", "b": "two words"},
    }
    assert (200, expected) == (answer.status_code, answer.json())


def test_a_failed_synchronous_execution_is_told(make_sync: MakeSync) -> None:
    """500 with its error, by `.toString().equals("FAILED")`."""
    answer = requests.post(
        make_sync(FAIL, REQUEST, RESPONSE), data="{}", headers={"Content-Type": JSON}, timeout=20
    )
    assert (500, {"error": "No", "cause": "why"}) == (answer.status_code, answer.json())


def test_every_construct_renders_as_on_aws(make_sync: MakeSync) -> None:
    """All of the table, in one template."""
    constructs = SEPARATOR.join(construct for construct, _ in CONSTRUCTS)
    url = make_sync(
        PASS, REQUEST, f"#set($body = $util.parseJson($input.path('$.output')).body){constructs}"
    )
    answer = requests.post(url, data=BODY, headers={"Content-Type": JSON}, timeout=20)
    assert [f"{construct} -> {shown}" for construct, shown in CONSTRUCTS] == [
        f"{construct} -> {shown}"
        for (construct, _), shown in zip(CONSTRUCTS, answer.text.split(SEPARATOR), strict=True)
    ]


def test_the_body_of_a_form_is_a_text(make_sync: MakeSync) -> None:
    """`$input.path('$')` of what is no JSON can be split; `$input.json('$')` quotes it."""
    request = """{"stateMachineArn": "ARN", "input": "{\\"first\\":
        \\"$input.path('$').split('&').get(0)\\", \\"all\\":
        $util.escapeJavaScript($input.json('$'))}"}""".replace("\n        ", " ")
    answer = requests.post(
        make_sync(PASS, request, RESPONSE),
        data="a=1&b=2",
        headers={"Content-Type": JSON},
        timeout=20,
    )
    assert {"first": "a=1", "all": "a=1&b=2"} == answer.json()


def test_a_reference_that_nothing_is_known_of_is_warned_of(
    emulator: Emulator, make_sync: MakeSync
) -> None:
    """It renders as nothing, as on AWS; the log names it."""
    name = f"typo{uuid.uuid4().hex[:8]}"
    url = make_sync(PASS, REQUEST, f"[${name}]")
    answer = requests.post(url, data="{}", headers={"Content-Type": JSON}, timeout=20)
    log = "".join(
        path.read_text(encoding="utf-8", errors="replace")
        for path in emulator.state_dir.rglob("*.log")
    )
    assert "[]" == answer.text
    assert f"a mapping template has nothing for ${name}" in log
