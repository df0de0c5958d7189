"""What a person reads when AWS refuses: what, where, what next."""

from __future__ import annotations

import pytest
from botocore import exceptions
from botocore.exceptions import BotoCoreError, ClientError

from testbed import aws_errors


def refused(code: str, message: str = "no", operation: str = "CreateRole") -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": message}}, operation)


@pytest.mark.parametrize(
    ("code", "next_step"),
    [
        ("ExpiredToken", "have expired"),
        ("ExpiredTokenException", "have expired"),
        ("RequestExpired", "have expired"),
        ("InvalidClientTokenId", "does not know these credentials"),
        ("UnrecognizedClientException", "does not know these credentials"),
        ("InvalidAccessKeyId", "does not know these credentials"),
        ("SignatureDoesNotMatch", "clock"),
        ("RequestTimeTooSkewed", "clock"),
        ("AccessDenied", "docs/aws.md"),
        ("AccessDeniedException", "docs/aws.md"),
        ("Throttling", "goes on where it stopped"),
        ("TooManyRequestsException", "goes on where it stopped"),
        ("SlowDown", "goes on where it stopped"),
        ("TooManyBuckets", "Service Quotas"),
        ("LimitExceeded", "Service Quotas"),
        ("StateMachineLimitExceeded", "Service Quotas"),
        ("CodeStorageExceededException", "Service Quotas"),
        ("OptInRequired", "not ready"),
    ],
)
def test_a_refusal_is_told_whole_with_what_to_do(code: str, next_step: str) -> None:
    """AWS's own words stand first: they name the call, and for a permission action and resource."""
    told = aws_errors.told(refused(code, "User: arn:aws:iam::1:user/u is not authorized"))
    assert f"({code}) when calling the CreateRole operation: User: arn" in told
    assert next_step in told


def test_the_resource_is_named() -> None:
    """Where it was known: one call may be made for several."""
    error = refused("AccessDenied")
    error.add_note("role ImageProcessingApiRole")
    assert aws_errors.told(error).startswith("role ImageProcessingApiRole: AWS answered: ")


def test_another_refusal_is_told_as_it_is() -> None:
    """Nothing is guessed about it."""
    error = refused("ValidationException")
    assert f"AWS answered: {error}" == aws_errors.told(error)


@pytest.mark.parametrize(
    ("error", "next_step"),
    [
        (exceptions.NoCredentialsError(), "`aws configure`"),
        (exceptions.PartialCredentialsError(provider="env", cred_var="x"), "`aws configure`"),
        (exceptions.ProfileNotFound(profile="nobody"), "AWS_PROFILE"),
        (exceptions.UnauthorizedSSOTokenError(), "`aws sso login`"),
        (exceptions.SSOTokenLoadError(error_msg="x"), "`aws sso login`"),
        (exceptions.TokenRetrievalError(provider="sso", error_msg="x"), "`aws sso login`"),
        (exceptions.LoginRefreshRequired(), "`aws login`"),
        (exceptions.EndpointConnectionError(endpoint_url="https://sts.x"), "AWS_REGION"),
        (exceptions.ConnectTimeoutError(endpoint_url="https://sts.x"), "proxy"),
        (exceptions.SSLError(endpoint_url="https://sts.x", error=OSError("x")), "proxy"),
    ],
)
def test_what_never_reached_aws_says_what_is_missing_here(
    error: BotoCoreError, next_step: str
) -> None:
    """Credentials, a login, the network."""
    told = aws_errors.told(error)
    assert str(error) in told
    assert next_step in told
