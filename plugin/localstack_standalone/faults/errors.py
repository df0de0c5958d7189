"""What each service answers when it has too much to do, or fails.

Sources: each service's API reference, "Common errors" and the errors of its operations; Amazon S3
API Reference, "List of error codes"; AWS Lambda API Reference, Invoke (``Reason`` of
TooManyRequestsException; the message is that of published answers); API Gateway Developer Guide,
"Gateway response types". Where a service has nothing of its own, it is what its protocol's services
have in common.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Final


@dataclasses.dataclass(frozen=True)
class ServiceError:
    """An error of a service's.

    Attributes:
        code: its name.
        message: in the service's words.
        status: of HTTP.
        members: what it tells beside that.
    """

    code: str
    message: str
    status: int
    members: Mapping[str, str] = dataclasses.field(default_factory=dict)

    @property
    def is_senders(self) -> bool:
        """Whether it is called the sender's fault."""
        return self.status < 500  # noqa: PLR2004 - HTTP's border


_RATE: Final = "Rate exceeded"
_THROTTLED: Final[Mapping[str, ServiceError]] = {
    "s3": ServiceError("SlowDown", "Please reduce your request rate.", 503),
    "lambda": ServiceError(
        "TooManyRequestsException",
        "Rate Exceeded.",
        429,
        {"Reason": "ConcurrentInvocationLimitExceeded", "Type": "User"},
    ),
    "apigateway": ServiceError("TooManyRequestsException", "Too Many Requests", 429),
    "iam": ServiceError("Throttling", _RATE, 400),
    "sts": ServiceError("Throttling", _RATE, 400),
    "sns": ServiceError("Throttled", _RATE, 429),
    "sqs": ServiceError("RequestThrottled", "Request is throttled.", 403),
    "ec2": ServiceError("RequestLimitExceeded", "Request limit exceeded.", 503),
}
_THROTTLED_BY_PROTOCOL: Final[Mapping[str, ServiceError]] = {
    "query": ServiceError("Throttling", _RATE, 400),
    "rest-xml": ServiceError("Throttling", _RATE, 400),
    "rest-json": ServiceError("TooManyRequestsException", _RATE, 429),
}
_THROTTLED_ELSEWHERE: Final = ServiceError("ThrottlingException", _RATE, 400)
_FAILED: Final[Mapping[str, ServiceError]] = {
    "s3": ServiceError("InternalError", "We encountered an internal error. Please try again.", 500),
    "lambda": ServiceError(
        "ServiceException",
        "An error occurred and the request cannot be processed.",
        500,
        {"Type": "Service"},
    ),
    "iam": ServiceError(
        "ServiceFailure",
        "The request processing has failed because of an unknown error, exception or failure.",
        500,
    ),
    "events": ServiceError("InternalException", "An internal error occurred.", 500),
}
_FAILED_ELSEWHERE: Final = ServiceError(
    "InternalFailure",
    "The request processing has failed because of an unknown error, exception or failure.",
    500,
)
_UNAVAILABLE: Final[Mapping[str, ServiceError]] = {
    "s3": ServiceError("ServiceUnavailable", "Service is unable to handle request.", 503),
    "logs": ServiceError(
        "ServiceUnavailableException", "The service cannot complete the request.", 503
    ),
    "apigateway": ServiceError(
        "ServiceUnavailableException", "The requested service is not available.", 503
    ),
}
_UNAVAILABLE_ELSEWHERE: Final = ServiceError(
    "ServiceUnavailable",
    "The request has failed due to a temporary failure of the server.",
    503,
)


def throttled(service: str, protocol: str = "json") -> ServiceError:
    """What *service*, as botocore calls it, answers to whom it has no time for."""
    of_protocol = _THROTTLED_BY_PROTOCOL.get(protocol, _THROTTLED_ELSEWHERE)
    return _THROTTLED.get(service, of_protocol)


def failed(service: str) -> ServiceError:
    """Its error of its own, with status 500."""
    return _FAILED.get(service, _FAILED_ELSEWHERE)


def unavailable(service: str) -> ServiceError:
    """What it answers when it is not there for a while, with status 503."""
    return _UNAVAILABLE.get(service, _UNAVAILABLE_ELSEWHERE)


def no_such_bucket(bucket: str) -> ServiceError:
    """S3's answer for a bucket that is not there."""
    return ServiceError(
        "NoSuchBucket", "The specified bucket does not exist", 404, {"BucketName": bucket}
    )
