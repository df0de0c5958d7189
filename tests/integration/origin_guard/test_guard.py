"""The guard before a real emulator: what passes, what does not, under both servers."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import requests

from emulator import embedded
from testbed.aws import Aws
from tests.conftest import Emulator
from tests.support import functions

FOREIGN = {"Origin": "http://evil.example"}


@pytest.fixture(scope="module", params=["all", "off"], ids=["threaded", "twisted"])
def emulator(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Emulator]:
    """One with each of the servers."""
    state_dir = tmp_path_factory.mktemp("emulator")
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("TUNING", request.param)
        environment.setenv("ALLOWED_HOSTS", "mine.test")
        environment.setenv("EXTRA_CORS_ALLOWED_ORIGINS", "http://mine.test:3000")
        record = embedded.start(state_dir, port=None, tied=True)
    try:
        yield Emulator(Aws(endpoint=record.endpoint), record.endpoint, state_dir, record.pid)
    finally:
        embedded.stop(state_dir)


def ask(emulator: Emulator, path: str, method: str = "GET", **headers: str) -> requests.Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return requests.request(method, emulator.endpoint + path, headers=named, timeout=30)


@pytest.mark.parametrize(
    "path",
    ["/", "/2015-03-31/functions/", "/_localstack/health", "/_aws/lambda/init", "/bucket/key"],
)
@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE", "OPTIONS"])
def test_no_service_answers_a_page(emulator: Emulator, path: str, method: str) -> None:
    """Foreign, without an origin, or of the emulator's own; and no answer is opened to it."""
    own = {"Origin": emulator.endpoint, "Sec-Fetch-Site": "same-origin"}
    for headers in (FOREIGN, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}, own):
        answer = requests.request(method, emulator.endpoint + path, headers=headers, timeout=30)
        assert 403 == answer.status_code
        assert "Access-Control-Allow-Origin" not in answer.headers
        assert "web page" in answer.text


def test_a_name_that_is_not_ours_is_misdirected(emulator: Emulator) -> None:
    """421, which names the setting; a name that the user lists is ours."""
    refused = ask(emulator, "/_localstack/health", Host="evil.example")
    assert 421 == refused.status_code
    assert "ALLOWED_HOSTS" in refused.text
    assert 200 == ask(emulator, "/_localstack/health", Host="mine.test:1").status_code


def test_an_origin_that_the_user_trusts_may_all(emulator: Emulator) -> None:
    """EXTRA_CORS_ALLOWED_ORIGINS is LocalStack's own setting for that."""
    answer = ask(emulator, "/2015-03-31/functions/", Origin="http://mine.test:3000")
    assert 200 == answer.status_code
    assert "http://mine.test:3000" == answer.headers["Access-Control-Allow-Origin"]


def test_an_unsigned_action_in_an_address_is_refused(emulator: Emulator) -> None:
    """As on AWS, also without any header that tells of a browser."""
    answer = ask(emulator, "/?Action=CreateUser&UserName=nobody&Version=2010-05-08")
    assert 403 == answer.status_code
    assert "MissingAuthenticationToken" in answer.text
    assert [] == emulator.aws.iam.list_users()["Users"]


def test_a_program_gets_objects_as_aws_gives_them(emulator: Emulator) -> None:
    """The sandbox is for those who cannot sign in a header: browsers."""
    s3 = emulator.aws.s3
    where = {"LocationConstraint": "ca-central-1"}
    s3.create_bucket(Bucket="objects-of-ours", CreateBucketConfiguration=where)
    s3.put_object(Bucket="objects-of-ours", Key="a.html", Body=b"<p>", ContentType="text/html")
    by_sdk = s3.get_object(Bucket="objects-of-ours", Key="a.html")
    assert "content-security-policy" not in by_sdk["ResponseMetadata"]["HTTPHeaders"]
    address = s3.generate_presigned_url(
        "get_object", Params={"Bucket": "objects-of-ours", "Key": "a.html"}
    )
    opened = requests.get(address, headers={"Sec-Fetch-Site": "none"}, timeout=10)
    assert "sandbox" == opened.headers["Content-Security-Policy"]
    assert "nosniff" == opened.headers["X-Content-Type-Options"]


def test_a_page_starts_nothing_in_an_api_that_does_not_allow_it(emulator: Emulator) -> None:
    """A simple request would reach the integration on AWS; here the API is asked first."""
    name = functions.make(
        emulator.aws, "def handler(event, context):\n    return {'statusCode': 202}\n"
    )
    api = emulator.aws.apigateway
    api_id = api.create_rest_api(name="ours")["id"]
    root = api.get_resources(restApiId=api_id)["items"][0]["id"]
    arn = emulator.aws.lambda_.get_function(FunctionName=name)["Configuration"]["FunctionArn"]
    at = {"restApiId": api_id, "resourceId": root, "httpMethod": "POST"}
    api.put_method(**at, authorizationType="NONE")
    api.put_integration(
        **at,
        type="AWS_PROXY",
        integrationHttpMethod="POST",
        uri=f"arn:aws:apigateway:ca-central-1:lambda:path/2015-03-31/functions/{arn}/invocations",
    )
    api.create_deployment(restApiId=api_id, stageName="prod")
    path = f"/_aws/execute-api/{api_id}/prod/"
    assert 403 == ask(emulator, path, "POST", **FOREIGN).status_code
    groups = emulator.aws.logs.describe_log_groups(logGroupNamePrefix=f"/aws/lambda/{name}")
    assert [] == groups["logGroups"]
    # Its own page, and programs, call it.
    assert 202 == ask(emulator, path, "POST", Origin=emulator.endpoint).status_code
    assert 202 == ask(emulator, path, "POST").status_code
