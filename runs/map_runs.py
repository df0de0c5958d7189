"""Map Runs: what a distributed Map state started, whose iterations are executions of their own.

They are in nobody's history: DescribeMapRun counts them, ListExecutions lists them by the Map Run
(Step Functions Developer Guide, "Viewing a Distributed Map Run execution").
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any, Final

from runs.model import Status

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from mypy_boto3_stepfunctions.type_defs import HistoryEventTypeDef

    from testbed.aws import Aws

MOST_CHILDREN: Final = 25


@dataclasses.dataclass(frozen=True, kw_only=True)
class ChildExecution:
    """One iteration of it.

    Attributes:
        arn: the execution's.
        status: how it stands.
    """

    arn: str
    status: Status


@dataclasses.dataclass(frozen=True, kw_only=True)
class MapRun:
    """A Map Run as it stands.

    Attributes:
        arn: its ARN.
        status: how it stands.
        items: how many items stand how, by the names that Step Functions has for that.
        children: the latest of its executions; None where they were not asked for.
    """

    arn: str
    status: Status
    items: Mapping[str, int]
    children: tuple[ChildExecution, ...] | None = None

    @property
    def label(self) -> str:
        """What its state is called in the ARN."""
        return self.arn.rpartition("/")[2].partition(":")[0]


def started(events: Iterable[HistoryEventTypeDef]) -> tuple[str, ...]:
    """The ARNs of those that a history has started."""
    return tuple(
        event["mapRunStartedEventDetails"].get("mapRunArn", "")
        for event in events
        if "mapRunStartedEventDetails" in event
    )


def read(aws: Aws, arn: str, *, children: bool) -> MapRun:
    """How the Map Run with *arn* stands, with its latest executions if *children* are wanted."""
    found = aws.stepfunctions.describe_map_run(mapRunArn=arn)
    listed = None
    if children:
        page = aws.stepfunctions.list_executions(mapRunArn=arn, maxResults=MOST_CHILDREN)
        listed = tuple(
            ChildExecution(arn=one["executionArn"], status=Status(one["status"]))
            for one in page["executions"]
        )
    told: Mapping[str, Any] = found["itemCounts"]
    counts = {name: int(number) for name, number in told.items() if number}
    return MapRun(arn=arn, status=Status(found["status"]), items=counts, children=listed)
