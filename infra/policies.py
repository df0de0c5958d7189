"""The three roles: who may assume each, and exactly what it may do.

Sources: AWS Lambda Developer Guide, "Defining permissions with an execution role"; AWS Step
Functions Developer Guide, "Creating an IAM role for your state machine"; Amazon API Gateway
Developer Guide, "API Gateway permissions model for invoking an integration".
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

from testbed import names

if TYPE_CHECKING:
    from infra.account import Account

type Document = dict[str, Any]
"""An IAM policy document."""


@dataclasses.dataclass(frozen=True)
class Grants:
    """Who may assume a role, and what it then may do.

    Attributes:
        trust: who may assume it.
        permissions: its only policy.
    """

    trust: Document
    permissions: Document


def function_role(
    account: Account,
    *,
    original_bucket: str = names.ORIGINAL_BUCKET,
    resized_bucket: str = names.RESIZED_BUCKET,
) -> Grants:
    """ImageResizeFunction: read originals, write thumbnails, write its own logs.

    ``s3:ListBucket`` is there for the sake of one answer: without it S3 says AccessDenied (403)
    for a key that does not exist, not NoSuchKey (S3 API reference, GetObject, "Permissions").
    The log group is made by this project, so ``logs:CreateLogGroup`` is not needed.
    """
    originals = account.bucket_arn(original_bucket)
    log_group = account.log_group_arn(names.FUNCTION_LOG_GROUP)
    return Grants(
        trust=_trust("lambda.amazonaws.com"),
        permissions=_document(
            _allow("s3:GetObject", f"{originals}/*"),
            _allow("s3:ListBucket", originals),
            _allow("s3:PutObject", f"{account.bucket_arn(resized_bucket)}/*"),
            _allow(["logs:CreateLogStream", "logs:PutLogEvents"], f"{log_group}:*"),
        ),
    )


def state_machine_role(account: Account) -> Grants:
    """ImageProcessingStateMachine: invoke the one function.

    Only this one state machine may use the role: Step Functions states on whose behalf it acts.
    Lambda and API Gateway document no such condition for the roles they assume, so the other two
    trust policies have none.
    """
    return Grants(
        trust=_trust(
            "states.amazonaws.com",
            {
                "StringEquals": {"aws:SourceAccount": account.id},
                "ArnEquals": {"aws:SourceArn": account.state_machine_arn(names.STATE_MACHINE)},
            },
        ),
        permissions=_document(
            _allow("lambda:InvokeFunction", account.function_arn(names.FUNCTION))
        ),
    )


def api_role(account: Account) -> Grants:
    """ImageProcessingApi: start executions of the one state machine."""
    return Grants(
        trust=_trust("apigateway.amazonaws.com"),
        permissions=_document(
            _allow("states:StartExecution", account.state_machine_arn(names.STATE_MACHINE))
        ),
    )


def normal(value: Any) -> Any:
    """A document in the one form in which two that say the same are equal.

    IAM keeps documents as they were sent, but consoles and tools turn one-element lists into
    plain values and change the order of lists, neither of which has a meaning.
    """
    if isinstance(value, dict):
        return {key: normal(inner) for key, inner in value.items()}
    if isinstance(value, list):
        inner = sorted((normal(item) for item in value), key=repr)
        return inner[0] if len(inner) == 1 else inner
    return value


def _trust(service: str, condition: Document | None = None) -> Document:
    statement: Document = {
        "Effect": "Allow",
        "Principal": {"Service": service},
        "Action": "sts:AssumeRole",
    }
    if condition:
        statement["Condition"] = condition
    return _document(statement)


def _allow(action: str | list[str], resource: str) -> Document:
    return {"Effect": "Allow", "Action": action, "Resource": resource}


def _document(*statements: Document) -> Document:
    return {"Version": "2012-10-17", "Statement": list(statements)}
