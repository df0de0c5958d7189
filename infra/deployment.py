"""The pipeline in one account and region of AWS: its buckets' names, and its own name.

An account has room for one a region, and its roles, which have no region, for one in all: who comes
second is refused by the tags of the first (`infra.ownership`).
"""

from __future__ import annotations

import dataclasses
from typing import Final

import botocore.session
from botocore.exceptions import UnknownRegionError

from infra.account import Account
from infra.resources.bucket import Bucket
from infra.stack import Pipeline
from testbed import names, setting_table
from testbed.errors import ProvisioningError, SettingError

AS_GIVEN: Final = "none"
PARTITION: Final = "aws"


@dataclasses.dataclass(frozen=True)
class AwsDeployment:
    """Which one.

    Attributes:
        account: where.
        name: region and prefix, what all its resources are tagged with.
        pipeline: the resources.
    """

    account: Account
    name: str
    pipeline: Pipeline


def of(account: Account, bucket_prefix: str = "") -> AwsDeployment:
    """The deployment in *account* whose buckets begin with *bucket_prefix*.

    Args:
        account: where.
        bucket_prefix: AS_GIVEN for the names as they were given; without one it is the account's
            id, which nobody else has.

    Raises:
        SettingError: it makes no name of a bucket.
        ProvisioningError: the region is in another partition of AWS.
    """
    check_region(account.region)
    prefix = bucket_prefix or account.id
    if allowed := setting_table.problem("BUCKET_PREFIX", prefix):
        raise SettingError("BUCKET_PREFIX", prefix, allowed)
    before = "" if prefix == AS_GIVEN else f"{prefix}-"
    pipeline = Pipeline(
        Bucket(before + names.ORIGINAL_BUCKET), Bucket(before + names.RESIZED_BUCKET)
    )
    return AwsDeployment(account, f"{account.region}/{prefix}", pipeline)


def check_region(region: str) -> None:
    """See that the pipeline can be in *region*; asks nobody.

    Raises:
        ProvisioningError: it is in another partition of AWS, or in none.
    """
    try:
        partition = botocore.session.get_session().get_partition_for_region(region)
    except UnknownRegionError as error:
        raise ProvisioningError(f"AWS_REGION={region} is no region of AWS") from error
    if partition != PARTITION:
        raise ProvisioningError(
            f"AWS_REGION={region} is in partition {partition}, whose ARNs and hosts are "
            "others; the pipeline is for AWS's commercial regions"
        )
