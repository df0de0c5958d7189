"""An S3 bucket that is closed to the public."""

from __future__ import annotations

import dataclasses
from itertools import batched, islice
from typing import TYPE_CHECKING, Any, ClassVar, Final, cast

from botocore.exceptions import ClientError

from infra import ownership
from infra.eventually import code, consistent
from infra.resource import Cloud, Description, Found, Resource, existing
from testbed.errors import ProvisioningError

if TYPE_CHECKING:
    from collections.abc import Collection

    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.literals import BucketLocationConstraintType
    from mypy_boto3_s3.type_defs import (
        CreateBucketConfigurationTypeDef,
        ObjectIdentifierTypeDef,
        OwnershipControlsUnionTypeDef,
        PublicAccessBlockConfigurationTypeDef,
    )

CLOSED: Final[PublicAccessBlockConfigurationTypeDef] = {
    "BlockPublicAcls": True,
    "IgnorePublicAcls": True,
    "BlockPublicPolicy": True,
    "RestrictPublicBuckets": True,
}
OWNER: Final = "BucketOwnerEnforced"
OWNED: Final[OwnershipControlsUnionTypeDef] = {"Rules": [{"ObjectOwnership": OWNER}]}
TAG, ACCESS, OWNERSHIP = f"tag {ownership.TAG_KEY}", "public access block", "object ownership"
# DeleteObjects takes at most this many keys (S3 API reference).
DELETE_BATCH: Final = 1000
# What is told of a bucket that would be emptied: no more requests than for 10,000 objects.
COUNTED_PAGES: Final = 10
NAMED_KEYS: Final = 3
POLL_S: Final = 0.05


