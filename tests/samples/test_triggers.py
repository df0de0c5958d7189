"""Samples that something else invokes: a bucket's event, a queue, a state machine that waits."""

from __future__ import annotations

import io
import json
import subprocess
import uuid
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from testbed import waiting
from testbed.settings import ROOT
from tests.samples import packing
from tests.samples.conftest import WAIT_S, Cloud
from tests.support import functions

pytestmark = pytest.mark.timeout(600)  # packages are fetched the first time


def queue(cloud: Cloud, **attributes: str) -> tuple[str, str]:
    """The URL and the ARN of a new queue."""
    sqs = cloud.aws.client("sqs")
    url = sqs.create_queue(QueueName=f"q-{uuid.uuid4().hex[:12]}", Attributes=attributes)[
        "QueueUrl"
    ]
    found = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
    return url, found["Attributes"]["QueueArn"]


WRITES = """
import sys, pypdf
writer = pypdf.PdfWriter()
writer.add_blank_page(width=100, height=200)
writer.write(sys.argv[1])
"""
OPENS = """
import sys, pypdf
locked = pypdf.PdfReader(sys.argv[1])
print(locked.is_encrypted, *(bool(locked.decrypt(word)) for word in sys.argv[2:]))
print(int(locked.pages[0].mediabox.height))
"""


def test_a_pdf_is_encrypted(cloud: Cloud, tmp_path: Path) -> None:
    """A key with a space and an umlaut arrives as it was; the copy needs the password."""
    bucket, file = cloud.bucket(), tmp_path / "one.pdf"
    cloud.bucket(f"{bucket}-encrypted")
    cloud.notify(bucket, cloud.deploy("pdf-encrypt"), ".pdf")
    packing.run("pdf-encrypt", WRITES, str(file))
    cloud.aws.s3.put_object(Bucket=bucket, Key="a/über uns.pdf", Body=file.read_bytes())
    file.write_bytes(cloud.object(f"{bucket}-encrypted", "a/über uns_encrypted.pdf"))
    told = packing.run("pdf-encrypt", OPENS, str(file), "wrong", "open sesame")
    assert ["True", "False", "True", "200"] == told.split()


def test_a_zip_is_unpacked(cloud: Cloud) -> None:
    """Its files are beside it, and it is gone."""
    bucket, packed = cloud.bucket(), io.BytesIO()
    cloud.notify(bucket, cloud.deploy("unzip"), ".zip")
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("one.txt", "1")
        archive.writestr("deep/two.txt", "2")
    cloud.aws.s3.put_object(Bucket=bucket, Key="two files.zip", Body=packed.getvalue())
    assert (b"1", b"2") == (cloud.object(bucket, "one.txt"), cloud.object(bucket, "deep/two.txt"))

    def gone() -> tuple[bool | None, str]:
        listed = [one["Key"] for one in cloud.aws.s3.list_objects_v2(Bucket=bucket)["Contents"]]
        return (True if "two files.zip" not in listed else None), str(listed)

    assert waiting.until(gone, "the end of the zip", timeout_s=WAIT_S)


def test_a_frame_of_a_video(cloud: Cloud, tmp_path: Path) -> None:
    """Its program is found on PATH, in the layer's `bin`, and may be run."""
    content = packing.program("video-frame", "imageio_ffmpeg/binaries/ffmpeg-*", "ffmpeg")
    uploads, frames = cloud.bucket(), cloud.bucket()
    name = cloud.deploy(
        "video-frame",
        layers=(cloud.layer("ffmpeg", content),),
        variables={"THUMB_WIDTH": "160", "OUTPUT_BUCKET": frames},
    )
    cloud.notify(uploads, name, ".mp4")
    cloud.aws.s3.put_object(Bucket=uploads, Key="clip.mp4", Body=video(tmp_path))
    with Image.open(io.BytesIO(cloud.object(frames, "clip.jpg"))) as frame:
        assert ((160, 120), "JPEG") == (frame.size, frame.format)


def video(folder: Path) -> bytes:
    """A second of moving bars, of 320 by 240 pixels."""
    (program,) = packing.installed(packing.HERE / "video-frame" / "program.lock").glob(
        "imageio_ffmpeg/binaries/ffmpeg-*"
    )
    made = folder / "clip.mp4"
    source = ("-f", "lavfi", "-i", "testsrc=duration=1:size=320x240:rate=10")
    subprocess.run([program, "-loglevel", "error", *source, made], check=True, timeout=60)
    return made.read_bytes()


def test_a_table_is_summed(cloud: Cloud, layer_of: Callable[[str], str]) -> None:
    """A CSV file that arrives is read by pandas from a layer."""
    bucket = cloud.bucket()
    name = cloud.deploy("csv-totals", layers=(layer_of("csv-totals"),))
    cloud.notify(bucket, name, "people.csv")
    table = "city,people\nBonn,3\nUlm,4\nBonn,5\n"
    cloud.aws.s3.put_object(Bucket=bucket, Key="people.csv", Body=table.encode())
    assert b"city,people\nBonn,8\nUlm,4\n" == cloud.object(bucket, "totals/people.csv")


