"""Queues as sources of functions: batches, what failed of one, and where dead letters go."""

from __future__ import annotations

import json
from typing import Any

from testbed import waiting
from tests.integration.events.conftest import PATIENCE_S, Events
from tests.support import functions

# Of a batch, those fail that say so; all of it does where it says that it fails whole.
PICKY = """
import json

def handler(event, context):
    bodies = {each["messageId"]: json.loads(each["body"]) for each in event["Records"]}
    if any(body == "whole" for body in bodies.values()):
        raise ValueError("no tea")
    failed = [identity for identity, body in bodies.items() if body == "bad"]
    return {"batchItemFailures": [{"itemIdentifier": each} for each in failed]}
"""


def mapping(events: Events, queue: str, function: str, **settings: Any) -> str:
    """The id of a mapping that is enabled."""
    made = events.aws.lambda_.create_event_source_mapping(
        EventSourceArn=queue, FunctionName=function, **settings
    )

    def probe() -> tuple[Any, str]:
        found = events.aws.lambda_.get_event_source_mapping(UUID=made["UUID"])["State"]
        return (found if found == "Enabled" else None), found

    waiting.until(probe, "the mapping enabled", timeout_s=PATIENCE_S)
    return made["UUID"]


def until_empty(events: Events, url: str) -> None:
    """Wait until no message of a queue is left, nor in somebody's hands."""
    which: Any = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]

    def probe() -> tuple[Any, str]:
        found = events.client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=which)
        counts = found["Attributes"]
        return (all(count == "0" for count in counts.values()) or None), f"{counts}"

    waiting.until(probe, f"{url} empty", timeout_s=PATIENCE_S)


def test_messages_invoke_a_function_in_batches(events: Events) -> None:
    """Ten at most by default, and what was done is no longer in the queue."""
    (url, arn), (_, function) = events.queue(), events.recorder()
    entries = [{"Id": f"{n}", "MessageBody": json.dumps({"n": n, "queue": arn})} for n in range(4)]
    events.client("sqs").send_message_batch(QueueUrl=url, Entries=entries)
    identity = mapping(events, arn, function, BatchSize=4, MaximumBatchingWindowInSeconds=1)
    told = events.recorded(lambda event: event.get("Records", [{}])[0].get("eventSourceARN") == arn)
    assert {"aws:sqs"} == {each["eventSource"] for each in told["Records"]}
    assert {"messageId", "receiptHandle", "body", "attributes", "md5OfBody"} <= set(
        told["Records"][0]
    )
    until_empty(events, url)
    events.aws.lambda_.delete_event_source_mapping(UUID=identity)


def test_what_failed_of_a_batch_alone_comes_again_and_ends_as_a_dead_letter(
    events: Events,
) -> None:
    """With ReportBatchItemFailures; the others are done."""
    dead, dead_arn = events.queue()
    redrive = json.dumps({"deadLetterTargetArn": dead_arn, "maxReceiveCount": "2"})
    url, arn = events.queue(VisibilityTimeout="1", RedrivePolicy=redrive)
    picky = functions.make(events.aws, PICKY, Timeout=1)
    entries = [
        {"Id": f"{n}", "MessageBody": json.dumps(body)}
        for n, body in enumerate(("good", "bad", "fine"))
    ]
    events.client("sqs").send_message_batch(QueueUrl=url, Entries=entries)
    identity = mapping(
        events, arn, picky, BatchSize=3, FunctionResponseTypes=["ReportBatchItemFailures"]
    )
    assert "bad" == events.received(dead)
    until_empty(events, url)
    until_empty(events, dead)
    events.aws.lambda_.delete_event_source_mapping(UUID=identity)


def test_a_batch_that_fails_whole_ends_as_dead_letters(events: Events) -> None:
    """As often as the queue says."""
    dead, dead_arn = events.queue()
    redrive = json.dumps({"deadLetterTargetArn": dead_arn, "maxReceiveCount": "1"})
    url, arn = events.queue(VisibilityTimeout="1", RedrivePolicy=redrive)
    picky = functions.make(events.aws, PICKY, Timeout=1)
    events.client("sqs").send_message(QueueUrl=url, MessageBody='"whole"')
    identity = mapping(events, arn, picky)
    assert "whole" == events.received(dead)
    events.aws.lambda_.delete_event_source_mapping(UUID=identity)
