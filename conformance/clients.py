"""boto3's clients for an emulator at any endpoint, with customary credentials of no meaning."""

from __future__ import annotations

import dataclasses
import threading
from typing import Final
from urllib.parse import urlsplit

from botocore.config import Config

from testbed.aws import Aws
from testbed.errors import TestbedError

LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})
# One attempt: what is asked again after an error is not what was asked.
CONFIG: Final = Config(connect_timeout=5, read_timeout=30, retries={"total_max_attempts": 1})


class EndpointError(TestbedError):
    """The endpoint is none, or not of this machine."""


def checked(endpoint: str, *, any_host: bool = False) -> str:
    """The *endpoint* without a slash at its end.

    Args:
        endpoint: a base URL.
        any_host: whether it may be elsewhere than on this machine.

    Raises:
        EndpointError: it is no base URL, or elsewhere.
    """
    try:
        parts = urlsplit(endpoint)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable or parts.path.strip("/") or parts.query or parts.username:
        raise EndpointError(f"ENDPOINT={endpoint!r} is no base URL, such as http://127.0.0.1:4566")
    if parts.hostname not in LOOPBACK and not any_host:
        raise EndpointError(
            f"{parts.hostname} is not this machine; the checks make and delete resources there, "
            "which ANY_HOST=1 allows"
        )
    return endpoint.rstrip("/")


@dataclasses.dataclass(frozen=True)
class EngineClients:
    """EngineClients for the emulator at *endpoint*, as all checks share them.

    Attributes:
        endpoint: base URL.
        aws: typed clients.
        pipeline: held by the check that has the pipeline, whose names are given.
    """

    endpoint: str
    aws: Aws = dataclasses.field(init=False)
    pipeline: threading.Lock = dataclasses.field(default_factory=threading.Lock, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "aws", Aws(endpoint=self.endpoint, config=CONFIG))
