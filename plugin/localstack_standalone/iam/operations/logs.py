"""CloudWatch Logs.

Source: Service Authorization Reference, "Actions, resources, and condition keys for Amazon
CloudWatch Logs"; CloudWatch Logs API Reference, LogGroup (the ARN with ``:*`` is for policies, but
for the three that tag). A refusal of AWS's names a group as ``log-group:name:log-stream:`` with
the stream behind it, which ``log-group:name:*`` matches.
"""

from __future__ import annotations

from typing import Final

from localstack_standalone.iam.operations.call import (
    NeededAccess,
    Needs,
    OperationCall,
    request_tags,
)

_TAGGING: Final = ("TagResource", "UntagResource", "ListTagsForResource")
_FOR_ALL: Final = frozenset(
    {"DescribeLogGroups", "DescribeQueries", "DescribeDestinations", "DescribeResourcePolicies"}
)


def needed(call: OperationCall) -> Needs:
    """What *call* needs; None where nothing is known of it."""
    parameters, action = call.parameters, f"logs:{call.operation}"
    if call.operation in _TAGGING:
        tags = request_tags(parameters.get("tags"))
        return (NeededAccess(action, str(parameters.get("resourceArn")).removesuffix(":*"), tags),)
    if call.operation in _FOR_ALL:
        return (NeededAccess(action, call.place.arn("logs", "log-group::log-stream:")),)
    group = parameters.get("logGroupName") or parameters.get("logGroupIdentifier")
    if not group:
        return None
    if group.startswith("arn:"):
        arn = group.removesuffix(":*")
    else:
        arn = call.place.arn("logs", f"log-group:{group}")
    stream = parameters.get("logStreamName") or ""
    tags = request_tags(parameters.get("tags"))
    wanted = NeededAccess(action, f"{arn}:log-stream:{stream}", tags)
    tagging = (NeededAccess("logs:TagResource", arn, tags),) if tags else ()
    return (wanted, *(tagging if call.operation == "CreateLogGroup" else ()))
