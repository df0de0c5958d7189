"""The function's log group.

Lambda would make it by itself, were the function's role allowed to; then its logs would be kept
for ever and `destroy` would leave them behind.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any, ClassVar, Final

from infra import ownership
from infra.resource import Cloud, Description, Found, Resource

if TYPE_CHECKING:
    from collections.abc import Collection

    from mypy_boto3_logs.type_defs import LogGroupTypeDef

RETENTION_DAYS: Final = 14


@dataclasses.dataclass(frozen=True)
class LogGroup(Resource):
    """A log group whose events are kept for RETENTION_DAYS.

    One that is there without our tag is what Lambda made for an earlier function of this name:
    it serves, and it stays as it is.
    """

    kind: ClassVar = "log group"
    service: ClassVar = "logs"
    shared: ClassVar = True

    def read(self, cloud: Cloud) -> Found | None:
        """As it is."""
        found = self._find(cloud)
        if found is None:
            return None
        arn = cloud.account.log_group_arn(self.name)
        tags = cloud.aws.logs.list_tags_for_resource(resourceArn=arn)["tags"]
        kept = found.get("retentionInDays")
        return cloud.found(tags, arn, lambda: {"retention in days": kept})

    def wanted(self, cloud: Cloud) -> dict[str, Any]:  # noqa: ARG002 - the same everywhere
        """How long events are kept."""
        return {"retention in days": RETENTION_DAYS}

    def create(self, cloud: Cloud) -> None:
        """Make it."""
        cloud.aws.logs.create_log_group(logGroupName=self.name, tags=cloud.tags)
        self.update(cloud, self.name, self.wanted(cloud))

    def update(self, cloud: Cloud, identifier: str, differing: Collection[str]) -> None:  # noqa: ARG002
        """Set how long events are kept."""
        cloud.aws.logs.put_retention_policy(logGroupName=self.name, retentionInDays=RETENTION_DAYS)

    def delete(self, cloud: Cloud, identifier: str) -> None:  # noqa: ARG002 - by its name
        """Delete it with its events."""
        cloud.aws.logs.delete_log_group(logGroupName=self.name)

    def describe(self, cloud: Cloud) -> Description:
        """Whether it is there, and for how long it keeps events."""
        found = self._find(cloud)
        days = found.get("retentionInDays") if found else None
        return Description(
            facts={
                "there": "yes" if found else "no",
                "kept for": f"{days} days" if days else "ever",
            },
            command=("logs", "filter-log-events", "--log-group-name", self.name),
        )

    def template(self) -> dict[str, Any]:
        """AWS::Logs::LogGroup."""
        properties = {
            "LogGroupName": self.name,
            "RetentionInDays": RETENTION_DAYS,
            "Tags": ownership.PAIRS,
        }
        return {
            "Type": "AWS::Logs::LogGroup",
            "DeletionPolicy": "Delete",
            "UpdateReplacePolicy": "Delete",
            "Properties": properties,
        }

    def _find(self, cloud: Cloud) -> LogGroupTypeDef | None:
        pages = cloud.aws.logs.get_paginator("describe_log_groups").paginate(
            logGroupNamePrefix=self.name
        )
        groups = (group for page in pages for group in page["logGroups"])
        return next((group for group in groups if group.get("logGroupName") == self.name), None)
