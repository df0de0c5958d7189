"""Which services an emulator serves: few by default, for a start is short then; others on demand.

Standard library alone: a container's entry point imports this before anything else.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

# Before what is asked for beside the default.
MORE: Final = "+"
# Without `events`, each finished execution of a state machine logs an error.
DEFAULT: Final = (
    *("apigateway", "cloudwatch", "events", "iam", "lambda", "logs", "s3", "stepfunctions", "sts"),
)
"""What a serverless pipeline uses, as boto3 calls it."""

# What a service is of no use without. LocalStack adds what its own code needs (its
# `API_DEPENDENCIES`: ssm has secretsmanager, that has kms).
_NEEDS: Final[Mapping[str, tuple[str, ...]]] = {
    # Roles that SAM and CDK write, custom resources, packages, parameters, whose account it is.
    "cloudformation": ("iam", "lambda", "s3", "ssm", "sts"),
    "lambda": ("cloudwatch", "iam", "logs", "s3", "sts"),
    "scheduler": ("events", "iam"),
    "sns": ("sqs",),
    "stepfunctions": ("cloudwatch", "events", "iam", "sts"),
}


def chosen(words: Iterable[str]) -> tuple[str, ...]:
    """What *words* ask for: themselves alone, or with a ``+`` before one DEFAULT and them."""
    named = tuple(words)
    if any(word.strip().startswith(MORE) for word in named):
        return added(DEFAULT, ",".join(named))
    return tuple(filter(None, (word.strip() for word in named)))


def added(own: Iterable[str], others: str) -> tuple[str, ...]:
    """What is needed, *own*, and *others*, such as ``+sqs,sns``, with all that those need."""
    wanted = [*own, *_with_needs(name.strip().lstrip(MORE) for name in others.split(","))]
    return tuple(dict.fromkeys(wanted))


def _with_needs(names: Iterable[str]) -> list[str]:
    found: list[str] = []
    waiting = [name for name in names if name]
    while waiting:
        name = waiting.pop(0)
        if name not in found:
            found.append(name)
            waiting += _NEEDS.get(name, ())
    return found
