"""With which access key a request came: in its Authorization header, its query, or its form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

# LocalStack gives this one to who has none.
INJECTED: Final = "injectedaccesskey"
INTERNAL: Final = "__internal_call__"
# Of users and of sessions; LocalStack's own begin with L (PARITY_AWS_ACCESS_KEY_ID).
_PREFIXES: Final = ("AKIA", "ASIA", "LKIA", "LSIA")
_LENGTH: Final = 20


def of(headers: Mapping[str, str], query: Mapping[str, str]) -> str | None:
    """The key of a request; None where it has none.

    Source: IAM User Guide, "Elements of an AWS API request signature"; for ``AWS `` and
    AWSAccessKeyId, Amazon S3 User Guide, "Signing and authenticating REST requests (AWS signature
    version 2)".
    """
    authorization = headers.get("Authorization") or ""
    if "Credential=" in authorization:
        key = authorization.partition("Credential=")[2].partition("/")[0]
    elif authorization.startswith("AWS "):
        key = authorization.removeprefix("AWS ").partition(":")[0]
    else:
        key = ""
    if key and key != INJECTED:
        return key
    return of_fields(query)


def of_fields(fields: Mapping[str, Any]) -> str | None:
    """The key in a query or a form that is signed."""
    for name in ("X-Amz-Credential", "x-amz-credential"):
        if fields.get(name):
            return str(fields[name]).partition("/")[0]
    return fields.get("AWSAccessKeyId")


def may_be_known(key: str) -> bool:
    """Whether *key* has the form of those that IAM and STS give out."""
    return len(key) >= _LENGTH and key.startswith(_PREFIXES)
