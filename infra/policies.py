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
    from infra.place import Place

type Document = dict[str, Any]
"""An IAM policy document."""


@dataclasses.dataclass(frozen=True)
class Role:
    """A role as we want it.

    Attributes:
        name: its name in the account.
        description: what it is for, shown in the console.
        trust: who may assume it.
        permissions: its only policy.
    """

    name: str
    description: str
    trust: Document
    permissions: Document


def function_role(place: Place) -> Role:
    """ImageResizeFunction: read originals, write thumbnails, write its own logs.

    ``s3:ListBucket`` is there for the sake of one answer: without it S3 says AccessDenied (403)
    for a key that does not exist, not NoSuchKey (S3 API reference, GetObject, "Permissions").
    The log group is made by this project, so ``logs:CreateLogGroup`` is not needed.
    """
    return Role(
        name=names.FUNCTION_ROLE,
        description="ImageResizeFunction: read originals, write thumbnails and its own logs",
        trust=_trust("lambda.amazonaws.com"),
        permissions=_document(
            _allow("s3:GetObject", f"{place.original_bucket_arn}/*"),
            _allow("s3:ListBucket", place.original_bucket_arn),
            _allow("s3:PutObject", f"{place.resized_bucket_arn}/*"),
            _allow(["logs:CreateLogStream", "logs:PutLogEvents"], f"{place.log_group_arn}:*"),
        ),
    )


def state_machine_role(place: Place) -> Role:
    """ImageProcessingStateMachine: invoke the one function.

    Only this one state machine may use the role: Step Functions states on whose behalf it acts.
    Lambda and API Gateway document no such condition for the roles they assume, so the other two
    trust policies have none.
    """
    return Role(
        name=names.STATE_MACHINE_ROLE,
        description="ImageProcessingStateMachine: invoke ImageResizeFunction",
        trust=_trust(
            "states.amazonaws.com",
            {
                "StringEquals": {"aws:SourceAccount": place.account},
                "ArnEquals": {"aws:SourceArn": place.state_machine_arn},
            },
        ),
        permissions=_document(_allow("lambda:InvokeFunction", place.function_arn)),
    )


def api_role(place: Place) -> Role:
    """ImageProcessingApi: start executions of the one state machine."""
    return Role(
        name=names.API_ROLE,
        description="ImageProcessingApi: start executions of ImageProcessingStateMachine",
        trust=_trust("apigateway.amazonaws.com"),
        permissions=_document(_allow("states:StartExecution", place.state_machine_arn)),
    )


def same(one: Document, other: Document) -> bool:
    """Whether two documents say the same, however IAM has stored them.

    IAM keeps documents as they were sent, but consoles and tools turn one-element lists into
    plain values and change the order of lists, neither of which has a meaning.
    """
    return bool(_normal(one) == _normal(other))


def _normal(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _normal(inner) for key, inner in value.items()}
    if isinstance(value, list):
        inner = sorted((_normal(item) for item in value), key=repr)
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
