from __future__ import annotations

import json

import pytest

from tests.conftest import Emulator
from tests.integration.parity.conftest import JSON, Machines, MakeApi, post, template

SERIALIZATION = "com.amazon.coral.service#SerializationException"


def test_an_escaped_apostrophe_is_no_json(machine: str, make_api: MakeApi) -> None:
    r"""`$util.escapeJavaScript` writes `'` as `\'`, so that the rendered JSON cannot be read."""
    answer = post(make_api({JSON: template(machine, cured=False)}), '{"key": "bob\'s.png"}')
    assert (400, {"__type": SERIALIZATION}) == (answer.status_code, answer.json())


@pytest.mark.parametrize(
    "body", ["""{"key": "bob's.png"}""", r"""{"key": "'\"'\\'\/\u0027é\n'"}"""]
)
def test_turning_apostrophes_back_gives_the_body_unchanged(
    machines: Machines, machine: str, make_api: MakeApi, body: str
) -> None:
    r"""`.replaceAll("\\'","'")` behind it is AWS's own advice, and nothing else changes."""
    answer = post(make_api({JSON: template(machine)}), body)
    assert 200 == answer.status_code
    found = machines.ended(answer.json()["executionArn"])
    assert json.loads(body) == json.loads(found["input"])


@pytest.mark.parametrize(
    "content_type",
    [None, "", JSON, f"{JSON}; charset=utf-8", f"{JSON};charset=UTF-8", f"{JSON} ; a=b; c=d"],
)
def test_a_media_type_with_parameters_has_the_same_template(
    machine: str, make_api: MakeApi, content_type: str | None
) -> None:
    """Parameters select nothing, and no Content-Type is application/json."""
    answer = post(make_api({JSON: template(machine)}), '{"key": "a"}', content_type)
    assert (200, {"executionArn", "startDate"}) == (answer.status_code, set(answer.json()))


@pytest.mark.parametrize("passthrough", ["NEVER", "WHEN_NO_TEMPLATES"])
@pytest.mark.parametrize("content_type", ["text/plain", "text/plain; charset=utf-8", "image/png"])
def test_a_media_type_without_template_is_refused(
    machine: str, make_api: MakeApi, passthrough: str, content_type: str
) -> None:
    """415, where there is a template for another type and passthrough is not the default."""
    url = make_api({JSON: template(machine)}, passthrough=passthrough)
    answer = post(url, '{"key": "a"}', content_type)
    expected = (415, {"message": "Unsupported Media Type"})
    assert expected == (answer.status_code, answer.json())


@pytest.mark.parametrize(
    ("content_type", "status"), [(JSON, 400), (f"{JSON}; charset=utf-8", 400), ("text/plain", 415)]
)
def test_a_body_is_checked_by_the_model_of_its_media_type(
    machine: str, make_api: MakeApi, content_type: str, status: int
) -> None:
    """A type without a model is not validated; here it then has no template either."""
    url = make_api({JSON: template(machine)}, models=(JSON,))
    assert status == post(url, "no JSON", content_type).status_code


def test_a_default_model_checks_every_media_type(machine: str, make_api: MakeApi) -> None:
    """$default is the model of the types that have none."""
    url = make_api({JSON: template(machine)}, models=("$default",))
    answer = post(url, "{}", "text/plain")
    assert (400, {"message": "Invalid request body"}) == (answer.status_code, answer.json())


def test_a_refusal_has_the_body_of_its_gateway_response(
    emulator: Emulator, machine: str, make_api: MakeApi
) -> None:
    """Variables of $context are filled in; messageString brings its quotes."""
    url = make_api({JSON: template(machine)}, models=(JSON,))
    api_id = url.split("/")[-3]
    emulator.aws.apigateway.put_gateway_response(
        restApiId=api_id,
        responseType="BAD_REQUEST_BODY",
        statusCode="422",
        responseTemplates={
            JSON: '{"why": $context.error.messageString, "type": "$context.error.responseType", '
            '"api": "$context.apiId", "none": "$context.nothing.here"}'
        },
    )
    emulator.aws.apigateway.create_deployment(restApiId=api_id, stageName="prod")
    expected = {
        "why": "Invalid request body",
        "type": "BAD_REQUEST_BODY",
        "api": api_id,
        "none": "",
    }
    answer = post(url, "{}")
    assert (422, expected) == (answer.status_code, answer.json())


