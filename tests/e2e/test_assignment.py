"""The assignment's own testing section, as a client of AWS would follow it."""

from __future__ import annotations

import datetime as dt
import json
import re

import requests

from runs import history
from testbed import names
from testbed.settings import ROOT
from tests.e2e.client import Client, RunningTestbed, output, picture

KEY = "club2.png"


def test_club2_png_becomes_a_thumbnail(client: Client) -> None:
    """Upload club2.png, POST its key: the execution succeeds and thumb-club2.png is there.

    This key alone is not unique, so what is found could be an earlier run's: it is deleted first.
    """
    outputs, s3 = client.outputs, client.aws.s3
    s3.delete_object(Bucket=outputs.resized_bucket, Key="thumb-club2.png")
    s3.put_object(
        Bucket=outputs.original_bucket, Key=KEY, Body=(ROOT / "samples" / KEY).read_bytes()
    )
    response = requests.post(outputs.api_url, json={"key": KEY}, timeout=30)
    report = client.follow(response.json()["executionArn"])
    assert "SUCCEEDED" == report.status
    assert ("ResizeImage", "WasResizeSuccessful", "SuccessState") == report.path
    assert {"success": True, "resized_key": "thumb-club2.png"} == output(report)
    thumbnail = client.thumbnail(KEY)
    assert ("PNG", (256, 171)) == (
        (image := picture(thumbnail.content)).format,
        image.size,
    )  # 1200 by 800, made smaller in its own proportions


def test_the_thumbnail_says_what_it_is(client: Client) -> None:
    """Content type, caching, and metadata: size, format, and the ETag of what it was made from."""
    key = client.key("ridges.jpg")
    client.upload(key, (ROOT / "samples" / "ridges.jpg").read_bytes())
    assert client.run(key).succeeded
    thumbnail = client.thumbnail(key)
    assert ("image/jpeg", "max-age=86400") == (thumbnail.content_type, thumbnail.cache_control)
    etag = client.original(key).etag
    expected = {"source-etag": etag, "width": "256", "height": "64", "format": "jpeg"}
    assert expected == {name: value.lower() for name, value in thumbnail.metadata.items()}


def test_the_api_answers_as_awss_start_execution_does(client: Client) -> None:
    """Status 200, executionArn and startDate (epoch seconds), nothing else, before the end."""
    answer = client.post(f'{{"key": "{client.key("missing.png")}"}}')
    assert 200 == answer.status
    assert answer.headers["Content-Type"].startswith("application/json")
    fields = json.loads(answer.body)
    assert {"executionArn", "startDate"} == set(fields)
    machine = re.escape(client.outputs.state_machine_arn.replace(":stateMachine:", ":execution:"))
    assert re.fullmatch(rf"{machine}:[0-9A-Za-z_-]+", fields["executionArn"])
    report = client.follow(fields["executionArn"])
    started = dt.datetime.fromtimestamp(fields["startDate"], dt.UTC)
    assert abs(started - report.started_at) < dt.timedelta(milliseconds=2)


def test_each_post_is_an_execution_of_its_own(client: Client) -> None:
    """The same body twice is two executions: nothing is taken for a repetition."""
    body = f'{{"key": "{client.key("missing.png")}"}}'
    assert client.start(body) != client.start(body)


def test_resources_have_the_names_of_the_assignment(testbed: RunningTestbed) -> None:
    """Who follows the assignment by hand finds everything under the names that it gives.

    On AWS there is a prefix before those of the buckets, which are global.
    """
    outputs = testbed.outputs
    before = outputs.original_bucket.removesuffix(names.ORIGINAL_BUCKET)
    assert (outputs.target == "aws") or before == ""
    assert (names.ORIGINAL_BUCKET, names.RESIZED_BUCKET, names.FUNCTION) == (
        outputs.original_bucket.removeprefix(before),
        outputs.resized_bucket.removeprefix(before),
        outputs.function_name,
    )
    assert outputs.state_machine_arn.endswith(":stateMachine:ImageProcessingStateMachine")
    assert outputs.api_url.endswith("/prod/process")


def test_every_state_is_told_with_its_times(client: Client) -> None:
    """An execution's report names each state's type, in order of time, within the execution."""
    key = client.key("a.png")
    client.upload(key, (ROOT / "samples" / "stamp.png").read_bytes())
    report = client.run(key)
    assert ["Task", "Choice", "Succeed"] == [state.type for state in report.states]
    times = [state.entered_at for state in report.states]
    assert report.stopped_at is not None
    assert [report.started_at, *times, report.stopped_at] == sorted(
        [report.started_at, *times, report.stopped_at]
    )
    assert 1 == len(report.states[0].attempts)
    assert len(history.events(client.aws, report.arn)) > len(report.states)
