"""CloudWatch Logs: groups, streams, events, filters."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Final

from conformance.check import Check, refused, same

if TYPE_CHECKING:
    from conformance.workshop import Workshop

API: Final = "https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference"
GUIDE: Final = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs"
LINES: Final = ('{"level": "info", "cup": 1}', '{"level": "error", "cup": 2}', "plain tea")


def _group(shop: Workshop) -> str:
    logs, name = shop.aws.logs, f"/{shop.name()}"
    logs.create_log_group(logGroupName=name)
    shop.afterwards(logs.delete_log_group, logGroupName=name)
    return name


def _filled(shop: Workshop) -> str:
    logs, group = shop.aws.logs, _group(shop)
    logs.create_log_stream(logGroupName=group, logStreamName="a")
    now = int(time.time() * 1000)
    events: Any = [{"timestamp": now + n, "message": line} for n, line in enumerate(LINES)]
    logs.put_log_events(logGroupName=group, logStreamName="a", logEvents=events)
    return group


def _found(shop: Workshop, group: str, pattern: str, expected: list[str]) -> None:
    def probe() -> tuple[list[str] | None, str]:
        got = shop.aws.logs.filter_log_events(logGroupName=group, filterPattern=pattern)
        found = [each["message"] for each in got.get("events", [])]
        return found or None, f"{found}"

    same(f"what {pattern!r} finds", expected, shop.until(probe, f"lines for {pattern}"))


def _order(shop: Workshop) -> None:
    group = _filled(shop)

    def probe() -> tuple[list[str] | None, str]:
        got = shop.aws.logs.get_log_events(
            logGroupName=group, logStreamName="a", startFromHead=True
        )
        found = [each["message"] for each in got.get("events", [])]
        return (found if len(found) == len(LINES) else None), f"{found}"

    same("the lines", list(LINES), shop.until(probe, "all lines"))


def _words(shop: Workshop) -> None:
    _found(shop, _filled(shop), "tea", [LINES[2]])


def _fields(shop: Workshop) -> None:
    _found(shop, _filled(shop), '{ ($.level = "error") && ($.cup > 1) }', [LINES[1]])


def _retention(shop: Workshop) -> None:
    logs, group = shop.aws.logs, _group(shop)
    logs.put_retention_policy(logGroupName=group, retentionInDays=7)
    found = logs.describe_log_groups(logGroupNamePrefix=group)["logGroups"]
    same("retentionInDays", [7], [each.get("retentionInDays") for each in found])
    with refused("InvalidParameterException", status=400):
        logs.put_retention_policy(logGroupName=group, retentionInDays=8)


def _twice(shop: Workshop) -> None:
    group = _group(shop)
    with refused("ResourceAlreadyExistsException", status=400):
        shop.aws.logs.create_log_group(logGroupName=group)


def _unknown(shop: Workshop) -> None:
    with refused(
        "ResourceNotFoundException", status=400, message="The specified log group does not exist"
    ):
        shop.aws.logs.describe_log_streams(logGroupName=f"/{shop.name()}")


def _check(name: str, aws: str, source: str, run: Any) -> Check:
    return Check("Logs", name, aws, source, run)


CHECKS: Final = (
    _check(
        "events in order", "GetLogEvents gives all lines", f"{API}/API_GetLogEvents.html", _order
    ),
    _check(
        "filter by a word", "lines that have it", f"{GUIDE}/FilterAndPatternSyntax.html", _words
    ),
    _check(
        "filter by JSON's fields",
        "lines of JSON whose fields match",
        f"{GUIDE}/FilterAndPatternSyntax.html",
        _fields,
    ),
    _check(
        "retention",
        "is kept; another number of days than AWS's is InvalidParameterException",
        f"{API}/API_PutRetentionPolicy.html",
        _retention,
    ),
    _check(
        "a group twice",
        "ResourceAlreadyExistsException",
        f"{API}/API_CreateLogGroup.html",
        _twice,
    ),
    _check(
        "unknown group",
        "ResourceNotFoundException",
        f"{API}/API_DescribeLogStreams.html",
        _unknown,
    ),
)
