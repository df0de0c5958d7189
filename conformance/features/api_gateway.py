"""API Gateway's REST APIs: integrations, mapping templates, validators, gateway responses."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from conformance import rest_api
from conformance.check import Check, DiffersError, matches, member, refused, same
from conformance.rest_api import JSON, TO_MOCK

if TYPE_CHECKING:
    import requests

    from conformance.workshop import Workshop

API: Final = "https://docs.aws.amazon.com/apigateway/latest/api"
GUIDE: Final = "https://docs.aws.amazon.com/apigateway/latest/developerguide"
WITH_FUNCTION_S: Final = 60.0
ENDS: Final = {"StartAt": "A", "States": {"A": {"Type": "Pass", "End": True}}}
SCHEMA: Final = json.dumps(
    {
        "$schema": "http://json-schema.org/draft-04/schema#",
        "type": "object",
        "required": ["cup"],
        "properties": {"cup": {"type": "string"}},
    }
)
PROXIED: Final = """
    import json
    def handler(event, context):
        body = {key: event.get(key) for key in ("httpMethod", "path", "body", "isBase64Encoded")}
        body["query"] = event.get("queryStringParameters")
        return {"statusCode": 201, "headers": {"X-Tea": "mint"}, "body": json.dumps(body)}
"""


def _answers(template: str) -> dict[str, dict[str, Any]]:
    return {"200": {"responseTemplates": {JSON: template}}}


def _seen(got: requests.Response) -> tuple[int, Any]:
    try:
        return got.status_code, got.json()
    except ValueError:
        return got.status_code, got.text


def _mock(shop: Workshop) -> None:
    api = rest_api.make(shop, TO_MOCK, _answers('{"tea": "mint"}'))
    same("the answer", (200, {"tea": "mint"}), _seen(api.post("{}")))


def _rendered(shop: Workshop, template: str, body: str) -> tuple[int, Any]:
    """What *template* makes of *body*, as the input of an execution."""
    machine = shop.machine(ENDS)
    start = f'{{"stateMachineArn": "{machine}", "input": "{template}"}}'
    api = rest_api.make(shop, rest_api.to_states(shop, "StartExecution", start), {"200": {}})
    status, answer = _seen(api.post(body))
    if status != 200 or "executionArn" not in answer:  # noqa: PLR2004
        raise DiffersError(f"AWS starts the execution, here the answer is {status} {answer!r}")
    same("the fields", {"executionArn", "startDate"}, set(answer))
    return status, json.loads(shop.ended(answer["executionArn"])["input"])


def _starts(shop: Workshop) -> None:
    found = _rendered(shop, "$util.escapeJavaScript($input.json('$'))", '{"cup": "blue"}')
    same("the execution's input", (200, {"cup": "blue"}), found)


def _apostrophe(shop: Workshop) -> None:
    template = "$util.escapeJavaScript($input.json('$'))"
    machine = shop.machine(ENDS)
    start = f'{{"stateMachineArn": "{machine}", "input": "{template}"}}'
    api = rest_api.make(shop, rest_api.to_states(shop, "StartExecution", start), {"200": {}})
    _, answer = _seen(api.post('{"cup": "bob\'s"}'))
    matches("__type", "SerializationException$", member("the answer", answer, "__type"))


def _template(shop: Workshop) -> None:
    template = (
        "#set($in = $input.path('$'))"
        '{"n": $in.cups.size(), "first": "$in.cups[0].tea", "who": "$input.params(\'who\')", '
        '"all": [#foreach($one in $in.cups)"$one.tea"#if($foreach.hasNext),#end#end], '
        '"stage": "$context.stage", "many": #if($in.cups.size() > 1)true#{else}false#end}'
    )
    api = rest_api.make(shop, TO_MOCK, _answers("$context.httpMethod $context.resourcePath"))
    same("the context", (200, "POST /tea"), _seen(api.post("{}")))
    body = json.dumps({"cups": [{"tea": "mint"}, {"tea": "black"}]})
    escaped = template.replace('"', '\\"')
    found = _rendered(shop, escaped, body)[1]
    expected = {
        "n": 2,
        "first": "mint",
        "who": "",
        "all": ["mint", "black"],
        "stage": "test",
        "many": True,
    }
    same("what is rendered", expected, found)


def _sync(shop: Workshop) -> None:
    definition = {"StartAt": "A", "States": {"A": {"Type": "Pass", "Result": 7, "End": True}}}
    machine = shop.machine(definition, type="EXPRESS")
    start = f'{{"stateMachineArn": "{machine}", "input": "{{}}"}}'
    api = rest_api.make(
        shop,
        rest_api.to_states(shop, "StartSyncExecution", start),
        _answers('{"got": $input.path(\'$.output\'), "status": "$input.path(\'$.status\')"}'),
    )
    same("the answer", (200, {"got": 7, "status": "SUCCEEDED"}), _seen(api.post("{}")))


def _selected(shop: Workshop) -> None:
    wrong = '{"stateMachineArn": "arn:aws:states:ca-central-1:000000000000:stateMachine:none-here"}'
    api = rest_api.make(
        shop,
        rest_api.to_states(shop, "StartExecution", wrong),
        {
            "200": {},
            "400": {
                "selectionPattern": "4\\d{2}",
                "responseTemplates": {JSON: '{"no": "$input.path(\'$.__type\')"}'},
            },
        },
    )
    status, answer = _seen(api.post("{}"))
    same("the status", 400, status)
    matches("the error", "StateMachineDoesNotExist$", member("the answer", answer, "no"))


def _validator(shop: Workshop) -> None:
    api = rest_api.make(shop, TO_MOCK, _answers("{}"), model=SCHEMA)
    expected = (400, {"message": "Invalid request body"})
    for body in ("{}", '{"cup": 1}', "{no", None):
        same(f"the answer to {body}", expected, _seen(api.post(body)))
    same("that to a valid one", 200, api.post('{"cup": "blue"}').status_code)


def _unknown_path(shop: Workshop) -> None:
    api = rest_api.make(shop, TO_MOCK, _answers("{}"))
    api.post("{}")
    got = shop.call(api.id, "coffee", body="{}")
    same("the answer", (403, {"message": "Missing Authentication Token"}), _seen(got))
    got = shop.call(api.id, "tea", method="PUT", body="{}")
    same("another method", (403, {"message": "Missing Authentication Token"}), _seen(got))


def _media_type(shop: Workshop) -> None:
    integration = {**TO_MOCK, "passthroughBehavior": "NEVER"}
    api = rest_api.make(shop, integration, _answers("{}"))
    got = api.post("tea", headers={"Content-Type": "text/tea"})
    same("the answer", (415, {"message": "Unsupported Media Type"}), _seen(got))
    got = api.post("{}", headers={"Content-Type": "application/json; charset=utf-8"})
    same("with a charset", 200, got.status_code)


def _gateway_response(shop: Workshop) -> None:
    api = rest_api.make(
        shop,
        TO_MOCK,
        _answers("{}"),
        model=SCHEMA,
        gateway_responses={
            "BAD_REQUEST_BODY": {
                "statusCode": "422",
                "responseParameters": {"gatewayresponse.header.X-Tea": "'cold'"},
                "responseTemplates": {JSON: '{"why": $context.error.messageString}'},
            }
        },
    )
    got = api.post("{}")
    same("the answer", (422, {"why": "Invalid request body"}), _seen(got))
    same("its header", "cold", got.headers.get("X-Tea"))


def _proxy(shop: Workshop) -> None:
    function = shop.function(PROXIED)
    shop.aws.lambda_.add_permission(
        FunctionName=function,
        StatementId="api",
        Action="lambda:InvokeFunction",
        Principal="apigateway.amazonaws.com",
    )
    path = f"2015-03-31/functions/{function}/invocations"
    integration = {
        "type": "AWS_PROXY",
        "integrationHttpMethod": "POST",
        "uri": f"arn:aws:apigateway:{shop.aws.region}:lambda:path/{path}",
    }
    api = rest_api.make(shop, integration, {})
    got = shop.call(api.id, "tea?cup=blue", body='{"n": 1}')
    expected = {
        "httpMethod": "POST",
        "path": "/tea",
        "body": '{"n": 1}',
        "isBase64Encoded": False,
        "query": {"cup": "blue"},
    }
    same("the answer", (201, expected), _seen(got))
    same("its header", "mint", got.headers.get("X-Tea"))


def _required(shop: Workshop) -> None:
    gateway = shop.aws.apigateway
    api = rest_api.make(shop, TO_MOCK, _answers("{}"), method={"apiKeyRequired": True})
    same("without a key", (403, {"message": "Forbidden"}), _seen(api.post("{}")))
    key = gateway.create_api_key(name=shop.name(), enabled=True)
    shop.afterwards(gateway.delete_api_key, apiKey=key["id"])
    plan = gateway.create_usage_plan(
        name=shop.name(), apiStages=[{"apiId": api.id, "stage": "test"}]
    )
    shop.afterwards(gateway.delete_usage_plan, usagePlanId=plan["id"])
    shop.afterwards(
        gateway.update_usage_plan,
        usagePlanId=plan["id"],
        patchOperations=[{"op": "remove", "path": "/apiStages", "value": f"{api.id}:test"}],
    )
    gateway.create_usage_plan_key(usagePlanId=plan["id"], keyId=key["id"], keyType="API_KEY")
    got = api.post("{}", headers={"Content-Type": JSON, "x-api-key": key["value"]})
    same("with it", 200, got.status_code)


def _headers(shop: Workshop) -> None:
    parameters = {"method.response.header.X-Tea": "'mint'"}
    answers = {
        "200": {
            "responseParameters": parameters,
            "responseTemplates": {JSON: "#set($context.responseOverride.status = 202){}"},
        }
    }
    got = rest_api.make(shop, TO_MOCK, answers).post("{}")
    same("the header", "mint", got.headers.get("X-Tea"))
    same("the status that the template sets", 202, got.status_code)
    matches("x-amzn-RequestId", "^[0-9a-f-]{36}$", got.headers.get("x-amzn-RequestId"))
    matches("x-amz-apigw-id", ".", got.headers.get("x-amz-apigw-id"))


def _role_needed(shop: Workshop) -> None:
    integration = rest_api.to_states(shop, "StartExecution", "{}")
    del integration["credentials"]
    with refused("BadRequestException", status=400):
        rest_api.make(shop, integration, {"200": {}})


def _check(name: str, aws: str, source: str, run: Any, **more: Any) -> Check:
    return Check("API Gateway", name, aws, source, run, **more)


CHECKS: Final = (
    _check("MOCK", "answers with its template", f"{GUIDE}/how-to-mock-integration.html", _mock),
    _check(
        "StartExecution",
        "the integration starts it, and answers executionArn and startDate",
        f"{GUIDE}/api-gateway-integrations.html",
        _starts,
    ),
    _check(
        "StartSyncExecution",
        "the integration runs an Express machine, the template reads its output",
        "https://docs.aws.amazon.com/step-functions/latest/dg/tutorial-api-gateway.html",
        _sync,
    ),
    _check(
        "mapping templates",
        "$input.path, params, #foreach, #if, $context",
        f"{GUIDE}/api-gateway-mapping-template-reference.html",
        _template,
        timeout_s=30.0,
    ),
    _check(
        "apostrophes in $util.escapeJavaScript",
        "become \\', which is no JSON: SerializationException",
        f"{GUIDE}/api-gateway-mapping-template-reference.html#util-template-reference",
        _apostrophe,
    ),
    _check(
        "selection patterns",
        "an error's status chooses the response",
        f"{GUIDE}/api-gateway-integration-settings-integration-response.html",
        _selected,
    ),
    _check(
        "validators",
        "400 Invalid request body for what the model does not allow",
        f"{GUIDE}/api-gateway-method-request-validation.html",
        _validator,
    ),
    _check(
        "unknown path or method",
        "403 Missing Authentication Token",
        f"{GUIDE}/supported-gateway-response-types.html",
        _unknown_path,
    ),
    _check(
        "media types",
        "415 for one without template; a charset does not matter",
        f"{GUIDE}/integration-passthrough-behaviors.html",
        _media_type,
    ),
    _check(
        "gateway responses",
        "status, headers and template of a refusal",
        f"{GUIDE}/customize-gateway-responses.html",
        _gateway_response,
    ),
    _check(
        "Lambda proxy",
        "the function gets the request and gives status, headers and body",
        f"{GUIDE}/set-up-lambda-proxy-integrations.html",
        _proxy,
        timeout_s=WITH_FUNCTION_S,
    ),
    _check(
        "API keys",
        "403 Forbidden without one",
        f"{GUIDE}/api-gateway-setup-api-key-with-console.html",
        _required,
    ),
    _check(
        "headers and overrides",
        "response parameters, $context.responseOverride, request ids",
        f"{GUIDE}/apigateway-override-request-response-parameters.html",
        _headers,
    ),
    _check(
        "integration without a role",
        "400 BadRequestException for an AWS integration",
        f"{API}/API_PutIntegration.html",
        _role_needed,
    ),
)
