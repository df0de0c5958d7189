from __future__ import annotations

import pytest

from localstack_standalone.iam import refusals


@pytest.mark.parametrize(
    ("service", "code", "status"),
    [
        ("s3", "AccessDenied", 403),
        ("iam", "AccessDenied", 403),
        ("sts", "AccessDenied", 403),
        ("lambda", "AccessDeniedException", 403),
        ("apigateway", "AccessDeniedException", 403),
        ("stepfunctions", "AccessDeniedException", 400),
        ("logs", "AccessDeniedException", 400),
        ("events", "AccessDeniedException", 400),
    ],
)
def test_each_service_has_its_own_error(service: str, code: str, status: int) -> None:
    """As its API reference has it."""
    assert refusals.AccessError(code, status) == refusals.denied(service)


def test_a_key_that_was_switched_off_is_an_error_of_its_own() -> None:
    """S3 calls it otherwise than all others."""
    assert "InvalidAccessKeyId" == refusals.unusable_key("s3")[0].code
    assert "InvalidClientTokenId" == refusals.unusable_key("logs")[0].code
