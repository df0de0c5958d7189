"""The function's log group.

Lambda would make it by itself, were the function's role allowed to; then its logs would be kept
for ever and `destroy` would leave them behind.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from infra import ownership
from infra.change import Change, settled

if TYPE_CHECKING:
    from mypy_boto3_logs import CloudWatchLogsClient
    from mypy_boto3_logs.type_defs import LogGroupTypeDef

RETENTION_DAYS: Final = 14


def ensure(logs: CloudWatchLogsClient, name: str, *, arn: str) -> Change:
    """Make the log group *name*, whose events are kept for RETENTION_DAYS.

    One that is there without our tag is what Lambda made for an earlier function of this name:
    it serves, and it stays as it is.
    """
    found = _find(logs, name)
    if found is None:
        logs.create_log_group(logGroupName=name, tags=ownership.TAGS)
        logs.put_retention_policy(logGroupName=name, retentionInDays=RETENTION_DAYS)
        return Change.CREATED
    stale = found.get("retentionInDays") != RETENTION_DAYS and _is_ours(logs, arn)
    if stale:
        logs.put_retention_policy(logGroupName=name, retentionInDays=RETENTION_DAYS)
    return settled(updated=stale)


def destroy(logs: CloudWatchLogsClient, name: str, *, arn: str) -> Change:
    """Delete the log group *name* with its events, if it is ours."""
    if _find(logs, name) is None:
        return Change.ABSENT
    if not _is_ours(logs, arn):
        return Change.KEPT
    logs.delete_log_group(logGroupName=name)
    return Change.DESTROYED


def _find(logs: CloudWatchLogsClient, name: str) -> LogGroupTypeDef | None:
    pages = logs.get_paginator("describe_log_groups").paginate(logGroupNamePrefix=name)
    groups = (group for page in pages for group in page["logGroups"])
    return next((group for group in groups if group.get("logGroupName") == name), None)


def _is_ours(logs: CloudWatchLogsClient, arn: str) -> bool:
    return ownership.is_ours(logs.list_tags_for_resource(resourceArn=arn)["tags"])
