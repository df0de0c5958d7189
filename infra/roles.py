"""An IAM role with exactly one inline policy."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final, cast

from infra import ownership, policies
from infra.change import Change, Ensured, settled

if TYPE_CHECKING:
    from mypy_boto3_iam import IAMClient
    from mypy_boto3_iam.type_defs import RoleTypeDef

    from infra.policies import Document, Role

POLICY_NAME: Final = "permissions"


def ensure(iam: IAMClient, role: Role) -> Ensured:
    """Make *role* what it should be: its trust, its one policy, and nothing beside that.

    Policies that others have put on the role are taken off: a role of least privilege allows
    what this project says and no more.

    Raises:
        ProvisioningError: a role of that name exists that we did not make.
    """
    found = _find(iam, role.name)
    if found is None:
        found = _create(iam, role)
        _put_permissions(iam, role)
        return Ensured(Change.CREATED, found["Arn"])
    if not ownership.is_ours(found.get("Tags")):
        raise ownership.refuse(f"role {role.name}")
    changes = [_converge_trust(iam, role, found), _converge_permissions(iam, role)]
    changes.append(_strip(iam, role.name, keep=POLICY_NAME))
    return Ensured(settled(updated=any(changes)), found["Arn"])


def destroy(iam: IAMClient, name: str) -> Change:
    """Delete the role *name* with its policies, if it is ours."""
    found = _find(iam, name)
    if found is None:
        return Change.ABSENT
    if not ownership.is_ours(found.get("Tags")):
        return Change.KEPT
    _strip(iam, name, keep=None)
    iam.delete_role(RoleName=name)
    return Change.DESTROYED


def _find(iam: IAMClient, name: str) -> RoleTypeDef | None:
    try:
        return iam.get_role(RoleName=name)["Role"]
    except iam.exceptions.NoSuchEntityException:
        return None


def _create(iam: IAMClient, role: Role) -> RoleTypeDef:
    return iam.create_role(
        RoleName=role.name,
        Description=role.description,
        AssumeRolePolicyDocument=json.dumps(role.trust),
        Tags=[{"Key": ownership.TAG_KEY, "Value": ownership.TAG_VALUE}],
    )["Role"]


def _put_permissions(iam: IAMClient, role: Role) -> None:
    iam.put_role_policy(
        RoleName=role.name, PolicyName=POLICY_NAME, PolicyDocument=json.dumps(role.permissions)
    )


def _converge_trust(iam: IAMClient, role: Role, found: RoleTypeDef) -> bool:
    if policies.same(role.trust, _parsed(found["AssumeRolePolicyDocument"])):
        return False
    iam.update_assume_role_policy(RoleName=role.name, PolicyDocument=json.dumps(role.trust))
    return True


def _converge_permissions(iam: IAMClient, role: Role) -> bool:
    try:
        found = iam.get_role_policy(RoleName=role.name, PolicyName=POLICY_NAME)["PolicyDocument"]
    except iam.exceptions.NoSuchEntityException:
        found = None
    if found is not None and policies.same(role.permissions, _parsed(found)):
        return False
    _put_permissions(iam, role)
    return True


def _strip(iam: IAMClient, name: str, *, keep: str | None) -> bool:
    """Take every policy but the inline one called *keep* off the role; whether there was one."""
    inline = [
        policy
        for page in iam.get_paginator("list_role_policies").paginate(RoleName=name)
        for policy in page["PolicyNames"]
        if policy != keep
    ]
    attached = [
        policy["PolicyArn"]
        for page in iam.get_paginator("list_attached_role_policies").paginate(RoleName=name)
        for policy in page["AttachedPolicies"]
    ]
    for policy in inline:
        iam.delete_role_policy(RoleName=name, PolicyName=policy)
    for arn in attached:
        iam.detach_role_policy(RoleName=name, PolicyArn=arn)
    return bool(inline or attached)


def _parsed(document: Any) -> Document:
    """IAM sends documents URL-encoded; botocore has decoded and parsed them already."""
    return cast("Document", json.loads(document) if isinstance(document, str) else document)
