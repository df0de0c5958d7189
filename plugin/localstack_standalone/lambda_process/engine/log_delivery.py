"""Puts log events into CloudWatch Logs.

LocalStack's own delivery has a thread for each function version, gives every line of an
invocation the same time, splits errors into lines and drops the logs of failed inits. Ours takes
its place (docs/decisions tells why this is a patch).
"""

from __future__ import annotations

import contextlib
import dataclasses
from typing import Any

from localstack.aws.connect import connect_to
from localstack.utils.bootstrap import is_api_enabled


@dataclasses.dataclass(frozen=True)
class Stream:
    """Where events go."""

    account: str
    region: str
    group: str
    name: str


def put_events(stream: Stream, events: list[dict[str, Any]]) -> None:
    """Put *events* into *stream*, made where it is missing, unless the logs service is off."""
    if not is_api_enabled("logs"):
        return
    client = connect_to(aws_access_key_id=stream.account, region_name=stream.region).logs
    where: dict[str, Any] = {"logGroupName": stream.group, "logStreamName": stream.name}
    try:
        client.put_log_events(**where, logEvents=events)
    except client.exceptions.ResourceNotFoundException:
        there = client.exceptions.ResourceAlreadyExistsException
        with contextlib.suppress(there):
            client.create_log_group(logGroupName=stream.group)
        with contextlib.suppress(there):
            client.create_log_stream(**where)
        client.put_log_events(**where, logEvents=events)
