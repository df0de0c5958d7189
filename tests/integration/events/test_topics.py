"""Topics reach functions and queues, and asynchronous invocations their destinations."""

from __future__ import annotations

import json
import uuid
from typing import Any

import pytest

from tests.integration.events.conftest import Events
from tests.support import functions

FAILS = """
def handler(event, context):
    if event.get("fails"):
        raise ValueError("no tea")
    return {"tea": event["tea"]}
"""


def test_a_topic_invokes_functions(events: Events) -> None:
    """With the message, its subject and its attributes."""
    topic, (_, function) = events.topic(), events.recorder()
    sns = events.client("sns")
    sns.subscribe(TopicArn=topic, Protocol="lambda", Endpoint=function)
    kind = {"kind": {"DataType": "String", "StringValue": "green"}}
    sns.publish(TopicArn=topic, Subject="Tea", Message="is ready", MessageAttributes=kind)
    told = events.recorded(
        lambda event: event.get("Records", [{}])[0].get("Sns", {}).get("TopicArn") == topic
    )
    [record] = told["Records"]
    assert ("aws:sns", "Tea", "is ready") == (
        record["EventSource"],
        record["Sns"]["Subject"],
        record["Sns"]["Message"],
    )
    assert {"Type": "String", "Value": "green"} == record["Sns"]["MessageAttributes"]["kind"]


def test_a_queue_has_what_its_filter_lets_through(events: Events) -> None:
    """And as it was published where raw delivery is asked for."""
    topic, (url, arn) = events.topic(), events.queue()
    sns = events.client("sns")
    sns.subscribe(
        TopicArn=topic,
        Protocol="sqs",
        Endpoint=arn,
        Attributes={
            "RawMessageDelivery": "true",
            "FilterPolicy": json.dumps({"kind": ["green"]}),
        },
    )
    for kind in ("black", "green"):
        told = {"kind": {"DataType": "String", "StringValue": kind}}
        sns.publish(TopicArn=topic, Message=json.dumps({"tea": kind}), MessageAttributes=told)
    assert {"tea": "green"} == events.received(url)


@pytest.mark.parametrize("kind", ["sqs", "sns", "events", "lambda"])
@pytest.mark.parametrize("fails", [False, True])
def test_an_invocation_ends_at_its_destination(events: Events, kind: str, *, fails: bool) -> None:
    """What succeeded at one, what failed for good at the other, each in Lambda's envelope."""
    function = functions.make(events.aws, FAILS)
    cup = uuid.uuid4().hex
    destination, envelope = _destination(events, kind, cup)
    where: Any = {"OnFailure" if fails else "OnSuccess": {"Destination": destination}}
    events.aws.lambda_.put_function_event_invoke_config(
        FunctionName=function,
        MaximumRetryAttempts=0,
        DestinationConfig=where,
    )
    event = {"tea": cup, "fails": fails}
    events.aws.lambda_.invoke(
        FunctionName=function, InvocationType="Event", Payload=json.dumps(event)
    )
    told = envelope()
    expected = "RetriesExhausted" if fails else "Success"
    assert (event, expected, 1) == (
        told["requestPayload"],
        told["requestContext"]["condition"],
        told["requestContext"]["approximateInvokeCount"],
    )
    payload = told["responsePayload"]
    assert ("no tea" if fails else cup) == payload["errorMessage" if fails else "tea"]


def _destination(events: Events, kind: str, cup: str) -> tuple[str, Any]:
    """The ARN of one, and what gives the envelope that comes there."""
    if kind == "lambda":
        _, function = events.recorder()
        wanted = lambda event: event.get("requestPayload", {}).get("tea") == cup  # noqa: E731
        return function, lambda: events.recorded(wanted)
    url, queue = events.queue()
    if kind == "sqs":
        return queue, lambda: events.received(url)
    if kind == "sns":
        topic = events.topic()
        events.client("sns").subscribe(TopicArn=topic, Protocol="sqs", Endpoint=queue)
        return topic, lambda: json.loads(events.received(url)["Message"])
    bridge, name = events.client("events"), f"r-{cup[:12]}"
    bus = bridge.create_event_bus(Name=f"bus-{cup[:12]}")["EventBusArn"]
    pattern = json.dumps({"source": ["lambda"]})
    bridge.put_rule(Name=name, EventBusName=bus, EventPattern=pattern)
    bridge.put_targets(Rule=name, EventBusName=bus, Targets=[{"Id": "q", "Arn": queue}])
    return bus, lambda: events.received(url)["detail"]
