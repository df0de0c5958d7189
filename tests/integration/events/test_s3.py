"""What S3 tells of an object reaches functions, queues, topics and, by EventBridge, machines."""

from __future__ import annotations

import json
import uuid
from typing import Any

import pytest

from testbed import names, waiting
from tests.integration.events.conftest import PATIENCE_S, Events
from tests.support.functions import ROLE

KEY = "tea/grün 1.png"


def notify(events: Events, bucket: str, **configuration: Any) -> None:
    given: Any = configuration
    events.aws.s3.put_bucket_notification_configuration(
        Bucket=bucket, NotificationConfiguration=given
    )


def of_bucket(bucket: str) -> Any:
    """Whether an event is one of S3's for *bucket*."""
    return lambda event: (
        event.get("Records", [{}])[0].get("s3", {}).get("bucket", {}).get("name") == bucket
    )


def test_an_object_invokes_a_function(events: Events) -> None:
    """Of those whose key fits the filter; the key is encoded as on AWS."""
    bucket, (name, arn) = events.bucket(), events.recorder()
    events.aws.lambda_.add_permission(
        FunctionName=name,
        StatementId="s3",
        Action="lambda:InvokeFunction",
        Principal="s3.amazonaws.com",
        SourceArn=f"arn:aws:s3:::{bucket}",
    )
    only = {"Key": {"FilterRules": [{"Name": "suffix", "Value": ".png"}]}}
    kinds = ["s3:ObjectCreated:*"]
    notify(
        events,
        bucket,
        LambdaFunctionConfigurations=[
            {"LambdaFunctionArn": arn, "Events": kinds, "Filter": only},
        ],
    )
    for key in ("tea.txt", KEY):
        events.aws.s3.put_object(Bucket=bucket, Key=key, Body=b"tea")
    [record] = events.recorded(of_bucket(bucket))["Records"]
    assert ("aws:s3", "ObjectCreated:Put", "tea/gr%C3%BCn+1.png", 3) == (
        record["eventSource"],
        record["eventName"],
        record["s3"]["object"]["key"],
        record["s3"]["object"]["size"],
    )


@pytest.mark.parametrize("by_topic", [False, True])
def test_an_object_is_told_to_a_queue(events: Events, *, by_topic: bool) -> None:
    """At once, or by a topic that the queue has subscribed to."""
    bucket, (url, arn) = events.bucket(), events.queue()
    if by_topic:
        topic = events.topic()
        events.client("sns").subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)
        notify(
            events,
            bucket,
            TopicConfigurations=[{"TopicArn": topic, "Events": ["s3:ObjectRemoved:*"]}],
        )
    else:
        notify(
            events,
            bucket,
            QueueConfigurations=[{"QueueArn": arn, "Events": ["s3:ObjectRemoved:*"]}],
        )
    events.aws.s3.put_object(Bucket=bucket, Key=KEY, Body=b"tea")
    events.aws.s3.delete_object(Bucket=bucket, Key=KEY)

    def removal(told: Any) -> Any:
        return json.loads(told["Message"]) if by_topic and "Message" in told else told

    told = removal(events.received(url))
    if told.get("Event") == "s3:TestEvent":  # which says that the configuration was taken
        told = removal(events.received(url))
    assert "ObjectRemoved:Delete" == told["Records"][0]["eventName"]


def test_an_object_starts_a_machine(events: Events) -> None:
    """By a rule of EventBridge, with the input that it makes of the event."""
    bucket, name = events.bucket(), f"m-{uuid.uuid4().hex[:12]}"
    states = events.aws.stepfunctions
    machine = states.create_state_machine(
        name=name,
        definition=json.dumps(
            {"StartAt": "Only", "States": {"Only": {"Type": "Pass", "End": True}}}
        ),
        roleArn=ROLE,
    )["stateMachineArn"]
    notify(events, bucket, EventBridgeConfiguration={})
    bridge = events.client("events")
    pattern = {
        "source": ["aws.s3"],
        "detail-type": ["Object Created"],
        "detail": {"bucket": {"name": [bucket]}, "object": {"key": [{"prefix": "tea/"}]}},
    }
    bridge.put_rule(Name=name, EventPattern=json.dumps(pattern))
    transformer = {
        "InputPathsMap": {"key": "$.detail.object.key"},
        "InputTemplate": '{"key": "<key>"}',
    }
    target = {"Id": "m", "Arn": machine, "RoleArn": ROLE, "InputTransformer": transformer}
    bridge.put_targets(Rule=name, Targets=[target])
    for key in ("coffee/a.png", KEY):
        events.aws.s3.put_object(Bucket=bucket, Key=key, Body=b"tea")

    def probe() -> tuple[Any, str]:
        listed = states.list_executions(stateMachineArn=machine)["executions"]
        ended = [each for each in listed if each["status"] != "RUNNING"]
        return (ended or None), f"{listed}"

    [ended] = waiting.until(probe, "an execution's end", timeout_s=PATIENCE_S)
    found = states.describe_execution(executionArn=ended["executionArn"])
    assert ("SUCCEEDED", {"key": KEY}) == (found["status"], json.loads(found["input"]))
    assert names.REGION in machine
