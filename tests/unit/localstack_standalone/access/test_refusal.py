"""Messages as AWS sends them: documented ones, and ones that people have met."""

from __future__ import annotations

import pytest

from localstack_standalone.access.document import PolicyKind
from localstack_standalone.access.evaluation import (
    AccessRequest,
    Decision,
    DecisionKind,
    StatementReference,
)
from localstack_standalone.access.principal import Identity, IdentityKind
from localstack_standalone.access.refusal import message

ACCOUNT = "123456789012"
JOHN = Identity(IdentityKind.USER, f"arn:aws:iam::{ACCOUNT}:user/JohnDoe", ACCOUNT)
SESSION = Identity(
    IdentityKind.SESSION,
    f"arn:aws:sts::{ACCOUNT}:assumed-role/r/s",
    ACCOUNT,
    f"arn:aws:iam::{ACCOUNT}:role/r",
    "s",
)
SNS = Identity(IdentityKind.SERVICE, "sns.amazonaws.com")
NOBODY = Identity(IdentityKind.ANONYMOUS)
GROUPS = f"arn:aws:codedeploy:us-east-1:{ACCOUNT}:deploymentgroup:*"
FUNCTION = f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:f"
MACHINE = f"arn:aws:states:us-east-1:{ACCOUNT}:stateMachine:m"
STREAM = f"arn:aws:logs:us-east-1:{ACCOUNT}:log-group:g:log-stream:s"
USER_IS = f"User: {JOHN.arn} is not authorized to perform: "
SESSION_IS = f"User: {SESSION.arn} is not authorized to perform: "
SNS_IS = "User: sns.amazonaws.com is not authorized to perform: "
NOBODY_IS = "User: anonymous is not authorized to perform: "

ROWS: list[tuple[Identity, str, str, DecisionKind, str]] = [
    # IAM User Guide, "Troubleshooting access denied error messages"
    (
        JOHN,
        "codecommit:ListRepositories",
        "*",
        DecisionKind.NO_IDENTITY,
        USER_IS + "codecommit:ListRepositories because no identity-based policy allows the "
        "codecommit:ListRepositories action",
    ),
    (
        JOHN,
        "codedeploy:ListDeployments",
        GROUPS,
        DecisionKind.DENIED_BY_IDENTITY,
        USER_IS + f"codedeploy:ListDeployments on resource: {GROUPS} with an explicit deny in an "
        "identity-based policy",
    ),
    (
        JOHN,
        "codedeploy:ListDeployments",
        GROUPS,
        DecisionKind.NO_BOUNDARY,
        USER_IS + f"codedeploy:ListDeployments on resource: {GROUPS} because no permissions "
        "boundary allows the codedeploy:ListDeployments action",
    ),
    (
        JOHN,
        "sagemaker:ListModels",
        "*",
        DecisionKind.DENIED_BY_BOUNDARY,
        USER_IS + "sagemaker:ListModels with an explicit deny in a permissions boundary",
    ),
    (
        JOHN,
        "secretsmanager:GetSecretValue",
        "*",
        DecisionKind.NO_RESOURCE,
        USER_IS + "secretsmanager:GetSecretValue because no resource-based policy allows the "
        "secretsmanager:GetSecretValue action",
    ),
    # aws-sdk-js-v3, issue 3262
    (
        SESSION,
        "states:ListExecutions",
        MACHINE,
        DecisionKind.NO_SESSION,
        SESSION_IS + f"states:ListExecutions on resource: {MACHINE} because no session policy "
        "allows the states:ListExecutions action",
    ),
    # aws-deployment-framework, issue 460
    (
        SESSION,
        "lambda:InvokeFunction",
        FUNCTION,
        DecisionKind.NO_IDENTITY,
        SESSION_IS + f"lambda:InvokeFunction on resource: {FUNCTION} because no identity-based "
        "policy allows the lambda:InvokeFunction action",
    ),
    # cloudgoat, issue 384
    (
        JOHN,
        "lambda:ListFunctions",
        "*",
        DecisionKind.NO_IDENTITY,
        USER_IS + "lambda:ListFunctions on resource: * because no identity-based policy allows "
        "the lambda:ListFunctions action",
    ),
    # aws-automated-incident-response-and-forensics, issue 13
    (
        SNS,
        "lambda:InvokeFunction",
        FUNCTION,
        DecisionKind.NO_RESOURCE,
        SNS_IS + f"lambda:InvokeFunction on resource: {FUNCTION} because no resource-based policy "
        "allows the lambda:InvokeFunction action",
    ),
    # log4j-aws-appenders, issue 176
    (
        SESSION,
        "logs:PutLogEvents",
        STREAM,
        DecisionKind.NO_IDENTITY,
        SESSION_IS + f"logs:PutLogEvents on resource: {STREAM} because no identity-based policy "
        "allows the logs:PutLogEvents action",
    ),
    # terraform-aws-bedrock, issue 41: S3 has quotes
    (
        SESSION,
        "s3:GetObject",
        "arn:aws:s3:::b/k",
        DecisionKind.NO_IDENTITY,
        SESSION_IS + 's3:GetObject on resource: "arn:aws:s3:::b/k" because no identity-based '
        "policy allows the s3:GetObject action",
    ),
    (
        JOHN,
        "s3:GetObject",
        "arn:aws:s3:::b/k",
        DecisionKind.DENIED_BY_RESOURCE,
        USER_IS + 's3:GetObject on resource: "arn:aws:s3:::b/k" with an explicit deny in a '
        "resource-based policy",
    ),
    (NOBODY, "s3:GetObject", "arn:aws:s3:::b/k", DecisionKind.NO_RESOURCE, "Access Denied"),
    (
        NOBODY,
        "lambda:InvokeFunction",
        FUNCTION,
        DecisionKind.NO_RESOURCE,
        NOBODY_IS + f"lambda:InvokeFunction on resource: {FUNCTION} because no resource-based "
        "policy allows the lambda:InvokeFunction action",
    ),
    # iambic, issue 357, and ecsworkshop, issue 66: STS does not say why
    (
        SESSION,
        "sts:AssumeRole",
        f"arn:aws:iam::{ACCOUNT}:role/x",
        DecisionKind.NO_TRUST,
        SESSION_IS + f"sts:AssumeRole on resource: arn:aws:iam::{ACCOUNT}:role/x",
    ),
    # aws-cdk, issue 27067: IAM names what exists by its name …
    (
        JOHN,
        "iam:GetRole",
        f"arn:aws:iam::{ACCOUNT}:role/path/x",
        DecisionKind.NO_IDENTITY,
        USER_IS + "iam:GetRole on resource: role x because no identity-based policy allows the "
        "iam:GetRole action",
    ),
    # … and what is made or passed by its ARN (terraform-aws-sso-elevator, issue 21).
    (
        JOHN,
        "iam:CreateRole",
        f"arn:aws:iam::{ACCOUNT}:role/x",
        DecisionKind.NO_IDENTITY,
        USER_IS + f"iam:CreateRole on resource: arn:aws:iam::{ACCOUNT}:role/x because no "
        "identity-based policy allows the iam:CreateRole action",
    ),
    (
        JOHN,
        "iam:PassRole",
        f"arn:aws:iam::{ACCOUNT}:role/x",
        DecisionKind.NO_IDENTITY,
        USER_IS + f"iam:PassRole on resource: arn:aws:iam::{ACCOUNT}:role/x because no "
        "identity-based policy allows the iam:PassRole action",
    ),
]


