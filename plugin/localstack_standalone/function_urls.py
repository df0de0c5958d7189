"""The address of a function's URL where its id is in the path, and what the function sees of it."""

from __future__ import annotations

import dataclasses
from typing import Any, Final

PREFIX: Final = "/_aws/lambda-url/"
"""Before the id."""
# What is known of a request, in its environment: the URL's region, and who has signed it.
REGION: Final = "standalone.function_url_region"
AUTHORIZER: Final = "standalone.function_url_authorizer"


@dataclasses.dataclass(frozen=True)
class FoundUrl:
    """A URL that is there.

    Attributes:
        account: whose it is.
        region: of its function.
        config: LocalStack's ``FunctionUrlConfig``.
    """

    account: str
    region: str
    config: Any


def find(url_id: str) -> FoundUrl | None:
    """The URL with this id, whose case does not matter, in whatever account and region."""
    from localstack.services.lambda_.invocation.models import lambda_stores

    for account, regions in list(lambda_stores.items()):
        for region, store in list(regions.items()):
            for function in list(store.functions.values()):
                for config in list(function.function_url_configs.values()):
                    if config.url_id.lower() == url_id.lower():
                        return FoundUrl(account, region, config)
    return None


def path_within(path: str) -> str:
    """The path that the function is told: what comes behind the id, and ``/`` where nothing does.

    The path of a request to a name of the function's own is the function's as it stands.
    """
    if not path.startswith(PREFIX):
        return path
    _id, slash, rest = path.removeprefix(PREFIX).partition("/")
    return f"{slash or '/'}{rest}"


def is_by_path(path: str) -> bool:
    """Whether a request with this path names the function by it."""
    return path.startswith(PREFIX)
