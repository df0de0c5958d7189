"""Samples behind API Gateway, or behind an address of their own."""

from __future__ import annotations

import io
import json
import uuid
from typing import Any

import pytest
import requests
from PIL import Image

from tests.samples.conftest import REGION, WAIT_S, Cloud
from tests.support import functions

pytestmark = pytest.mark.timeout(600)  # packages are fetched the first time


def arn_of(cloud: Cloud, function: str) -> str:
    found = cloud.aws.lambda_.get_function_configuration(FunctionName=function)
    return found["FunctionArn"]


def uri(cloud: Cloud, function: str) -> str:
    """How API Gateway names a function."""
    invoked = (
        f"arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/{arn_of(cloud, function)}"
    )
    return f"{invoked}/invocations"


def proxy(cloud: Cloud, function: str, *, authorizer: str | None = None, **settings: Any) -> str:
    """The address of a REST API whose every request goes to *function*."""
    gateway = cloud.aws.apigateway
    api = gateway.create_rest_api(name=uuid.uuid4().hex, **settings)["id"]
    root = gateway.get_resources(restApiId=api)["items"][0]["id"]
    rest = gateway.create_resource(restApiId=api, parentId=root, pathPart="{proxy+}")["id"]
    checks: dict[str, Any] = {"authorizationType": "NONE"}
    if authorizer:
        made = gateway.create_authorizer(
            restApiId=api,
            name="token",
            type="TOKEN",
            authorizerUri=uri(cloud, authorizer),
            identitySource="method.request.header.Authorization",
            authorizerResultTtlInSeconds=0,
        )
        checks = {"authorizationType": "CUSTOM", "authorizerId": made["id"]}
    for resource in (root, rest):
        where: Any = {"restApiId": api, "resourceId": resource, "httpMethod": "ANY"}
        gateway.put_method(**where, **checks)
        gateway.put_integration(
            **where, type="AWS_PROXY", integrationHttpMethod="POST", uri=uri(cloud, function)
        )
    gateway.create_deployment(restApiId=api, stageName="prod")
    return f"{cloud.endpoint}/_aws/execute-api/{api}/prod"


def ask(method: str, address: str, **settings: Any) -> requests.Response:
    return requests.request(method, address, timeout=WAIT_S, **settings)


def test_a_greeting(cloud: Cloud) -> None:
    """A query, a header and a body arrive; another method is 405."""
    address = proxy(cloud, cloud.deploy("rest-greeting"))
    query, headers, body = {"name": "Zoë"}, {"day": "Thursday"}, {"adjective": "fine"}
    given = ask("POST", f"{address}/demo", params=query, headers=headers, json=body)
    assert {"message": "POST, Zoë? Have a fine Thursday!"} == given.json()
    assert 405 == ask("DELETE", f"{address}/demo").status_code


def test_powertools_rest(cloud: Cloud) -> None:
    """Routes and errors; logs with the request's id; metrics in the log; traces go nowhere."""
    content = json.dumps([{"id": n} for n in range(5)]).encode()
    place: Any = {"Bucket": cloud.bucket(), "Key": "todos"}
    cloud.aws.s3.put_object(**place, Body=content)
    url = cloud.aws.s3.generate_presigned_url("get_object", Params=place)
    variables = {
        "TODOS": url,
        "POWERTOOLS_SERVICE_NAME": "todos",
        "POWERTOOLS_METRICS_NAMESPACE": "App",
    }
    name = cloud.deploy("powertools-rest", variables=variables)
    address = proxy(cloud, name)
    assert {"todos": [{"id": 0}, {"id": 1}]} == ask("GET", f"{address}/todos").json()
    missing = ask("GET", f"{address}/todos/7")
    assert (404, "no todo 7") == (missing.status_code, missing.json()["message"])
    assert 404 == ask("GET", f"{address}/nothing").status_code
    lines = functions.logged(cloud.aws, name, '"Asked"')
    logged = [json.loads(line) for line in lines if line.startswith("{")]
    said = next(line for line in logged if line.get("message") == "asked")
    assert ("todos", True) == (said["service"], said["cold_start"])
    assert said["correlation_id"] != said["function_request_id"]
    metric = next(line for line in logged if "Asked" in line)
    assert ("App", [1.0]) == (metric["_aws"]["CloudWatchMetrics"][0]["Namespace"], metric["Asked"])


