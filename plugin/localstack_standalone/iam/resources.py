"""The policies of what requests are for: a bucket's, a function's, and a role's trust policy."""

from __future__ import annotations

import dataclasses
import json
from typing import Any, Final

from localstack_standalone.access.document import PolicyKind
from localstack_standalone.access.evaluation import NamedPolicy
from localstack_standalone.iam.directory import Directory
from localstack_standalone.iam.documents import Documents
from localstack_standalone.iam.operations import sts
from localstack_standalone.iam.operations.call import NeededAccess

# All of S3's buckets are in one store of their account.
_S3_REGION: Final = "us-east-1"
_EVERYBODY: Final = "http://acs.amazonaws.com/groups/global/AllUsers"
# What a grant of an access control list allows (Amazon S3 User Guide, "ACL overview").
_GRANTED: Final = {
    "s3:GetObject": ("READ", "FULL_CONTROL"),
    "s3:ListBucket": ("READ", "FULL_CONTROL"),
    "s3:PutObject": ("WRITE", "FULL_CONTROL"),
}


class ResourcePolicies:
    """Finds them in LocalStack's stores."""

    def __init__(self, documents: Documents, directory: Directory) -> None:
        self._documents = documents
        self._directory = directory

    def of(self, needed: NeededAccess) -> tuple[NamedPolicy, ...]:
        """The policy of the resource; none or one."""
        service, _, action = needed.action.partition(":")
        if service == "s3":
            bucket = self.bucket(needed.resource)
            text = bucket.policy if bucket else None
            return self._documents.named(f"policy of {bucket_name(needed.resource)}", text, _KIND)
        if service == "lambda" and action in ("InvokeFunction", "InvokeFunctionUrl"):
            return self._of_function(needed.resource)
        if service == "sts" and needed.action in (sts.ASSUME_ROLE, "sts:TagSession"):
            role = self._directory.role(needed.resource)
            return role.trust if role else ()
        return ()

    def bucket(self, arn: str) -> Any:
        """The bucket of *arn*, which may be an object's; None where there is none."""
        from localstack.services.s3.models import s3_stores

        name = bucket_name(arn)
        owner = self.owner(name)
        return owner and s3_stores[owner][_S3_REGION].buckets.get(name)

    @staticmethod
    def owner(bucket: str) -> str | None:
        """The account that has *bucket*; None where nobody has."""
        from localstack.services.s3.models import s3_stores

        for regions in list(s3_stores.values()):  # the map is the same in each
            owner = regions[_S3_REGION].global_bucket_map.get(bucket)
            return None if owner is None else str(owner)
        return None

    @staticmethod
    def role_of_function(arn: str) -> str | None:
        """The execution role of a function; None where there is no such function."""
        from localstack.services.lambda_.invocation.models import lambda_stores

        _, _, _, region, account, _, name, *_ = arn.split(":")
        if account not in lambda_stores:
            return None
        function = lambda_stores[account][region].functions.get(name)
        latest = function and function.latest()
        return str(latest.config.role) if latest else None

    def is_public(self, needed: NeededAccess) -> bool:
        """Whether an access control list lets everybody do it."""
        bucket = self.bucket(needed.resource)
        owner = bucket
        if bucket and needed.action == "s3:GetObject":
            owner = bucket.objects.get(needed.resource.partition("/")[2])
        granted = _GRANTED.get(needed.action, ())
        return any(
            grant["Grantee"].get("URI") == _EVERYBODY and grant["Permission"] in granted
            # A key that is not there has none, nor has the marker of one that was deleted.
            for grant in (getattr(owner, "acl", None) or {}).get("Grants", ())
        )

    def _of_function(self, arn: str) -> tuple[NamedPolicy, ...]:
        """The policy of a function, of one version of it, or of an alias."""
        from localstack.services.lambda_.invocation.models import lambda_stores

        _, _, _, region, account, _, name, *qualifier = arn.split(":")
        if account not in lambda_stores:
            return ()
        function = lambda_stores[account][region].functions.get(name)
        key = qualifier[0] if qualifier else "$LATEST"
        held = function and function.permissions.get(key)
        text = json.dumps(dataclasses.asdict(held.policy)) if held else None
        return self._documents.named(f"policy of {name}", text, _KIND)


_KIND: Final = PolicyKind.RESOURCE


def bucket_name(arn: str) -> str:
    """The bucket of an ARN of S3's."""
    return arn.rpartition(":::")[2].partition("/")[0]
