"""EventBridge calls this emulator's APIs over loopback, under a name that is not this machine's.

LocalStack writes ``<api>.execute-api.localhost.localstack.cloud`` into the Host header, whatever
LOCALSTACK_HOST says. The same API has the name ``<api>.execute-api.localhost``.
"""

from __future__ import annotations

from types import ModuleType, SimpleNamespace
from typing import Any, Final

import requests
from localstack import config
from localstack.constants import LOCALHOST, LOCALHOST_HOSTNAME

TARGET: Final = "localstack.services.events.target"


def rename(target: ModuleType) -> None:
    """Have *target* send its requests with `send`."""
    target.requests = SimpleNamespace(request=send)  # type: ignore[attr-defined]


def send(**wanted: Any) -> requests.Response:
    """As `requests.request`, under our own name where the request is for ourselves."""
    headers = dict(wanted.get("headers") or {})
    name = headers.get("Host", "")
    if wanted["url"].startswith(config.internal_service_url()) and name.endswith(
        f".{LOCALHOST_HOSTNAME}"
    ):
        headers["Host"] = name.removesuffix(LOCALHOST_HOSTNAME) + LOCALHOST
    return requests.request(**{**wanted, "headers": headers})  # noqa: S113 - the caller's deadline
