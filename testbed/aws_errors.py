"""AWS's errors for people: what it said, where, and what to do next.

Codes are those of the services' API references, "Common Errors" and "Error responses".
"""

from __future__ import annotations

from typing import Final

from botocore import exceptions
from botocore.exceptions import BotoCoreError, ClientError

_AGAIN: Final = "Then run the command again: it goes on where it stopped."
_QUOTAS: Final = (
    "A quota of the account is full. Service Quotas in AWS's console shows it and raises it; or "
    f"delete what nobody needs. {_AGAIN}"
)
_REFUSALS: Final[tuple[tuple[frozenset[str], str], ...]] = (
    (
        frozenset({"ExpiredToken", "ExpiredTokenException", "RequestExpired"}),
        f"The credentials have expired: get new ones, as with `aws sso login`. {_AGAIN}",
    ),
    (
        frozenset({"InvalidClientTokenId", "UnrecognizedClientException", "InvalidAccessKeyId"}),
        (
            "AWS does not know these credentials (AWS_PROFILE chooses others), or the region is "
            "one that the account has not enabled: `aws sts get-caller-identity` tells which."
        ),
    ),
    (
        frozenset({"SignatureDoesNotMatch", "InvalidSignatureException", "RequestTimeTooSkewed"}),
        "The secret key is another key's, or this machine's clock is minutes off.",
    ),
    (
        frozenset({"AccessDenied", "AccessDeniedException", "UnauthorizedOperation"}),
        (
            "These credentials may not do that. docs/aws.md has the least policy that is needed; "
            f"what an organization forbids stays forbidden with it. {_AGAIN}"
        ),
    ),
    (
        frozenset(
            {"Throttling", "ThrottlingException", "TooManyRequestsException", "SlowDown"}
            | {"RequestLimitExceeded", "RequestThrottled"}
        ),
        f"AWS was asked too often, and again for a while: wait a minute. {_AGAIN}",
    ),
    (
        frozenset(
            {"LimitExceeded", "LimitExceededException", "ServiceQuotaExceededException"}
            | {"TooManyBuckets", "StateMachineLimitExceeded", "CodeStorageExceededException"}
        ),
        _QUOTAS,
    ),
    (
        frozenset({"OptInRequired", "SubscriptionRequiredException"}),
        "The account is not ready for this service: a new one takes up to a day.",
    ),
)
_LOGIN: Final = f"The login has ended: `aws sso login`, with --profile where it has one. {_AGAIN}"
_NOT_SENT: Final[tuple[tuple[tuple[type[BotoCoreError], ...], str], ...]] = (
    (
        (exceptions.NoCredentialsError, exceptions.PartialCredentialsError),
        (
            "`aws configure` keeps credentials, `aws sso login` gets some, and AWS_PROFILE=name "
            "takes those of a profile."
        ),
    ),
    (
        (exceptions.ProfileNotFound,),
        "AWS_PROFILE must be one of those that `aws configure list-profiles` prints.",
    ),
    (
        (
            exceptions.SSOError,
            exceptions.TokenRetrievalError,
            exceptions.NoAuthTokenError,
        ),
        _LOGIN,
    ),
    ((exceptions.LoginError,), f"The login has ended: `aws login`. {_AGAIN}"),
    (
        (
            exceptions.EndpointConnectionError,
            exceptions.ConnectTimeoutError,
            exceptions.ReadTimeoutError,
            exceptions.ConnectionClosedError,
            exceptions.ProxyConnectionError,
            exceptions.SSLError,
        ),
        "Is there a network, does it want a proxy (HTTPS_PROXY), and is AWS_REGION a region? "
        + _AGAIN,
    ),
)


def told(error: ClientError | BotoCoreError) -> str:
    """The error in AWS's or boto3's own words, the resource in front and what to do behind."""
    where = "".join(f"{note}: " for note in getattr(error, "__notes__", ()))
    if isinstance(error, ClientError):
        return "\n".join([f"{where}AWS answered: {error}", *_refusal(error)])
    return "\n".join([f"{where}AWS could not be asked: {error}", *_not_sent(error)])


def _refusal(error: ClientError) -> list[str]:
    code = error.response.get("Error", {}).get("Code", "")
    return [advice for codes, advice in _REFUSALS if code in codes]


def _not_sent(error: BotoCoreError) -> list[str]:
    return [advice for kinds, advice in _NOT_SENT if isinstance(error, kinds)]