def test_fastapi(cloud: Cloud) -> None:
    """An ASGI application: coroutines and plain functions, validation by pydantic's Rust."""
    address = proxy(cloud, cloud.deploy("fastapi-mangum"))
    given = ask("GET", f"{address}/hello/ann?times=2")
    assert {"message": "Hello ann Hello ann"} == given.json()
    counted = ask("POST", f"{address}/count", json={"text": "to be or"})
    assert (201, {"words": 3}) == (counted.status_code, counted.json())
    assert 422 == ask("POST", f"{address}/count", json={}).status_code


def test_flask(cloud: Cloud) -> None:
    """A WSGI application; the bytes of its image arrive as bytes."""
    address = proxy(cloud, cloud.deploy("flask-awsgi"), binaryMediaTypes=["*/*"])
    assert {"status": 200, "message": "OK"} == ask("GET", f"{address}/").json()
    dot = ask("GET", f"{address}/dot.png")
    assert "image/png" == dot.headers["Content-Type"]
    with Image.open(io.BytesIO(dot.content)) as image:
        assert (1, 1) == image.size


def test_an_authorizer(cloud: Cloud) -> None:
    """It answers as it does on AWS; but an API here asks no authorizer, and lets everybody in."""
    authorizer = cloud.deploy("token-authorizer")
    arn = f"arn:aws:execute-api:{REGION}:000000000000:api/prod"
    asked = {"type": "TOKEN", "methodArn": f"{arn}/GET/a"}
    given = cloud.answer(authorizer, {**asked, "authorizationToken": "let-me-in"})
    (statement,) = given["policyDocument"]["Statement"]
    resource = [f"arn:aws:execute-api:{REGION}:000000000000:api/*/GET/*"]
    assert ("Allow", resource) == (statement["Effect"], statement["Resource"])
    refused = cloud.invoke(authorizer, {**asked, "authorizationToken": "nobody"})
    assert "Unauthorized" == refused.payload["errorMessage"]
    address = proxy(cloud, cloud.deploy("rest-greeting"), authorizer=authorizer)
    headers = {"Authorization": "nobody"}
    assert 200 == ask("GET", f"{address}/a", headers=headers).status_code


def test_the_resizer_hands_out_addresses(cloud: Cloud) -> None:
    """Its two functions have URLs: one for an upload by form, one that lists what there is."""
    images, resized = cloud.bucket(), cloud.bucket()
    told = {"IMAGES": f"/{images}/images", "RESIZED": f"/{images}/resized"}
    for name, value in ((told["IMAGES"], images), (told["RESIZED"], resized)):
        cloud.aws.client("ssm").put_parameter(Name=name, Value=value, Type="String")
    presign, listing = (
        url_of(cloud, cloud.deploy("image-resizer", f"{name}.handler", variables=told))
        for name in ("presign", "listing")
    )
    form = ask("GET", f"{presign}my/club.png").json()
    sent = ask("POST", form["url"], data=form["fields"], files={"file": b"an image"})
    assert 204 == sent.status_code
    assert 409 == ask("GET", f"{presign}my/club.png").status_code
    assert 502 == ask("GET", presign).status_code
    cloud.aws.s3.put_object(Bucket=resized, Key="my/club.png", Body=b"small")
    (found,) = ask("GET", listing).json()
    assert ("my/club.png", 8, 5) == (
        found["Name"],
        found["Original"]["Size"],
        found["Resized"]["Size"],
    )
    assert b"an image" == ask("GET", found["Original"]["URL"]).content


def url_of(cloud: Cloud, function: str) -> str:
    """The function's own URL."""
    cloud.aws.lambda_.add_permission(
        FunctionName=function,
        StatementId="url",
        Action="lambda:InvokeFunctionUrl",
        Principal="*",
        FunctionUrlAuthType="NONE",
    )
    made = cloud.aws.lambda_.create_function_url_config(FunctionName=function, AuthType="NONE")
    return made["FunctionUrl"]
