"""A presigned URL that has expired, is not valid yet, or was altered, is refused.

AWS: 403 AccessDenied "Request has expired" after the URL's own X-Amz-Expires, "Request is not yet
valid" where the signer's clock was ahead (recorded for days; fifteen minutes are what S3 lets pass
of other requests, RequestTimeTooSkewed), 403 SignatureDoesNotMatch when anything that was signed is
another (Amazon S3 API reference, "Error responses"). LocalStack checks expiry and signature and
lets pass all the same, as it knows no secret but ``test`` and those of access keys that its IAM has
made. Of a session's token it knows only the name that version 4 has for it, so that a URL of
version 2, which boto3 makes in us-east-1, has another signature.
So the times count always; the signature where its secret is known: that of those keys, and ``test``
of the key ``test``. ``S3_SKIP_SIGNATURE_VALIDATION=1`` is LocalStack's way for all of them.
"""

from __future__ import annotations

import datetime as dt
import logging
import os
from types import ModuleType
from typing import Any, Final

from localstack.utils.patch import patch

LOG = logging.getLogger(__name__)
SKEW: Final = dt.timedelta(minutes=15)
_SETTING: Final = "S3_SKIP_SIGNATURE_VALIDATION"


def cure(module: ModuleType) -> None:
    """Patch both validations and their credentials, unless the setting is given; it counts then."""
    if os.environ.get(_SETTING):
        return
    module.config.S3_SKIP_SIGNATURE_VALIDATION = False

    @patch(module.get_credentials_from_parameters)
    def credentials(original: Any, parameters: Any, region: str) -> Any:
        found = original(parameters, region)
        token = found.security_token or parameters.get("x-amz-security-token")
        return found._replace(security_token=token)

    @patch(module.validate_presigned_url_s3v4)
    def validate_v4(original: Any, context: Any) -> None:
        _refuse_untimely(module, context.request.args)
        _checked(module, original, context)

    @patch(module.validate_presigned_url_s3)
    def validate_v2(original: Any, context: Any) -> None:
        _checked(module, original, context)  # it looks at the expiry first


def _checked(module: ModuleType, validate: Any, context: Any) -> None:
    try:
        validate(context)
    except module.SignatureDoesNotMatch:
        arguments = context.request.args
        key = arguments.get("AWSAccessKeyId") or arguments["X-Amz-Credential"].split("/")[0]
        region = module.AWS_REGION_US_EAST_1
        if key == "test" or module.get_secret_access_key_from_access_key_id(key, region):
            raise
        LOG.warning("the secret of the access key %s is not known: signature not checked", key)


def _refuse_untimely(module: ModuleType, arguments: Any) -> None:
    signed = dt.datetime.strptime(arguments["X-Amz-Date"], "%Y%m%dT%H%M%SZ").replace(tzinfo=dt.UTC)
    ends = signed + dt.timedelta(seconds=int(arguments["X-Amz-Expires"]))
    now = dt.datetime.now(dt.UTC)
    if signed - now > SKEW:
        raise module.AccessDenied(
            "Request is not yet valid",
            HostId=module.S3_HOST_ID,
            X_Amz_Date=int(signed.timestamp() * 1000),
            Expires=ends.timestamp(),
            ServerTime=now.timestamp(),
        )
    if now > ends:
        raise module.AccessDenied(
            "Request has expired",
            HostId=module.S3_HOST_ID,
            Expires=ends.timestamp(),
            ServerTime=now.timestamp(),
            X_Amz_Expires=int(arguments["X-Amz-Expires"]),
        )
