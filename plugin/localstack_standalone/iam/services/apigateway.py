"""API Gateway notices that a role's trust policy has changed, and what to answer then.

AWS: an integration whose role cannot be assumed is a configuration error: 500 Internal server error
(API Gateway Developer Guide, "API Gateway permissions model for invoking an integration"; the log
says "API Gateway does not have permission to assume the provided role", by published logs).
LocalStack assumes a role once for ever, and is at a loss where it may not.
"""

from __future__ import annotations

import functools
import inspect
from types import ModuleType
from typing import Any, Final

from botocore.exceptions import ClientError

from localstack_standalone.iam.handler import AccessControl

KEPT: Final = 64
_OF_LOCALEMU: Final = "_get_internal_mocked_headers_cached"


def assume_anew(control: AccessControl, module: ModuleType) -> None:
    """Keep what *module*, the AWS integrations, remembers for as long as the role is trusted so."""
    from localstack.services.apigateway.next_gen.execute_api.gateway_response import (
        InternalServerError,
    )

    # LocalEmu has what it remembers of headers in a function of its own, and copies it.
    remembering = getattr(module, _OF_LOCALEMU, module.get_internal_mocked_headers)
    headers_for = _by_trust(inspect.unwrap(remembering))
    factory_for = _by_trust(inspect.unwrap(module.get_service_factory))

    def get_internal_mocked_headers(**wanted: Any) -> Any:
        return dict(_assumed(headers_for, wanted))

    def get_service_factory(**wanted: Any) -> Any:
        return _assumed(factory_for, wanted)

    def _assumed(remembered: Any, wanted: dict[str, Any]) -> Any:
        role = wanted.get("role_arn")
        try:
            return remembered(control.trust(role) if role else "", **wanted)
        except ClientError as error:
            if error.response["Error"]["Code"] != "AccessDenied":
                raise
            raise InternalServerError("Internal server error", status_code=500) from error

    module.get_internal_mocked_headers = get_internal_mocked_headers  # type: ignore[attr-defined]
    module.get_service_factory = get_service_factory  # type: ignore[attr-defined]


def _by_trust(function: Any) -> Any:
    """*function* with a memory, which its first argument, a trust policy, is a part of."""
    return functools.lru_cache(maxsize=KEPT)(lambda _trust, **wanted: function(**wanted))
