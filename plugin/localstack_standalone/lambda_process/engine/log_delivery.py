"""Puts log events into CloudWatch Logs.

LocalStack's own delivery has a thread for each function version, gives every line of an
invocation the same time, splits errors into lines and drops the logs of failed inits. Ours takes
its place (docs/decisions tells why this is a patch).
"""

from __future__ import annotations

import contextlib
import dataclasses
from typing import Any

from botocore.exceptions import ClientError
from localstack.aws.connect import connect_to
from localstack.utils.aws.client_types import ServicePrincipal
from localstack.utils.bootstrap import is_api_enabled

from localstack_standalone.lambda_process.engine.log_order import in_order


@dataclasses.dataclass(frozen=True)
class Stream:
    """Where events go, and whose they are.

    Attributes:
        account: the function's.
        region: likewise.
        group: the log group's name.
        name: the stream's.
        function: the function's ARN: its role is to allow it.
    """

    account: str
    region: str
    group: str
    name: str
    function: str


def put_events(stream: Stream, events: list[dict[str, Any]]) -> None:
    """Put *events* into *stream*, made where it is missing, unless the logs service is off.

    What the function's role does not allow is lost without a word, as on AWS (where IAM is asked,
    the emulator's log says what is missing).
    """
    if not is_api_enabled("logs"):
        return
    client = connect_to(
        aws_access_key_id=stream.account, region_name=stream.region
    ).logs.request_metadata(source_arn=stream.function, service_principal=ServicePrincipal.lambda_)
    where = {"logGroupName": stream.group, "logStreamName": stream.name}
    try:
        for some in in_order(events):
            _put(client, where, some)
    except ClientError as error:
        if error.response["Error"]["Code"] != "AccessDeniedException":
            raise


def _put(client: Any, where: dict[str, Any], events: list[dict[str, Any]]) -> None:
    missing = client.exceptions.ResourceNotFoundException
    try:
        client.put_log_events(**where, logEvents=events)
    except missing:
        with contextlib.suppress(client.exceptions.ResourceAlreadyExistsException):
            try:
                client.create_log_stream(**where)
            except missing:  # a role that may not make groups needs one that is there
                client.create_log_group(logGroupName=where["logGroupName"])
                client.create_log_stream(**where)
        client.put_log_events(**where, logEvents=events)
