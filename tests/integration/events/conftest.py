from __future__ import annotations

import dataclasses
import json
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest

from targets import embedded
from testbed import names, waiting
from testbed.aws import EMULATOR_ACCESS_KEY, EMULATOR_SECRET_KEY, Aws
from tests.support import functions

# Tells its event in its log, for whoever waits there, and in a bucket.
RECORDS = """
import json, os, uuid
import boto3

def handler(event, context):
    boto3.client("s3").put_object(
        Bucket=os.environ["SEEN"], Key=str(uuid.uuid4()), Body=json.dumps(event)
    )
    return {"seen": True}
"""
PATIENCE_S = 40


@dataclasses.dataclass(frozen=True)
class Events:
    """An emulator with queues and topics, and a bucket in which functions tell what they saw."""

    aws: Aws
    endpoint: str
    seen: str

    def client(self, service: str) -> Any:
        """A client of a service that the pipeline has not."""
        session: Any = boto3.Session(EMULATOR_ACCESS_KEY, EMULATOR_SECRET_KEY, None, names.REGION)
        return session.client(service, endpoint_url=self.endpoint)

    def recorder(self, **settings: Any) -> tuple[str, str]:
        """Name and ARN of a function that tells its events."""
        name = functions.make(
            self.aws, RECORDS, Environment={"Variables": {"SEEN": self.seen}}, **settings
        )
        return name, self.arn(name)

    def arn(self, function: str) -> str:
        """A function's ARN."""
        found = self.aws.lambda_.get_function_configuration(FunctionName=function)
        return found["FunctionArn"]

    def bucket(self) -> str:
        """A new bucket."""
        name = f"b-{uuid.uuid4().hex[:12]}"
        where: Any = {"LocationConstraint": names.REGION}
        self.aws.s3.create_bucket(Bucket=name, CreateBucketConfiguration=where)
        return name

    def queue(self, **attributes: Any) -> tuple[str, str]:
        """URL and ARN of a new queue."""
        sqs = self.client("sqs")
        url = sqs.create_queue(QueueName=f"q-{uuid.uuid4().hex[:12]}", Attributes=attributes)[
            "QueueUrl"
        ]
        found = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
        return url, found["Attributes"]["QueueArn"]

    def topic(self) -> str:
        """ARN of a new topic."""
        arn: str = self.client("sns").create_topic(Name=f"t-{uuid.uuid4().hex[:12]}")["TopicArn"]
        return arn

    def received(self, url: str) -> Any:
        """The next message of a queue, as JSON, once there is one."""
        sqs = self.client("sqs")

        def probe() -> tuple[Any, str]:
            found = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=1).get("Messages", [])
            for message in found:
                sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
            return (json.loads(found[0]["Body"]) if found else None), f"{len(found)} messages"

        return waiting.until(probe, f"a message in {url}", timeout_s=PATIENCE_S)

    def recorded(self, wanted: Callable[[Any], bool]) -> Any:
        """The event that a function has told of and that is *wanted*, once there is one."""

        def probe() -> tuple[Any, str]:
            listed = self.aws.s3.list_objects_v2(Bucket=self.seen).get("Contents", [])
            told = [
                json.load(self.aws.s3.get_object(Bucket=self.seen, Key=each["Key"])["Body"])
                for each in listed
            ]
            return next(filter(wanted, told), None), f"{told}"

        return waiting.until(probe, "an event that a function tells of", timeout_s=PATIENCE_S)


@pytest.fixture(scope="session")
def events(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Events]:
    """A start with more services: none of them is the pipeline's.

    Who asks for it is in `tests.support.spread`.
    """
    folder = tmp_path_factory.mktemp("events")
    with embedded.private(folder / "emulator", SERVICES="+sqs,sns,cloudformation") as known:
        made = Events(Aws(endpoint=known.endpoint), known.endpoint, f"seen-{uuid.uuid4().hex[:8]}")
        where: Any = {"LocationConstraint": names.REGION}
        made.aws.s3.create_bucket(Bucket=made.seen, CreateBucketConfiguration=where)
        yield made
