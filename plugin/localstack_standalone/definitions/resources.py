"""Resources of tasks: what AWS knows, and what an Express machine may not have.

The optimized integrations and their patterns: "Integrating optimized services" in the developer
guide. Only services whose operations are few and named there are looked at closely; what another
service can do is AWS's to say.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

_SERVICE: Final = re.compile(r"arn:[^:]+:states:[^:]*:[^:]*:(?P<service>[\w-]+):(?P<call>.+)")
_ACTIVITY: Final = re.compile(r"arn:[^:]+:states:[^:]+:[^:]+:activity:")
_PATTERN: Final = re.compile(r"\.(sync|waitForTaskToken)(:2)?$")
_OPERATIONS: Final[dict[str, frozenset[str]]] = {
    "apigateway": frozenset({"invoke"}),
    "dynamodb": frozenset({"getItem", "putItem", "updateItem", "deleteItem"}),
    "events": frozenset({"putEvents"}),
    "http": frozenset({"invoke"}),
    "lambda": frozenset({"invoke"}),
    "sns": frozenset({"publish"}),
    "sqs": frozenset({"sendMessage"}),
    "states": frozenset({"startExecution"}),
}
_NO_SYNC: Final = frozenset({"lambda", "sns", "sqs", "dynamodb", "events", "apigateway", "aws-sdk"})
_NO_TOKEN: Final = frozenset(
    {"athena", "batch", "codebuild", "elasticmapreduce", "emr-containers", "emr-serverless"}
    | {"glue", "databrew", "mediaconvert", "sagemaker", "dynamodb"}
)


def is_activity(resource: object) -> bool:
    """Whether *resource* is an activity's ARN."""
    return isinstance(resource, str) and _ACTIVITY.match(resource) is not None


def mistakes(resource: str, *, express: bool) -> Iterator[str]:
    """What is wrong with the Resource of a Task."""
    if not resource.startswith("arn:"):
        yield "Value is not a valid resource ARN"
        return
    if express and is_activity(resource):
        yield "Express state machine does not support Activity ARN"
    found = _SERVICE.fullmatch(resource)
    if found is None or found["service"] == "activity":
        return
    service, call = found["service"], found["call"]
    suffix = _PATTERN.search(call)
    if not _is_known(service, call, suffix):
        yield (
            f"The resource provided {resource} is not recognized. The value is not a valid "
            "resource ARN, or the resource is not available in this region."
        )
    elif express and suffix:
        # AWS's own blank behind the second; recorded.
        blank = " " if suffix[1] == "waitForTaskToken" else ""
        yield f"Express state machine does not support '.{suffix[1]}' service integration{blank}"


def _is_known(service: str, call: str, suffix: re.Match[str] | None) -> bool:
    operation = call[: suffix.start()] if suffix else call
    if operation not in _OPERATIONS.get(service, {operation}):
        return False
    if suffix is None:
        return True
    if suffix[2] and (service, suffix[1]) != ("states", "sync"):
        return False
    return service not in (_NO_SYNC if suffix[1] == "sync" else _NO_TOKEN)
