from __future__ import annotations

import pytest

from localstack_standalone.faults import errors
from localstack_standalone.faults.errors import ServiceError


@pytest.mark.parametrize(
    ("service", "protocol", "code", "status"),
    [
        ("s3", "rest-xml", "SlowDown", 503),
        ("lambda", "rest-json", "TooManyRequestsException", 429),
        ("stepfunctions", "json", "ThrottlingException", 400),
        ("apigateway", "rest-json", "TooManyRequestsException", 429),
        ("iam", "query", "Throttling", 400),
        ("sts", "query", "Throttling", 400),
        ("cloudwatch", "query", "Throttling", 400),
        ("logs", "json", "ThrottlingException", 400),
        ("events", "json", "ThrottlingException", 400),
        ("dynamodb", "json", "ThrottlingException", 400),
    ],
)
def test_each_service_throttles_in_its_own_words(
    service: str, protocol: str, code: str, status: int
) -> None:
    found = errors.throttled(service, protocol)
    assert (code, status) == (found.code, found.status)


def test_lambda_says_why() -> None:
    """Which limit was reached: SDKs and people read it."""
    assert "ConcurrentInvocationLimitExceeded" == errors.throttled("lambda").members["Reason"]


@pytest.mark.parametrize(
    ("found", "code", "status"),
    [
        (errors.failed("s3"), "InternalError", 500),
        (errors.failed("lambda"), "ServiceException", 500),
        (errors.failed("stepfunctions"), "InternalFailure", 500),
        (errors.unavailable("s3"), "ServiceUnavailable", 503),
        (errors.unavailable("stepfunctions"), "ServiceUnavailable", 503),
        (errors.no_such_bucket("cups"), "NoSuchBucket", 404),
    ],
)
def test_failures_are_the_services_own(found: ServiceError, code: str, status: int) -> None:
    assert (code, status) == (found.code, found.status)
    assert found.is_senders == (status < 500)
