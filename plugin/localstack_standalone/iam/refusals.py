"""The error of each service for what it does not allow.

Sources: each service's API reference, "Common errors"; the status of Step Functions and CloudWatch
Logs is 400, as that of every error of the AWS JSON protocol that a client is to blame for.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Final


@dataclasses.dataclass(frozen=True)
class AccessError:
    """An error's code and status."""

    code: str
    status: int


_OTHERS: Final = AccessError("AccessDeniedException", 400)
_BY_SERVICE: Final[Mapping[str, AccessError]] = {
    "apigateway": AccessError("AccessDeniedException", 403),
    "cloudwatch": AccessError("AccessDenied", 403),
    "iam": AccessError("AccessDenied", 403),
    "lambda": AccessError("AccessDeniedException", 403),
    "s3": AccessError("AccessDenied", 403),
    "sts": AccessError("AccessDenied", 403),
}
_UNUSABLE: Final[Mapping[str, tuple[AccessError, str]]] = {
    "s3": (
        AccessError("InvalidAccessKeyId", 403),
        "The AWS Access Key Id you provided does not exist in our records.",
    ),
}
_UNUSABLE_ELSEWHERE: Final = (
    AccessError("InvalidClientTokenId", 403),
    "The security token included in the request is invalid.",
)


def denied(service: str) -> AccessError:
    """What *service*, as botocore calls it, answers to whom it does not allow something."""
    return _BY_SERVICE.get(service, _OTHERS)


def unusable_key(service: str) -> tuple[AccessError, str]:
    """What it answers to a key that was switched off, with the words."""
    return _UNUSABLE.get(service, _UNUSABLE_ELSEWHERE)
