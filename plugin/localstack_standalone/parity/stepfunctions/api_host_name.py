"""A task calls an API by the host name that it has on AWS.

AWS: ApiEndpoint of ``arn:aws:states:::apigateway:invoke`` is
``<id>.execute-api.<region>.amazonaws.com``, without a scheme (Step Functions Developer Guide,
"Create API Gateway REST APIs with Step Functions").
LocalStack takes its own host name and addresses alone, and fails with MissingSchema otherwise. Here
the name leads to this emulator's API of that id.
"""

from __future__ import annotations

import re
from types import ModuleType
from typing import Any, Final

_HOST: Final = re.compile(
    r"(?P<api>[a-z0-9]+)\.execute-api\.[a-z0-9-]+\.amazonaws\.com(\.cn)?", re.IGNORECASE
)


def cure(module: ModuleType) -> None:
    """Put a look at the name before ``StateTaskServiceApiGateway._path_based_url_of``."""
    task = module.StateTaskServiceApiGateway
    original = task._path_based_url_of  # noqa: SLF001 - where an endpoint becomes an address

    def path_based_url_of(api_endpoint: str) -> Any:
        named = _HOST.fullmatch(api_endpoint)
        if named is None:
            return original(api_endpoint)
        return f"{module.config.internal_service_url()}/restapis/{named['api'].lower()}"

    task._path_based_url_of = staticmethod(path_based_url_of)  # noqa: SLF001 - likewise
