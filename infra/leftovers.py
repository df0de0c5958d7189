"""What AWS's own index of tags knows of a deployment: a second look, after each was looked up.

It finds what the stack does not declare (an API that a cut-off run made twice, a resource of an
older version). It covers one region, and lags: deleted resources stay in it for a while (Resource
Groups Tagging API Reference, GetResources), so that it is not believed about what was asked for
itself. Roles are not in it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from infra.resource import existing

if TYPE_CHECKING:
    from infra.resource import Cloud, Resource

_API: Final = ":/restapis/"


def tagged(cloud: Cloud, resources: Iterable[Resource]) -> list[str]:
    """ARNs of what has the tags of the deployment of *cloud* and is none of *resources*.

    Raises:
        ClientError: the index may not be asked (``tag:GetResources``).
    """
    index = cloud.aws.client("resourcegroupstaggingapi")
    filters = [{"Key": key, "Values": [value]} for key, value in cloud.tags.items()]
    pages = index.get_paginator("get_resources").paginate(TagFilters=filters)
    arns = [found["ResourceARN"] for page in pages for found in page["ResourceTagMappingList"]]
    known = tuple(f"{mark}{each.name}" for each in resources for mark in ":/")
    return [arn for arn in arns if not arn.endswith(known) and not _is_a_gone_api(cloud, arn)]


def _is_a_gone_api(cloud: Cloud, arn: str) -> bool:
    """Whether *arn* is that of an API, or of a part of one, that API Gateway does not have."""
    if _API not in arn:
        return False
    api_id = arn.partition(_API)[2].partition("/")[0]
    gateway = cloud.aws.apigateway
    return existing(lambda: gateway.get_rest_api(restApiId=api_id), "NotFoundException") is None
