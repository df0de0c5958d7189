from __future__ import annotations

import json
import re
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest
import requests
from botocore.config import Config

from testbed import waiting
from testbed.aws import Aws
from tests.conftest import Emulator
from tests.support import functions


def test_an_answer_of_s3_names_its_server(emulator: Emulator) -> None:
    """AmazonS3, on successes and errors; no other service says so."""
    listed = emulator.aws.s3.list_buckets()["ResponseMetadata"]["HTTPHeaders"]
    assert "AmazonS3" == listed["server"]
    missing = requests.get(f"{emulator.endpoint}/no-such-bucket-here/k", timeout=20)
    assert (404, "AmazonS3") == (missing.status_code, missing.headers["Server"])
    functions = emulator.aws.lambda_.list_functions()["ResponseMetadata"]["HTTPHeaders"]
    assert "server" not in functions


@pytest.fixture
def presign(emulator: Emulator) -> Callable[..., str]:
    """Makes URLs for an object, by a key and its secret, of the version s3v4 or s3 (2)."""
    bucket = f"presigned-{uuid.uuid4().hex[:12]}"
    emulator.aws.s3.create_bucket(
        Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": "ca-central-1"}
    )
    emulator.aws.s3.put_object(Bucket=bucket, Key="a", Body=b"tea")
    emulator.aws.s3.put_object(Bucket=bucket, Key="b", Body=b"coffee")

    def make(
        *,
        version: str = "s3v4",
        secret: str = "test",  # noqa: S107 - any
        key: str = "test",
        token: str | None = None,
        ends_in_s: int = 600,
    ) -> str:
        client = boto3.client(
            "s3",
            endpoint_url=emulator.endpoint,
            region_name="ca-central-1",
            aws_access_key_id=key,
            aws_secret_access_key=secret,
            aws_session_token=token,
            config=Config(signature_version=version, s3={"addressing_style": "path"}),
        )
        return str(
            client.generate_presigned_url(
                "get_object", Params={"Bucket": bucket, "Key": "a"}, ExpiresIn=ends_in_s
            )
        )

    return make


def _asked(url: str) -> tuple[int, str]:
    answer = requests.get(url, timeout=20)
    code = re.search(r"<Code>(.*)</Code><Message>(.*?)</Message>", answer.text)
    return answer.status_code, ": ".join(code.groups()) if code else answer.text


def test_a_presigned_url_is_refused_when_altered_or_expired(presign: Callable[..., str]) -> None:
    """403 for either, by the expiry that the URL itself has."""
    for version in ("s3v4", "s3"):
        url = presign(version=version)
        assert (200, "tea") == _asked(url)
        status, said = _asked(url.replace("/a?", "/b?"))
        assert (403, "SignatureDoesNotMatch") == (status, said.split(":")[0])

        def probe(url: str = presign(version=version, ends_in_s=1)) -> tuple[Any, str]:
            status, said = _asked(url)
            return (said if status != 200 else None), str(status)

        assert "AccessDenied: Request has expired" == waiting.until(
            probe, "the URL's end", timeout_s=20
        )


def test_a_signature_by_an_unknown_secret_cannot_be_checked(presign: Callable[..., str]) -> None:
    """A key that nobody made here has a secret that nobody knows; of `test` it is known."""
    assert (200, "tea") == _asked(presign(key="LKIAQAAAAAAAEXAMPLE0", secret="mine"))
    assert 403 == _asked(presign(secret="another"))[0]


@pytest.mark.parametrize("version", ["s3v4", "s3"])
def test_a_session_signs_too(emulator: Emulator, presign: Callable[..., str], version: str) -> None:
    """As every function does: with its role's key, secret and token."""
    made = emulator.aws.sts.assume_role(
        RoleArn="arn:aws:iam::000000000000:role/any", RoleSessionName="me"
    )["Credentials"]
    session = {
        "key": made["AccessKeyId"],
        "secret": made["SecretAccessKey"],
        "token": made["SessionToken"],
    }
    assert (200, "tea") == _asked(presign(version=version, **session))
    assert 403 == _asked(presign(version=version, **session | {"secret": "another"}))[0]


TELLS = """
import json
def handler(event, context):
    record = event.get("Records", [{}])[0]
    key = record["s3"]["object"]["key"] if record else event["detail"]["object"]["key"]
    print("key", json.dumps(key))
"""
KEYS = [
    ("my dog+cat.png", "my+dog%2Bcat.png"),
    ("red flower.jpg", "red+flower.jpg"),
    ("a/b=ü.png", "a/b%3D%C3%BC.png"),
]


@pytest.fixture
def told(emulator: Emulator) -> Iterator[str]:
    """A function that writes the key of an event's object to its log."""
    name = functions.make(emulator.aws, TELLS)
    yield name
    emulator.aws.lambda_.delete_function(FunctionName=name)


@pytest.fixture
def bucket(emulator: Emulator) -> Iterator[str]:
    """A bucket; its objects go with it."""
    s3, name = emulator.aws.s3, f"b-{uuid.uuid4().hex}"
    s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": "ca-central-1"})
    yield name
    for found in s3.list_objects_v2(Bucket=name).get("Contents", []):
        s3.delete_object(Bucket=name, Key=found["Key"])
    s3.delete_bucket(Bucket=name)


def _arn(aws: Aws, function: str) -> str:
    return aws.lambda_.get_function(FunctionName=function)["Configuration"]["FunctionArn"]


def _told(aws: Aws, function: str) -> Any:
    line = next(line for line in functions.logged(aws, function, "key ") if "key " in line)
    return json.loads(line.partition("key ")[2])


@pytest.mark.parametrize(("key", "sent"), KEYS)
def test_a_notification_has_the_key_as_a_form_has_it(
    emulator: Emulator, told: str, bucket: str, key: str, sent: str
) -> None:
    """A blank is a plus: "red flower.jpg" becomes "red+flower.jpg".

    So says the S3 User Guide, "Event message structure".
    """
    aws = emulator.aws
    events: Any = [{"LambdaFunctionArn": _arn(aws, told), "Events": ["s3:ObjectCreated:*"]}]
    aws.s3.put_bucket_notification_configuration(
        Bucket=bucket, NotificationConfiguration={"LambdaFunctionConfigurations": events}
    )
    aws.s3.put_object(Bucket=bucket, Key=key, Body=b"")
    assert sent == _told(aws, told)


@pytest.mark.parametrize("key", [key for key, _sent in KEYS])
def test_an_event_of_eventbridge_has_the_key_as_it_is(
    emulator: Emulator, told: str, bucket: str, key: str
) -> None:
    """Not encoded, unlike in S3's own notifications, as published events of AWS show."""
    aws = emulator.aws
    rule = f"r-{uuid.uuid4().hex[:12]}"
    pattern = {"source": ["aws.s3"], "detail": {"bucket": {"name": [bucket]}}}
    aws.client("events").put_rule(Name=rule, EventPattern=json.dumps(pattern))
    aws.client("events").put_targets(Rule=rule, Targets=[{"Id": "1", "Arn": _arn(aws, told)}])
    aws.s3.put_bucket_notification_configuration(
        Bucket=bucket, NotificationConfiguration={"EventBridgeConfiguration": {}}
    )
    aws.s3.put_object(Bucket=bucket, Key=key, Body=b"")
    assert key == _told(aws, told)
    aws.client("events").remove_targets(Rule=rule, Ids=["1"])
    aws.client("events").delete_rule(Name=rule)
