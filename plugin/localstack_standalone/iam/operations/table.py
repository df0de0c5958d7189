"""All services of which something is known."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from localstack_standalone.iam.operations import (
    apigateway,
    iam,
    lambda_,
    logs,
    others,
    s3,
    states,
    sts,
)
from localstack_standalone.iam.operations.call import Needs, OperationCall

SERVICES: Final[Mapping[str, Callable[[OperationCall], Needs]]] = {
    "apigateway": apigateway.needed,
    "cloudwatch": others.cloudwatch,
    "events": others.events,
    "iam": iam.needed,
    "lambda": lambda_.needed,
    "logs": logs.needed,
    "resourcegroupstaggingapi": others.tagging,
    "s3": s3.needed,
    "stepfunctions": states.needed,
    "sts": sts.needed,
}


def needed(call: OperationCall) -> Needs:
    """What *call* needs; None where nothing is known of it."""
    of_service = SERVICES.get(call.service)
    return None if of_service is None else of_service(call)
