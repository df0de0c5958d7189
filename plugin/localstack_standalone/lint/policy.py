"""What roles allow, as templates write it, and what calls need."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable
from fnmatch import fnmatchcase
from typing import Any, Final

from localstack_standalone.lint.document import is_intrinsic, text_of
from localstack_standalone.lint.finding import mapping, sequence

# What services are called in actions, where boto3 calls them otherwise.
_PREFIXES: Final = {"stepfunctions": "states", "sfn": "states"}
_SERVICES: Final = frozenset(
    {"s3", "lambda", "states", "dynamodb", "sqs", "sns", "events", "ssm", "secretsmanager"}
)
# Calls whose action has another name (Service Authorization Reference, Amazon S3 and AWS Lambda).
_ACTIONS: Final = {
    "s3:copy_object": ("s3:GetObject", "s3:PutObject"),
    "s3:delete_objects": ("s3:DeleteObject",),
    "s3:download_file": ("s3:GetObject",),
    "s3:download_fileobj": ("s3:GetObject",),
    "s3:head_bucket": ("s3:ListBucket",),
    "s3:head_object": ("s3:GetObject",),
    "s3:list_buckets": ("s3:ListAllMyBuckets",),
    "s3:list_objects": ("s3:ListBucket",),
    "s3:list_objects_v2": ("s3:ListBucket",),
    "s3:create_multipart_upload": ("s3:PutObject",),
    "s3:upload_part": ("s3:PutObject",),
    "s3:complete_multipart_upload": ("s3:PutObject",),
    "s3:upload_file": ("s3:PutObject",),
    "s3:upload_fileobj": ("s3:PutObject",),
    "lambda:invoke": ("lambda:InvokeFunction",),
    "sns:publish_batch": ("sns:Publish",),
    "sqs:send_message_batch": ("sqs:SendMessage",),
    "sqs:delete_message_batch": ("sqs:DeleteMessage",),
    "dynamodb:transact_write_items": (),
    "dynamodb:transact_get_items": (),
}
# Calls that ask nothing of AWS.
_LOCAL: Final = frozenset(
    {
        *("can_paginate", "close", "generate_presigned_post", "generate_presigned_url"),
        *("get_paginator", "get_waiter", "meta", "exceptions"),
    }
)
_TASKS: Final = {
    "lambda:invoke": ("lambda:InvokeFunction",),
    "states:startExecution": ("states:StartExecution",),
    "sqs:sendMessage": ("sqs:SendMessage",),
    "sns:publish": ("sns:Publish",),
    "dynamodb:getItem": ("dynamodb:GetItem",),
    "dynamodb:putItem": ("dynamodb:PutItem",),
    "dynamodb:updateItem": ("dynamodb:UpdateItem",),
    "dynamodb:deleteItem": ("dynamodb:DeleteItem",),
    "events:putEvents": ("events:PutEvents",),
}
_TASK: Final = re.compile(r"arn:[\w-]+:states:::([\w-]+):([\w:]+?)(?:\.\w+(?::\d+)?)?$")
_FUNCTION: Final = re.compile(r"arn:[\w-]+:lambda:|\$\{[^}]*\}$")
_KNOWN_MANAGED: Final = {
    "AWSLambdaBasicExecutionRole": (
        "logs:CreateLogGroup",
        "logs:CreateLogStream",
        "logs:PutLogEvents",
    ),
}


@dataclasses.dataclass(frozen=True)
class Allowed:
    """What a role allows.

    Attributes:
        actions: patterns of actions.
        services: who may assume it; empty where its trust policy is not known.
    """

    actions: tuple[str, ...]
    services: frozenset[str] = frozenset()

    def allows(self, action: str) -> bool:
        """Whether any statement allows *action* on something."""
        return any(fnmatchcase(action.lower(), pattern.lower()) for pattern in self.actions)


def of_role(properties: dict[str, Any]) -> Allowed | None:
    """What an ``AWS::IAM::Role`` allows; None where not all of it is written there."""
    inline = [mapping(one).get("PolicyDocument") for one in sequence(properties.get("Policies"))]
    actions = _actions([*inline, *sequence(properties.get("ManagedPolicyArns"))])
    if actions is None:
        return None
    trust = sequence(mapping(properties.get("AssumeRolePolicyDocument")).get("Statement"))
    services = frozenset(
        text_of(service)
        for statement in map(mapping, trust)
        for service in sequence(mapping(statement.get("Principal")).get("Service"))
    )
    return Allowed(actions, services)


def of_sam(policies: Any) -> Allowed | None:
    """What a SAM function's or machine's *Policies* allow; None where not all of it is known."""
    actions = _actions(sequence(policies))
    return None if actions is None else Allowed((*actions, "logs:*"))


def _actions(policies: Iterable[Any]) -> tuple[str, ...] | None:
    found: list[str] = []
    for policy in policies:
        if isinstance(policy, dict) and "Statement" in policy:
            for statement in map(mapping, sequence(policy["Statement"])):
                if "NotAction" in statement or is_intrinsic(statement.get("Action")):
                    return None
                if statement.get("Effect") == "Allow":
                    found.extend(map(text_of, sequence(statement.get("Action"))))
        elif (name := text_of(policy).rpartition("/")[2]) in _KNOWN_MANAGED:
            found.extend(_KNOWN_MANAGED[name])
        else:
            return None
    return tuple(found)


def of_call(service: str, method: str) -> tuple[str, ...]:
    """The actions that a call of boto3 needs; none where that is not known."""
    prefix = _PREFIXES.get(service, service)
    if prefix not in _SERVICES or method in _LOCAL:
        return ()
    named = "".join(word.capitalize() for word in method.split("_"))
    return _ACTIONS.get(f"{prefix}:{method}", (f"{prefix}:{named}",))


def of_task(resource: str) -> tuple[str, ...]:
    """The actions that a Task with this *resource* needs; none where that is not known."""
    if _FUNCTION.match(resource):
        return ("lambda:InvokeFunction",) if ":lambda:" in resource else ()
    if (task := _TASK.match(resource)) is None:
        return ()
    service, name = task[1], task[2]
    if service == "aws-sdk":
        called, _, operation = name.partition(":")
        words = re.sub(r"(?<!^)([A-Z])", r"_\1", operation).lower()
        return of_call(called, words)
    return _TASKS.get(f"{service}:{name}", ())
