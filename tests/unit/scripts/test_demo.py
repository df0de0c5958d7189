from __future__ import annotations

import dataclasses

from scripts import demo
from testbed.outputs import Outputs


def test_what_comes_next_can_be_copied(outputs: Outputs) -> None:
    """The request with its media type, and the bucket's objects, on this testbed."""
    text = demo.what_next(outputs).plain
    assert f'-d \'{{"key": "club2.png"}}\' {outputs.api_url}' in text
    assert f"AWS_ENDPOINT_URL={outputs.endpoint} .envs/tools/bin/awslocal s3 ls" in text


def test_on_aws_the_aws_cli_is_named(outputs: Outputs) -> None:
    """There is no endpoint to be told."""
    text = demo.what_next(dataclasses.replace(outputs, endpoint=None)).plain
    assert f"aws s3 ls s3://{outputs.resized_bucket}/" in text
    assert "AWS_ENDPOINT_URL" not in text