def test_a_body_over_10_mb_is_refused(machine: str, make_api: MakeApi) -> None:
    """413 in plain text; 10,485,760 bytes themselves are let through, to other limits."""
    url = make_api({JSON: template(machine)}, models=(JSON,))
    answer = post(url, b" " * 10_485_761)
    assert 413 == answer.status_code
    assert "HTTP content length exceeded 10485760 bytes." == answer.text
    assert answer.headers["Content-Type"].startswith("text/plain")
    assert 400 == post(url, b" " * 10_485_760).status_code


@pytest.mark.parametrize(
    ("rendered", "message"),
    [
        ("not JSON", None),
        ('{"stateMachineArn": ', None),
        ('"text"', None),
        ("[1]", "Start of list found where not expected"),
        (
            '{"stateMachineArn": "ARN", "input": {"key": "a"}}',
            "Start of structure or map found where not expected.",
        ),
        (
            '{"stateMachineArn": "ARN", "input": 5}',
            "NUMBER_VALUE can not be converted to a String",
        ),
        (
            '{"stateMachineArn": "ARN", "input": true}',
            "TRUE_VALUE can not be converted to a String",
        ),
    ],
)
def test_a_request_that_cannot_be_read_is_a_serialization_exception(
    machine: str, make_api: MakeApi, rendered: str, message: str | None
) -> None:
    """Step Functions answers 400, which the integration responses select by their pattern."""
    answer = post(make_api({JSON: rendered.replace("ARN", machine)}), "{}")
    body = answer.json()
    assert (400, SERIALIZATION) == (answer.status_code, body["__type"])
    assert message == body.get("message", body.get("Message"))


def test_a_body_without_template_reaches_step_functions_as_it_is(make_api: MakeApi) -> None:
    """Passed through by default, the client's body is the request: here one without an ARN."""
    answer = post(make_api({}, passthrough="WHEN_NO_MATCH"), '{"key": "a"}')
    expected = {
        "__type": "com.amazon.coral.validate#ValidationException",
        "message": "1 validation error detected: Value null at 'stateMachineArn' failed to "
        "satisfy constraint: Member must not be null",
    }
    assert (400, expected) == (answer.status_code, answer.json())


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [('{"key": "a"}', JSON, 200), ("{}", JSON, 400), ("x", "text/plain", 415), (None, JSON, 413)],
)
def test_every_answer_names_its_request(
    machine: str, make_api: MakeApi, body: str | None, content_type: str, status: int
) -> None:
    """x-amzn-RequestId and x-amz-apigw-id are on successes and refusals alike."""
    url = make_api({JSON: template(machine)}, models=(JSON,))
    answer = post(url, " " * 10_485_761 if body is None else body, content_type)
    assert status == answer.status_code
    assert answer.headers["x-amzn-RequestId"]
    assert answer.headers["x-amz-apigw-id"].endswith("=")


def test_an_unknown_path_names_its_request_too(machine: str, make_api: MakeApi) -> None:
    """403 "Missing Authentication Token" carries both ids."""
    answer = post(make_api({JSON: template(machine)}) + "more", "{}")
    assert (403, {"message": "Missing Authentication Token"}) == (
        answer.status_code,
        answer.json(),
    )
    assert answer.headers["x-amzn-RequestId"]
    assert answer.headers["x-amz-apigw-id"]


def test_the_start_date_has_milliseconds(machine: str, make_api: MakeApi) -> None:
    """Seconds since the epoch with three decimals at most."""
    url = make_api({JSON: template(machine)})
    dates = [post(url, '{"key": "a"}').json()["startDate"] for _ in range(3)]
    assert dates == [round(date, 3) for date in dates]