@dataclasses.dataclass(frozen=True)
class Bucket(Resource):
    """A bucket in the account's region, closed to the public, without ACLs."""

    kind: ClassVar = "bucket"
    service: ClassVar = "s3"

    def read(self, cloud: Cloud) -> Found | None:
        """As it is; of another account's, or one in another region, only that it is not ours."""
        s3 = cloud.aws.s3
        try:
            seen = s3.head_bucket(Bucket=self.name, ExpectedBucketOwner=cloud.account.id)
        except ClientError as error:
            if code(error) == "404":
                return None
            raise self._unusable(cloud, error) from error
        # boto3 asks the region that S3 names when it is another one, so there is no error then.
        if seen.get("BucketRegion", cloud.account.region) != cloud.account.region:
            raise self._elsewhere(cloud, f"in {seen['BucketRegion']}")
        tags = existing(lambda: s3.get_bucket_tagging(Bucket=self.name)["TagSet"], "NoSuchTagSet")
        ours = ownership.is_ours(tags, cloud.deployment)
        return cloud.found(
            tags,
            cloud.account.bucket_arn(self.name),
            unfinished=not tags and self._is_empty(s3),
            attributes=lambda: {
                TAG: ownership.TAG_VALUE if ours else None,
                ACCESS: existing(
                    lambda: _access(s3, self.name), "NoSuchPublicAccessBlockConfiguration"
                ),
                OWNERSHIP: existing(
                    lambda: _ownership(s3, self.name), "OwnershipControlsNotFoundError"
                ),
            },
        )

    def wanted(self, cloud: Cloud) -> dict[str, Any]:  # noqa: ARG002 - the same everywhere
        """Tagged as ours, closed, and its objects owned by its account."""
        return {TAG: ownership.TAG_VALUE, ACCESS: CLOSED, OWNERSHIP: OWNER}

    def create(self, cloud: Cloud) -> None:
        """Make it.

        Raises:
            ProvisioningError: another account owns the name (bucket names are global).
        """
        s3 = cloud.aws.s3
        # Tagged from the first moment: whatever ends this run, the next knows it as ours.
        configuration: CreateBucketConfigurationTypeDef = {"Tags": cloud.tag_pairs}
        if cloud.account.region != "us-east-1":  # the one region that must not be named
            configuration["LocationConstraint"] = cast(
                "BucketLocationConstraintType", cloud.account.region
            )
        try:
            # Right after a deletion of the same name S3 answers OperationAborted for a while.
            consistent(
                lambda: s3.create_bucket(
                    Bucket=self.name,
                    ObjectOwnership=OWNER,
                    CreateBucketConfiguration=configuration,
                ),
                f"creation of {self.title}",
                lagging=_not_yet,
            )
        except ClientError as error:
            raise self._unusable(cloud, error) from error
        consistent(
            lambda: s3.head_bucket(Bucket=self.name), self.title, lagging=_not_yet, interval_s=0.2
        )
        self.update(cloud, self.name, self.wanted(cloud))

    def update(self, cloud: Cloud, identifier: str, differing: Collection[str]) -> None:  # noqa: ARG002
        """Claim it, close it, drop its ACLs: what of that is needed."""
        s3 = cloud.aws.s3
        if TAG in differing:
            s3.put_bucket_tagging(Bucket=self.name, Tagging={"TagSet": cloud.tag_pairs})
        if ACCESS in differing:
            s3.put_public_access_block(Bucket=self.name, PublicAccessBlockConfiguration=CLOSED)
        if OWNERSHIP in differing:
            s3.put_bucket_ownership_controls(Bucket=self.name, OwnershipControls=OWNED)

    def delete(self, cloud: Cloud, identifier: str) -> None:  # noqa: ARG002 - by its name
        """Delete it with everything in it, versions included."""
        s3 = cloud.aws.s3
        self._empty(s3)
        s3.delete_bucket(Bucket=self.name)
        self.wait_until_gone(
            lambda: self.read(cloud), timeout_s=60, interval_s=cloud.poll_s(POLL_S)
        )

    def contents(self, cloud: Cloud) -> str | None:
        """How many objects, how large, and the first of them; versions count each."""
        pages = cloud.aws.s3.get_paginator("list_object_versions").paginate(Bucket=self.name)
        sizes = {
            (item["Key"], item["VersionId"]): item["Size"]
            for page in islice(pages, COUNTED_PAGES)
            for item in page.get("Versions", ())
        }
        if not sizes:
            return None
        more = "at least " if len(sizes) == COUNTED_PAGES * DELETE_BATCH else ""
        keys = list(dict.fromkeys(key for key, _ in sizes))
        named = ", ".join(keys[:NAMED_KEYS]) + (", …" if len(keys) > NAMED_KEYS else "")
        objects = "object" if len(sizes) == 1 else "objects"
        return f"{more}{len(sizes):,} {objects}, {sum(sizes.values()):,} bytes: {named}"

    def describe(self, cloud: Cloud) -> Description:
        """Its address."""
        cloud.aws.s3.head_bucket(Bucket=self.name)
        uri = f"s3://{self.name}"
        return Description(facts={"URI": uri}, command=("s3", "ls", f"{uri}/"))

    def template(self) -> dict[str, Any]:
        """AWS::S3::Bucket."""
        return {
            "Type": "AWS::S3::Bucket",
            "Properties": {
                "BucketName": self.name,
                "OwnershipControls": OWNED,
                "PublicAccessBlockConfiguration": dict(CLOSED),
                "Tags": ownership.PAIRS,
            },
        }

    def _is_empty(self, s3: S3Client) -> bool:
        return not s3.list_object_versions(Bucket=self.name, MaxKeys=1).get("Versions")

    def _empty(self, s3: S3Client) -> None:
        pages = s3.get_paginator("list_object_versions").paginate(Bucket=self.name)
        keys: list[ObjectIdentifierTypeDef] = [
            {"Key": item["Key"], "VersionId": item["VersionId"]}
            for page in pages
            for item in (*page.get("Versions", ()), *page.get("DeleteMarkers", ()))
        ]
        for batch in batched(keys, DELETE_BATCH, strict=False):
            told = s3.delete_objects(
                Bucket=self.name, Delete={"Objects": list(batch), "Quiet": True}
            )
            if errors := told.get("Errors"):
                key, why = errors[0].get("Key"), errors[0].get("Message")
                raise ProvisioningError(f"{self.title} cannot be emptied: {key!r}: {why}")

    def _unusable(self, cloud: Cloud, error: ClientError) -> ProvisioningError:
        found = code(error)
        if found in {"403", "BucketAlreadyExists"}:
            return ownership.ForeignError(
                f"{self.title} belongs to another AWS account, or account {cloud.account.id} may "
                "not see it (s3:ListBucket). Bucket names are global: choose a prefix of your own, "
                "BUCKET_PREFIX=…, or use the account that owns it."
            )
        if found in {"301", "BucketAlreadyOwnedByYou"}:
            return self._elsewhere(cloud, "in another region")
        return ProvisioningError(f"{self.title} cannot be used: {error}")

    def _elsewhere(self, cloud: Cloud, where: str) -> ownership.ForeignError:
        return ownership.ForeignError(
            f"{self.title} is {where}, not in {cloud.account.region}, and cannot be moved. Choose "
            "another prefix, BUCKET_PREFIX=…, or the region that it is in, AWS_REGION=…, or delete "
            "it there."
        )


def _access(s3: S3Client, name: str) -> Any:
    return s3.get_public_access_block(Bucket=name)["PublicAccessBlockConfiguration"]


def _ownership(s3: S3Client, name: str) -> Any:
    rules = s3.get_bucket_ownership_controls(Bucket=name)["OwnershipControls"]["Rules"]
    return rules[0]["ObjectOwnership"] if len(rules) == 1 else rules


def _not_yet(error: ClientError) -> bool:
    return code(error) in {"OperationAborted", "NoSuchBucket", "404"}
