from __future__ import annotations

import json

import h11
import pytest

from localstack_standalone import quotas
from localstack_standalone.gateway import destinations

SIGNED = "AWS4-HMAC-SHA256 Credential=test/20260101/ca-central-1/{}/aws4_request, SignedHeaders=h"


def _request(target: str, host: str = "localhost:4566", **fields: str) -> h11.Request:
    headers = [("Host", host), *((k.replace("_", "-"), v) for k, v in fields.items())]
    return h11.Request(method="POST", target=target, headers=headers)


@pytest.mark.parametrize(
    ("request_", "limit_bytes"),
    [
        (_request("/_aws/execute-api/abc/prod/process"), 10_485_760),
        (_request("/%5Faws/execute-api/abc/prod/process"), 10_485_760),
        (_request("http://localhost/_aws/execute-api/abc/prod/"), 10_485_760),
        (_request("/restapis/abc/prod/_user_request_/process"), 10_485_760),
        (_request("/prod/process", "abc.execute-api.localhost.localstack.cloud"), 10_485_760),
        (_request("/2015-03-31/functions/f/invocations"), 6_291_456),
        (_request("/2015-03-31/functions"), 70_167_211),
        (_request("/2015-03-31/functions/f/code"), 70_167_211),
        (_request("/2018-10-31/layers/l/versions"), 70_167_211),
        (_request("/2015-03-31/functions/f/aliases", Authorization=SIGNED.format("lambda")), None),
        (_request("/", X_Amz_Target="AWSStepFunctions.StartExecution"), None),
        (_request("/", Authorization=SIGNED.format("iam")), None),
        (_request("/_localstack/state/reset"), None),
        (_request("/bucket/key"), 5 * 1024**3),
        (_request("/bucket/key?X-Amz-Credential=a"), 5 * 1024**3),
        (_request("/bucket/key", Authorization=SIGNED.format("s3")), 5 * 1024**3),
    ],
)
def test_the_limit_is_that_of_the_service(request_: h11.Request, limit_bytes: int | None) -> None:
    """As AWS documents or answers it; any other service takes what its largest takes."""
    expected = limit_bytes or quotas.SERVICE_REQUEST_BYTES
    assert expected == destinations.find(request_).limit_bytes


def test_a_refusal_speaks_the_language_of_its_service() -> None:
    """SDKs read the code and the words of it."""
    invoke = destinations.find(_request("/2015-03-31/functions/f/invocations")).too_large()
    assert (413, "application/json") == (invoke.status, invoke.content_type)
    expected = "Request must be smaller than 6291456 bytes for the InvokeFunction operation"
    assert expected == json.loads(invoke.body)["message"]
    assert ("x-amzn-ErrorType", "RequestEntityTooLargeException") in invoke.headers
    s3 = destinations.find(_request("/bucket/key")).too_large()
    assert (400, "application/xml") == (s3.status, s3.content_type)
    assert "<Code>EntityTooLarge</Code>" in s3.body
    api = destinations.find(_request("/_aws/execute-api/abc/prod/")).too_large()
    assert (413, "text/plain") == (api.status, api.content_type)
    assert "HTTP content length exceeded 10485760 bytes." == api.body
    assert {"x-amzn-RequestId", "x-amz-apigw-id"} == {name for name, _ in api.headers}


def test_each_refusal_has_an_id_of_its_own() -> None:
    """As every answer of AWS has."""
    destination = destinations.find(_request("/_aws/execute-api/abc/prod/"))
    assert destination.too_large().headers != destination.too_large().headers