@pytest.mark.parametrize(("identity", "action", "resource", "kind", "expected"), ROWS)
def test_messages(
    identity: Identity, action: str, resource: str, kind: DecisionKind, expected: str
) -> None:
    """Word for word."""
    request = AccessRequest(identity, action, resource)
    assert expected == message(request, Decision(allowed=False, kind=kind))


def test_s3_tells_other_accounts_nothing() -> None:
    """S3 User Guide: the reason is given "within the same AWS account or … organization"."""
    request = AccessRequest(
        JOHN, "s3:GetObject", "arn:aws:s3:::b/k", {"aws:ResourceAccount": "444455556666"}
    )
    denied = Decision(allowed=False, kind=DecisionKind.NO_RESOURCE)
    assert message(request, denied) == "Access Denied"


def test_the_managed_policy_that_denies_is_named() -> None:
    """AWS Security Blog, "Enhanced access denied error messages with policy ARNs"."""
    arn = f"arn:aws:iam::{ACCOUNT}:policy/ExampleDenyPolicy"
    profile = f"arn:aws:iam::{ACCOUNT}:instance-profile/my-instance-profile"
    request = AccessRequest(JOHN, "iam:CreateInstanceProfile", profile)
    by = (StatementReference(arn, PolicyKind.IDENTITY, 0, None),)
    denied = Decision(allowed=False, kind=DecisionKind.DENIED_BY_IDENTITY, by=by)
    assert message(request, denied) == (
        f"{USER_IS}iam:CreateInstanceProfile on resource: {profile} with an explicit deny in an "
        f"identity-based policy: {arn}"
    )
    inline = (StatementReference("inline", PolicyKind.IDENTITY, 0, None),)
    assert "inline" not in message(
        request, Decision(allowed=False, kind=DecisionKind.DENIED_BY_IDENTITY, by=inline)
    )


def test_the_policy_of_a_resource_is_not_named() -> None:
    """Only policies of IAM are, whatever a resource's is called here."""
    by = (StatementReference("arn:aws:s3:::b", PolicyKind.RESOURCE, 0, None),)
    denied = Decision(allowed=False, kind=DecisionKind.DENIED_BY_RESOURCE, by=by)
    said = message(AccessRequest(JOHN, "s3:GetObject", "arn:aws:s3:::b/k"), denied)
    assert said.endswith("with an explicit deny in a resource-based policy")


def test_what_is_allowed_has_no_refusal() -> None:
    """Who asks for one has mistaken the decision."""
    with pytest.raises(ValueError, match="allowed"):
        message(
            AccessRequest(JOHN, "s3:GetObject"), Decision(allowed=True, kind=DecisionKind.ALLOWED)
        )
