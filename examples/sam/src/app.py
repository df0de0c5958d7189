"""How many bytes a picture has: the one function of both examples, asked in four ways."""

from __future__ import annotations

import json
import os
from typing import Any

import boto3

S3 = boto3.client("s3")


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Answer a state machine, or a request of HTTP; do what a queue has, and note it.

    An API and a function's URL ask with a body, ``{"key": "a.png"}``, a state machine with just
    that, a queue with several of them.
    """
    if "Records" in event:
        failed = [each["messageId"] for each in event["Records"] if not _noted(each["body"])]
        return {"batchItemFailures": [{"itemIdentifier": each} for each in failed]}
    if "requestContext" in event:
        asked = json.loads(event.get("body") or "{}")
        measured = _measured(asked.get("key", ""))
        return {"statusCode": 200 if measured else 404, "body": json.dumps(measured)}
    return _measured(event["key"]) or {}


def _measured(key: str) -> dict[str, Any] | None:
    try:
        found = S3.head_object(Bucket=os.environ["PICTURES"], Key=key)
    except S3.exceptions.ClientError:
        return None
    return {"key": key, "bytes": found["ContentLength"]}


def _noted(body: str) -> bool:
    """Whether the picture that a message names is there, and its size beside it now."""
    measured = _measured(json.loads(body)["key"])
    if measured:
        name = f"sizes/{measured['key']}.json"
        S3.put_object(Bucket=os.environ["PICTURES"], Key=name, Body=json.dumps(measured))
    return measured is not None
