"""The whole corpus goes through the running pipeline: nothing on the way changes an outcome."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest

from testbed import names, waiting
from testbed.settings import ROOT
from tests.corpus import hostile, images
from tests.e2e.client import Client, RunningTestbed

if TYPE_CHECKING:
    from mypy_boto3_stepfunctions.type_defs import DescribeExecutionOutputTypeDef

FILES = {each.name: each.content for each in images.everything()}
FILES |= {each.name: each.content for each in hostile.everything() + hostile.survivable()}
AT_ONCE = 8
# A look takes the emulator a tenth of what an execution does: fewer looks, an earlier end.
LOOK_EVERY_S = 0.8

type Outcomes = dict[str, dict[str, Any]]


@pytest.fixture(scope="module")
def pure(tmp_path_factory: pytest.TempPathFactory) -> Outcomes:
    """What the pure function makes of each file."""
    folder = tmp_path_factory.mktemp("corpus")
    for name, content in FILES.items():
        (folder / name).write_bytes(content)
    done = subprocess.run(
        [sys.executable, "-m", "tests.support.pure", folder],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(["lambda", "."])},
        capture_output=True,
        text=True,
        check=True,
    )
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    return {line.pop("file"): line for line in lines}


@pytest.fixture(scope="module")
def client(testbed: RunningTestbed) -> Iterator[Client]:
    client = Client(testbed)
    yield client
    keys = [client.key(name) for name in FILES]
    for bucket, named in (
        (client.outputs.original_bucket, keys),
        (client.outputs.resized_bucket, [names.thumbnail_key(key) for key in keys]),
    ):
        client.aws.s3.delete_objects(
            Bucket=bucket, Delete={"Objects": [{"Key": key} for key in named], "Quiet": True}
        )


@pytest.fixture(scope="module")
def executed(client: Client) -> Outcomes:
    """What an execution makes of each file, eight at once, each started through the API."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        happened = pool.map(lambda name: execute(client, name), FILES)
        return dict(zip(FILES, happened, strict=True))


def execute(client: Client, name: str) -> dict[str, Any]:
    """Upload one file, have it processed, and tell what came of it."""
    key = client.key(name)
    client.upload(key, FILES[name])
    ended = until_ended(client, client.start(json.dumps({"key": key})))
    if ended["status"] != "SUCCEEDED":
        return {"error": ended["error"], "cause": ended["cause"]}
    expected = {"success": True, "resized_key": names.thumbnail_key(key)}
    assert expected == json.loads(ended["output"])
    made = client.thumbnail(key)
    facts = {field.lower(): value for field, value in made.metadata.items()}
    assert hashlib.md5(FILES[name]).hexdigest() == facts["source-etag"]  # noqa: S324 - S3's ETag
    assert f"image/{facts['format']}" == made.content_type
    return {
        "sha256": hashlib.sha256(made.content).hexdigest(),
        "format": facts["format"],
        "width": int(facts["width"]),
        "height": int(facts["height"]),
    }


def until_ended(client: Client, execution_arn: str) -> DescribeExecutionOutputTypeDef:
    """The execution's description, once it does not run any more."""

    def look() -> tuple[DescribeExecutionOutputTypeDef | None, str]:
        seen = client.aws.stepfunctions.describe_execution(executionArn=execution_arn)
        return (None if seen["status"] == "RUNNING" else seen), seen["status"]

    return waiting.until(look, execution_arn, timeout_s=60, interval_s=LOOK_EVERY_S)


@pytest.mark.parametrize("name", FILES)
def test_the_outcome_is_that_of_the_pure_function(
    name: str, pure: Outcomes, executed: Outcomes
) -> None:
    """SUCCEEDED with the same bytes and metadata, or FAILED with the same code and text."""
    assert pure[name] == executed[name]


def test_only_what_succeeded_has_a_thumbnail(client: Client, executed: Outcomes) -> None:
    """A refusal writes nothing; a success writes one object under the name that it tells."""
    pages = client.aws.s3.get_paginator("list_objects_v2").paginate(
        Bucket=client.outputs.resized_bucket, Prefix=names.thumbnail_key(client.mark)
    )
    written = {item["Key"] for page in pages for item in page.get("Contents", [])}
    served = [client.key(name) for name, outcome in executed.items() if "sha256" in outcome]
    assert {names.thumbnail_key(key) for key in served} == written


def test_the_corpus_is_large_enough() -> None:
    """At least 125 files went through, hostile ones among them."""
    assert len(FILES) >= 125
    assert {each.name for each in hostile.everything()} <= set(FILES)
