"""IAM and STS: roles, policies, and whether they are enforced."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import boto3
from botocore.config import Config

from conformance.check import Check, matches, member, refused, same
from conformance.clients import CONFIG
from conformance.workshop import statement
from testbed import names

if TYPE_CHECKING:
    from conformance.workshop import Workshop

API: Final = "https://docs.aws.amazon.com/IAM/latest/APIReference"
STS: Final = "https://docs.aws.amazon.com/STS/latest/APIReference"
GUIDE: Final = "https://docs.aws.amazon.com/IAM/latest/UserGuide"
TRUSTS_ALL: Final = {"AWS": "*"}
LOCAL: Final = Config(s3={"addressing_style": "path"}, proxies={})


def _role(shop: Workshop, principal: Any) -> tuple[str, str]:
    """Name and ARN of a new role without a policy that *principal* may take on."""
    iam, name = shop.aws.iam, shop.name()
    made = iam.create_role(
        RoleName=name,
        AssumeRolePolicyDocument=statement(Action="sts:AssumeRole", Principal=principal),
    )
    shop.afterwards(iam.delete_role, RoleName=name)
    return name, str(member("CreateRole", made, "Role", "Arn"))


def _identity(shop: Workshop) -> None:
    found = shop.aws.sts.get_caller_identity()
    matches("Account", r"^\d{12}$", found.get("Account"))
    matches("Arn", r"^arn:aws:", found.get("Arn"))


def _policies(shop: Workshop) -> None:
    iam = shop.aws.iam
    name, arn = _role(shop, {"Service": "lambda.amazonaws.com"})
    matches("Arn", rf"^arn:aws:iam::\d{{12}}:role/{name}$", arn)
    document = statement(Action="s3:GetObject", Resource="arn:aws:s3:::tea/*")
    iam.put_role_policy(RoleName=name, PolicyName="tea", PolicyDocument=document)
    shop.afterwards(iam.delete_role_policy, RoleName=name, PolicyName="tea")
    found = iam.get_role_policy(RoleName=name, PolicyName="tea")["PolicyDocument"]
    same("PolicyDocument", json.loads(document), found)
    same("PolicyNames", ["tea"], iam.list_role_policies(RoleName=name).get("PolicyNames"))
    with refused("DeleteConflict", status=409):
        iam.delete_role(RoleName=name)


def _no_such_role(shop: Workshop) -> None:
    with refused("NoSuchEntity", status=404, message="^The role with name .* cannot be found"):
        shop.aws.iam.get_role(RoleName=shop.name())


def _role_twice(shop: Workshop) -> None:
    name, _ = _role(shop, TRUSTS_ALL)
    with refused("EntityAlreadyExists", status=409):
        shop.aws.iam.create_role(
            RoleName=name,
            AssumeRolePolicyDocument=statement(Action="sts:AssumeRole", Principal=TRUSTS_ALL),
        )


def _malformed(shop: Workshop) -> None:
    name, _ = _role(shop, TRUSTS_ALL)
    with refused("MalformedPolicyDocument", status=400):
        shop.aws.iam.put_role_policy(
            RoleName=name, PolicyName="tea", PolicyDocument='{"Version": "2012-10-17"}'
        )


def _session(shop: Workshop) -> None:
    _, arn = _role(shop, TRUSTS_ALL)
    got = shop.aws.sts.assume_role(RoleArn=arn, RoleSessionName="tea")
    found = member("AssumeRole", got, "AssumedRoleUser", "Arn")
    matches("Arn", r"^arn:aws:sts::\d{12}:assumed-role/.*/tea$", found)
    key = str(member("AssumeRole", got, "Credentials", "AccessKeyId"))
    matches("AccessKeyId", "^ASIA", key)
    same("who that is", found, _as(shop, got, "sts").get_caller_identity().get("Arn"))


def _enforced(shop: Workshop) -> None:
    bucket = shop.bucket()
    _, arn = _role(shop, TRUSTS_ALL)
    got = shop.aws.sts.assume_role(RoleArn=arn, RoleSessionName="tea")
    with refused("AccessDenied", status=403):
        _as(shop, got, "s3").put_object(Bucket=bucket, Key="a", Body=b"x")


def _as(shop: Workshop, session: Any, service: str) -> Any:
    """A client with what AssumeRole gave."""
    given = session["Credentials"]
    return boto3.client(
        service,  # type: ignore[call-overload]  # the stubs know constants only
        endpoint_url=shop.clients.endpoint,
        region_name=names.REGION,
        aws_access_key_id=given["AccessKeyId"],
        aws_secret_access_key=given["SecretAccessKey"],
        aws_session_token=given["SessionToken"],
        config=CONFIG.merge(LOCAL),
    )


def _simulated(shop: Workshop) -> None:
    document = statement(Action="s3:GetObject", Resource="arn:aws:s3:::tea/*")
    found = shop.aws.iam.simulate_custom_policy(
        PolicyInputList=[document],
        ActionNames=["s3:GetObject", "s3:PutObject"],
        ResourceArns=["arn:aws:s3:::tea/a"],
    )
    decisions = {
        each["EvalActionName"]: each["EvalDecision"]
        for each in member("SimulateCustomPolicy", found, "EvaluationResults")
    }
    same("the decisions", {"s3:GetObject": "allowed", "s3:PutObject": "implicitDeny"}, decisions)


def _check(name: str, aws: str, source: str, run: Any) -> Check:
    return Check("IAM", name, aws, source, run)


CHECKS: Final = (
    _check(
        "who am I", "the caller's account and ARN", f"{STS}/API_GetCallerIdentity.html", _identity
    ),
    _check(
        "policies of a role",
        "are kept as given; a role that has one cannot be deleted",
        f"{API}/API_DeleteRole.html",
        _policies,
    ),
    _check("no such role", "404 NoSuchEntity", f"{API}/API_GetRole.html", _no_such_role),
    _check("a role twice", "409 EntityAlreadyExists", f"{API}/API_CreateRole.html", _role_twice),
    _check(
        "malformed policy",
        "400 MalformedPolicyDocument",
        f"{API}/API_PutRolePolicy.html",
        _malformed,
    ),
    _check(
        "sessions", "AssumeRole gives a session of the role", f"{STS}/API_AssumeRole.html", _session
    ),
    _check(
        "policies are enforced",
        "a role without a policy may nothing: 403 AccessDenied",
        f"{GUIDE}/reference_policies_evaluation-logic.html",
        _enforced,
    ),
    _check(
        "simulated policies",
        "SimulateCustomPolicy tells allowed from implicitDeny",
        f"{API}/API_SimulateCustomPolicy.html",
        _simulated,
    ),
)
