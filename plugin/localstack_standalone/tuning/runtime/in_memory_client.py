"""LocalStack's own boto3 clients call its gateway directly, not over loopback.

A task's call of Lambda, and log lines and metrics on their way to CloudWatch, were HTTP requests
of the server to itself. LocalStack has the short way (IN_MEMORY_CLIENT), which pays once clients
are kept. An answer that was read to its end is closed, as one that came over HTTP would be: S3 lets
nobody write an object while an answer with it is open. Where a server would close the connection
without an answer, the client has that error.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

from botocore.exceptions import ConnectionClosedError
from localstack.utils.patch import patch

from localstack_standalone import unanswered


def tune(module: ModuleType) -> None:
    """Switch LocalStack's short way on, before *module* makes its first client."""
    from localstack.aws import client

    module.localstack_config.IN_MEMORY_CLIENT = True
    if not client.botocore_in_memory_endpoint_patch.is_applied:
        client.botocore_in_memory_endpoint_patch.apply()
        close_at_the_end(client._ResponseStream)  # noqa: SLF001 - there is no other way to it
        patch(client.GatewayShortCircuit.__init__)(_with_lost_connections)


def close_at_the_end(stream: Any) -> None:
    """Have *stream*, LocalStack's reader of answers, close each answer once: read, or given up."""
    begin = stream.__init__

    def __init__(self: Any, response: Any) -> None:  # noqa: N807 - it replaces that
        begin(self, response)
        self.close_once = functools.cache(response.close)
        self.iterator = _then(self.iterator, self.close_once)

    stream.__init__ = __init__
    stream.close = lambda self: self.close_once()


class LosingGateway:
    """LocalStack's *gateway*, to a client that may lose its connection to it."""

    def __init__(self, gateway: Any) -> None:
        self._gateway = gateway

    def handle(self, context: Any, response: Any) -> None:
        """Answer.

        Raises:
            ConnectionClosedError: the request is to be left without an answer.
        """
        self._gateway.handle(context, response)
        if unanswered.is_left(context.request.environ):
            response.close()
            raise ConnectionClosedError(endpoint_url=context.request.url)


def _with_lost_connections(init: Any, self: Any, gateway: Any) -> None:
    init(self, LosingGateway(gateway))


def _then(chunks: Iterator[bytes], close: Callable[[], None]) -> Iterator[bytes]:
    try:
        yield from chunks
    finally:
        close()
