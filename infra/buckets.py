"""An S3 bucket that is closed to the public."""

from __future__ import annotations

from itertools import batched
from typing import TYPE_CHECKING, Final, cast

from botocore.exceptions import ClientError

from infra import ownership
from infra.change import Change, settled
from infra.eventually import code, consistent
from testbed import waiting
from testbed.errors import ProvisioningError

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.literals import BucketLocationConstraintType
    from mypy_boto3_s3.type_defs import (
        ObjectIdentifierTypeDef,
        PublicAccessBlockConfigurationTypeDef,
    )

    from infra.place import Place

CLOSED: Final[PublicAccessBlockConfigurationTypeDef] = {
    "BlockPublicAcls": True,
    "IgnorePublicAcls": True,
    "BlockPublicPolicy": True,
    "RestrictPublicBuckets": True,
}
OWNER: Final = "BucketOwnerEnforced"
# DeleteObjects takes at most this many keys (S3 API reference).
DELETE_BATCH: Final = 1000
_NOT_YET: Final = frozenset({"OperationAborted", "NoSuchBucket", "404"})


def ensure(s3: S3Client, name: str, *, place: Place) -> Change:
    """Make bucket *name* in the place's region, closed to the public, without ACLs.

    Raises:
        ProvisioningError: another account owns the name (bucket names are global), or the bucket
            is in another region, or it holds objects and was not made by this project.
    """
    created = not _exists(s3, name, place)
    if created:
        _create(s3, name, place)
    changes = [_claim(s3, name), _close(s3, name), _drop_acls(s3, name)]
    return settled(created=created, updated=any(changes))


def destroy(s3: S3Client, name: str, *, place: Place) -> Change:
    """Delete bucket *name* with everything in it, versions included, if it is ours."""
    try:
        if not _exists(s3, name, place):
            return Change.ABSENT
    except ProvisioningError:
        return Change.KEPT
    if not _is_ours(s3, name):
        return Change.KEPT
    _empty(s3, name)
    s3.delete_bucket(Bucket=name)
    waiting.until(
        lambda: (None if _exists(s3, name, place) else True, "it still exists"),
        f"deletion of bucket {name}",
        timeout_s=60,
    )
    return Change.DESTROYED


def _exists(s3: S3Client, name: str, place: Place) -> bool:
    try:
        s3.head_bucket(Bucket=name, ExpectedBucketOwner=place.account)
    except ClientError as error:
        if code(error) == "404":
            return False
        raise _unusable(name, place, error) from error
    return True


def _create(s3: S3Client, name: str, place: Place) -> None:
    def create() -> None:
        if place.region == "us-east-1":  # the one region that must not be named
            s3.create_bucket(Bucket=name, ObjectOwnership=OWNER)
        else:
            s3.create_bucket(
                Bucket=name,
                ObjectOwnership=OWNER,
                CreateBucketConfiguration={
                    "LocationConstraint": cast("BucketLocationConstraintType", place.region)
                },
            )

    try:
        # Right after a deletion of the same name S3 answers OperationAborted for a while.
        consistent(create, f"creation of bucket {name}", lagging=_not_yet)
    except ClientError as error:
        raise _unusable(name, place, error) from error
    consistent(
        lambda: s3.head_bucket(Bucket=name), f"bucket {name}", lagging=_not_yet, interval_s=0.2
    )


def _claim(s3: S3Client, name: str) -> bool:
    """Tag the bucket as ours; False if it was. An empty one without tag is one half-made."""
    if _is_ours(s3, name):
        return False
    if s3.list_object_versions(Bucket=name, MaxKeys=1).get("Versions"):
        raise ownership.refuse(f"bucket {name}")
    s3.put_bucket_tagging(
        Bucket=name,
        Tagging={"TagSet": [{"Key": ownership.TAG_KEY, "Value": ownership.TAG_VALUE}]},
    )
    return True


def _is_ours(s3: S3Client, name: str) -> bool:
    try:
        return ownership.is_ours(s3.get_bucket_tagging(Bucket=name)["TagSet"])
    except ClientError as error:
        if code(error) == "NoSuchTagSet":
            return False
        raise


def _close(s3: S3Client, name: str) -> bool:
    try:
        found = s3.get_public_access_block(Bucket=name)["PublicAccessBlockConfiguration"]
    except ClientError as error:
        if code(error) != "NoSuchPublicAccessBlockConfiguration":
            raise
        found = {}
    if found == CLOSED:
        return False
    s3.put_public_access_block(Bucket=name, PublicAccessBlockConfiguration=CLOSED)
    return True


def _drop_acls(s3: S3Client, name: str) -> bool:
    try:
        rules = s3.get_bucket_ownership_controls(Bucket=name)["OwnershipControls"]["Rules"]
    except ClientError as error:
        if code(error) != "OwnershipControlsNotFoundError":
            raise
        rules = []
    if rules == [{"ObjectOwnership": OWNER}]:
        return False
    s3.put_bucket_ownership_controls(
        Bucket=name, OwnershipControls={"Rules": [{"ObjectOwnership": OWNER}]}
    )
    return True


def _empty(s3: S3Client, name: str) -> None:
    pages = s3.get_paginator("list_object_versions").paginate(Bucket=name)
    found = (
        item
        for page in pages
        for item in (*page.get("Versions", ()), *page.get("DeleteMarkers", ()))
    )
    keys: list[ObjectIdentifierTypeDef] = [
        {"Key": item["Key"], "VersionId": item["VersionId"]} for item in found
    ]
    for batch in batched(keys, DELETE_BATCH, strict=False):
        answer = s3.delete_objects(Bucket=name, Delete={"Objects": list(batch), "Quiet": True})
        if errors := answer.get("Errors"):
            first = errors[0]
            raise ProvisioningError(
                f"bucket {name} cannot be emptied: {first.get('Key')!r}: {first.get('Message')}"
            )


def _not_yet(error: ClientError) -> bool:
    return code(error) in _NOT_YET


def _unusable(name: str, place: Place, error: ClientError) -> ProvisioningError:
    found = code(error)
    if found in {"403", "BucketAlreadyExists"}:
        return ProvisioningError(
            f"bucket {name} belongs to another AWS account, or account {place.account} may not see "
            "it. Bucket names are global: choose other names in testbed/names.py, or use the "
            "account that owns it."
        )
    if found in {"301", "BucketAlreadyOwnedByYou"}:
        return ProvisioningError(
            f"bucket {name} is in another region than {place.region}. Delete it there, or choose "
            "other names in testbed/names.py."
        )
    return ProvisioningError(f"bucket {name} cannot be used: {error}")
