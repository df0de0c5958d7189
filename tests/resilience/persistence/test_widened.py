"""Services beside the pipeline's are in memory alone; what is kept of the others works without."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
import requests

from testbed import names, waiting
from testbed.aws import EMULATOR_ACCESS_KEY, EMULATOR_SECRET_KEY
from tests.support import functions
from tests.support.kept import KeptEmulator, kept_emulator

CODE = """
import boto3

def handler(event, context):
    for each in event.get("Records", []):
        boto3.client("s3").put_object(Bucket="effects", Key=each["body"], Body=b"done")
    return {"statusCode": 200, "body": "tea"}
"""


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KeptEmulator]:
    home = tmp_path_factory.mktemp("widened")
    with kept_emulator(home, SERVICES="+sqs,sns,cloudformation") as it:
        yield it


def client(kept: KeptEmulator, service: str) -> Any:
    """A client of a service that the pipeline has not."""
    session: Any = boto3.Session(EMULATOR_ACCESS_KEY, EMULATOR_SECRET_KEY, None, names.REGION)
    return session.client(service, endpoint_url=kept.aws.endpoint)


def queue(kept: KeptEmulator) -> tuple[str, str]:
    sqs = client(kept, "sqs")
    url = sqs.create_queue(QueueName="tea")["QueueUrl"]
    found = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
    return url, found["Attributes"]["QueueArn"]


def test_what_is_kept_goes_on_without_what_is_not(kept: KeptEmulator) -> None:
    """The function's URL, a notification and a mapping stay; queue, topic and stack are gone.

    A mapping takes messages again from a queue that was made again.
    """
    s3: Any = kept.aws.s3
    s3.create_bucket(
        Bucket="effects", CreateBucketConfiguration={"LocationConstraint": names.REGION}
    )
    _, arn = queue(kept)
    function = functions.make(kept.aws, CODE)
    made = kept.aws.lambda_.create_function_url_config(FunctionName=function, AuthType="NONE")
    mapping = kept.aws.lambda_.create_event_source_mapping(
        EventSourceArn=arn, FunctionName=function
    )
    told = {"QueueConfigurations": [{"QueueArn": arn, "Events": ["s3:ObjectCreated:*"]}]}
    s3.put_bucket_notification_configuration(Bucket="effects", NotificationConfiguration=told)
    client(kept, "sns").create_topic(Name="tea")
    template = {"Resources": {"Cup": {"Type": "AWS::SNS::Topic"}}}
    client(kept, "cloudformation").create_stack(StackName="tea", TemplateBody=json.dumps(template))

    kept.restart()

    assert "set aside" not in kept.log
    assert [] == client(kept, "sns").list_topics()["Topics"]
    assert [] == client(kept, "cloudformation").list_stacks()["StackSummaries"]
    assert b"tea" == requests.get(made["FunctionUrl"], timeout=30).content
    s3 = kept.aws.s3
    s3.put_object(Bucket="effects", Key="a", Body=b"a")
    assert (
        told["QueueConfigurations"][0]["QueueArn"]
        == (
            s3.get_bucket_notification_configuration(Bucket="effects")["QueueConfigurations"][0][
                "QueueArn"
            ]
        )
    )
    s3.put_bucket_notification_configuration(Bucket="effects", NotificationConfiguration={})
    found = kept.aws.lambda_.get_event_source_mapping(UUID=mapping["UUID"])
    assert arn == found["EventSourceArn"]

    url, again = queue(kept)
    assert arn == again
    client(kept, "sqs").send_message(QueueUrl=url, MessageBody="done-again")

    def probe() -> tuple[bool | None, str]:
        state = kept.aws.lambda_.get_event_source_mapping(UUID=mapping["UUID"])["State"]
        listed = s3.list_objects_v2(Bucket="effects").get("Contents", [])
        there = [each["Key"] for each in listed]
        return ("done-again" in there or None), f"{there}, the mapping is {state}"

    waiting.until(probe, "the message's effect", timeout_s=60)