def test_a_batch_that_fails_in_part(cloud: Cloud) -> None:
    """What worked is gone from the queue; what failed is tried again, then is a dead letter."""
    sqs = cloud.aws.client("sqs")
    dead_url, dead = queue(cloud)
    redrive = json.dumps({"deadLetterTargetArn": dead, "maxReceiveCount": 2})
    url, arn = queue(cloud, VisibilityTimeout="1", RedrivePolicy=redrive)
    name = cloud.deploy("powertools-batch", Timeout=1, variables={"POWERTOOLS_SERVICE_NAME": "pay"})
    sent = [
        {"Id": str(n), "MessageBody": json.dumps({"item": item})}
        for n, item in enumerate(("a", "broken", "c"))
    ]
    sqs.send_message_batch(QueueUrl=url, Entries=sent)
    cloud.aws.lambda_.create_event_source_mapping(
        EventSourceArn=arn,
        FunctionName=name,
        BatchSize=10,
        FunctionResponseTypes=["ReportBatchItemFailures"],
    )

    def letter() -> tuple[Any, str]:
        found = sqs.receive_message(QueueUrl=dead_url, WaitTimeSeconds=1).get("Messages")
        return found, "no dead letter"

    found = waiting.until(letter, "the message that fails as a dead letter", timeout_s=WAIT_S)
    assert ['{"item": "broken"}'] == [message["Body"] for message in found]
    lines = functions.logged(cloud.aws, name, '"done":"c"')
    assert 1 == sum('"done":"a"' in line for line in lines)
    logged = next(json.loads(line) for line in lines if '"done":"a"' in line)
    assert ("pay", name) == (logged["service"], logged["function_name"])


@pytest.fixture
def approvals(cloud: Cloud) -> Iterator[str]:
    """A state machine that puts its token into a queue and waits for what the sample answers."""
    url, arn = queue(cloud)
    cloud.aws.lambda_.create_event_source_mapping(
        EventSourceArn=arn, FunctionName=cloud.deploy("task-token"), BatchSize=1
    )
    message = {"Amount.$": "$.amount", "TaskToken.$": "$$.Task.Token"}
    state = {
        "Type": "Task",
        "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
        "Parameters": {"QueueUrl": url, "MessageBody": message},
        "TimeoutSeconds": WAIT_S,
        "End": True,
    }
    made = cloud.aws.stepfunctions.create_state_machine(
        name="approvals",
        definition=json.dumps({"StartAt": "Ask", "States": {"Ask": state}}),
        roleArn=functions.ROLE,
    )["stateMachineArn"]
    yield made
    cloud.aws.stepfunctions.delete_state_machine(stateMachineArn=made)


@pytest.mark.parametrize(("amount", "status"), [(7, "SUCCEEDED"), (700, "FAILED")])
def test_a_token_comes_back(cloud: Cloud, approvals: str, amount: int, status: str) -> None:
    """The execution goes on with what the function answers, or fails with its error."""
    started = cloud.aws.stepfunctions.start_execution(
        stateMachineArn=approvals, input=json.dumps({"amount": amount})
    )["executionArn"]

    def ended() -> tuple[Any, str]:
        found = cloud.aws.stepfunctions.describe_execution(executionArn=started)
        return (None if found["status"] == "RUNNING" else found), found["status"]

    found = waiting.until(ended, "the end of the execution", timeout_s=WAIT_S)
    assert status == found["status"]
    assert (
        {"approved": 7} == json.loads(found["output"])
        if amount == 7
        else "TooMuch" == found["error"]
    )


@pytest.fixture
def resizer(cloud: Cloud) -> tuple[str, str, dict[str, str]]:
    """The buckets of images and of small ones, and what tells the resizer's functions of them."""
    images, resized = cloud.bucket(), cloud.bucket()
    told = {"IMAGES": f"/{images}/images", "RESIZED": f"/{images}/resized"}
    for name, value in ((told["IMAGES"], images), (told["RESIZED"], resized)):
        cloud.aws.client("ssm").put_parameter(Name=name, Value=value, Type="String")
    return images, resized, told


def test_the_resizer_resizes(cloud: Cloud, resizer: tuple[str, str, dict[str, str]]) -> None:
    """An upload is halved; one that is no image is told to a topic, and so to who subscribed."""
    images, resized, told = resizer
    url, arn = queue(cloud)
    topic = cloud.aws.client("sns").create_topic(Name="failed-resize")["TopicArn"]
    cloud.aws.client("sns").subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)
    name = cloud.deploy(
        "image-resizer", "resize.handler", variables=told, DeadLetterConfig={"TargetArn": topic}
    )
    cloud.aws.lambda_.put_function_event_invoke_config(
        FunctionName=name, MaximumRetryAttempts=0, MaximumEventAgeInSeconds=3600
    )
    cloud.notify(images, name, ".png")
    content = (ROOT / "samples" / "club2.png").read_bytes()
    for key, body in (("my photos/club 2.png", content), ("text.png", b"no image")):
        cloud.aws.s3.put_object(Bucket=images, Key=key, Body=body)
    with (
        Image.open(io.BytesIO(content)) as original,
        Image.open(io.BytesIO(cloud.object(resized, "my photos/club 2.png"))) as small,
    ):
        assert (original.width // 2, original.height // 2) == small.size

    def letter() -> tuple[Any, str]:
        found = cloud.aws.client("sqs").receive_message(QueueUrl=url, WaitTimeSeconds=1)
        return found.get("Messages"), "no letter"

    (found,) = waiting.until(letter, "word of the failure", timeout_s=WAIT_S)
    failed = json.loads(json.loads(found["Body"])["Message"])
    assert "text.png" == failed["Records"][0]["s3"]["object"]["key"]
