"""An IAM role with exactly one inline policy."""

from __future__ import annotations

import dataclasses
import json
from typing import TYPE_CHECKING, Any, ClassVar, Final

from infra import ownership, policies, sam
from infra.resource import Cloud, Description, Found, Resource, existing

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from mypy_boto3_iam import IAMClient

    from infra.account import Account
    from infra.policies import Grants

POLICY_NAME: Final = "permissions"
TRUST, PERMISSIONS, OTHERS = "trust", "permissions", "other policies"


@dataclasses.dataclass(frozen=True)
class Role(Resource):
    """A role with its trust, its one policy, and nothing beside that.

    Policies that others have put on the role are taken off: a role of least privilege allows
    what this project says and no more.

    Attributes:
        description: what it is for, shown in consoles.
        grants: who may assume it and what it may do, in an account.
    """

    kind: ClassVar = "role"
    service: ClassVar = "iam"
    description: str
    grants: Callable[[Account], Grants]

    def read(self, cloud: Cloud) -> Found | None:
        """As it is."""
        iam = cloud.aws.iam
        found = existing(lambda: iam.get_role(RoleName=self.name)["Role"], "NoSuchEntity")
        if found is None:
            return None
        return cloud.found(
            found.get("Tags"),
            found["Arn"],
            attributes=lambda: {
                TRUST: policies.normal(found["AssumeRolePolicyDocument"]),
                PERMISSIONS: self._permissions(iam),
                OTHERS: [name for name in self._inline(iam) if name != POLICY_NAME]
                + self._attached(iam),
            },
        )

    def wanted(self, cloud: Cloud) -> dict[str, Any]:
        """Least privilege."""
        grants = self.grants(cloud.account)
        return {
            TRUST: policies.normal(grants.trust),
            PERMISSIONS: policies.normal(grants.permissions),
            OTHERS: [],
        }

    def create(self, cloud: Cloud) -> None:
        """Make it."""
        cloud.aws.iam.create_role(
            RoleName=self.name,
            Description=self.description,
            AssumeRolePolicyDocument=json.dumps(self.grants(cloud.account).trust),
            Tags=cloud.tag_pairs,
        )
        self._put_permissions(cloud)

    def update(self, cloud: Cloud, identifier: str, differing: Collection[str]) -> None:  # noqa: ARG002
        """Put right what differs."""
        iam = cloud.aws.iam
        if TRUST in differing:
            trust = json.dumps(self.grants(cloud.account).trust)
            iam.update_assume_role_policy(RoleName=self.name, PolicyDocument=trust)
        if PERMISSIONS in differing:
            self._put_permissions(cloud)
        if OTHERS in differing:
            self._strip(iam, keep=POLICY_NAME)

    def delete(self, cloud: Cloud, identifier: str) -> None:  # noqa: ARG002 - by its name
        """Take its policies off, and delete it."""
        self._strip(cloud.aws.iam, keep=None)
        cloud.aws.iam.delete_role(RoleName=self.name)

    def describe(self, cloud: Cloud) -> Description:
        """Who may assume it, and every inline policy."""
        iam = cloud.aws.iam
        found: Any = iam.get_role(RoleName=self.name)["Role"]
        inline = [
            (f"Policy {name}", json.dumps(self._document(iam, name), indent=2))
            for name in self._inline(iam)
        ]
        trust = json.dumps(found["AssumeRolePolicyDocument"], indent=2)
        return Description(
            facts={"ARN": found["Arn"], "for": found.get("Description", "")},
            documents=(("Who may assume it", trust), *inline),
            command=("iam", "get-role", "--role-name", self.name),
        )

    def template(self) -> dict[str, Any]:
        """AWS::IAM::Role."""
        grants = self.grants(sam.ACCOUNT)
        policy = {"PolicyName": POLICY_NAME, "PolicyDocument": grants.permissions}
        properties = {
            "RoleName": self.name,
            "Description": self.description,
            "AssumeRolePolicyDocument": grants.trust,
            "Policies": [policy],
            "Tags": ownership.PAIRS,
        }
        return {"Type": "AWS::IAM::Role", "Properties": properties}

    def _permissions(self, iam: IAMClient) -> Any:
        document = existing(lambda: self._document(iam, POLICY_NAME), "NoSuchEntity")
        return policies.normal(document)

    def _document(self, iam: IAMClient, name: str) -> Any:
        """An inline policy; botocore has decoded and parsed it."""
        return iam.get_role_policy(RoleName=self.name, PolicyName=name)["PolicyDocument"]

    def _put_permissions(self, cloud: Cloud) -> None:
        permissions = json.dumps(self.grants(cloud.account).permissions)
        cloud.aws.iam.put_role_policy(
            RoleName=self.name, PolicyName=POLICY_NAME, PolicyDocument=permissions
        )

    def _strip(self, iam: IAMClient, *, keep: str | None) -> None:
        """Take every policy but the inline one called *keep* off."""
        inline, attached = self._inline(iam), self._attached(iam)
        for name in inline:
            if name != keep:
                iam.delete_role_policy(RoleName=self.name, PolicyName=name)
        for arn in attached:
            iam.detach_role_policy(RoleName=self.name, PolicyArn=arn)

    def _inline(self, iam: IAMClient) -> list[str]:
        pages = iam.get_paginator("list_role_policies").paginate(RoleName=self.name)
        return [name for page in pages for name in page["PolicyNames"]]

    def _attached(self, iam: IAMClient) -> list[str]:
        pages = iam.get_paginator("list_attached_role_policies").paginate(RoleName=self.name)
        return [policy["PolicyArn"] for page in pages for policy in page["AttachedPolicies"]]
