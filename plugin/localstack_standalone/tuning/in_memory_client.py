"""LocalStack's own boto3 clients call its gateway directly, not over loopback.

A task's call of Lambda, and log lines and metrics on their way to CloudWatch, were HTTP requests
of the server to itself. LocalStack has the short way (IN_MEMORY_CLIENT), which pays once clients
are kept. Over HTTP the server closes an answer when it has sent it; on the short way that is for
whoever reads it, and botocore does not: an object of S3 would stay locked for writers.
"""

from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType
from typing import Any


def tune(target: ModuleType) -> None:
    """Switch LocalStack's short way on, before *target* makes its first client."""
    from localstack.aws import client
    from localstack.aws.client import botocore_in_memory_endpoint_patch

    target.localstack_config.IN_MEMORY_CLIENT = True
    client._ResponseStream = closed_at_its_end(client._ResponseStream)  # noqa: SLF001 - no other way
    if not botocore_in_memory_endpoint_patch.is_applied:
        botocore_in_memory_endpoint_patch.apply()


def closed_at_its_end(stream: type[Any]) -> type[Any]:
    """The kind of *stream* that closes its response when all of it was read, or nobody reads on."""

    class ClosingStream(stream):
        def __init__(self, response: Any) -> None:
            super().__init__(response)
            self._is_open = True
            self.iterator: Iterator[bytes] = self._chunks(self.iterator)

        def close(self) -> None:
            """Close the response, once; io calls it for a stream that is forgotten, too."""
            if self._is_open:
                self._is_open = False
                super().close()

        def _chunks(self, chunks: Iterator[bytes]) -> Iterator[bytes]:
            yield from chunks
            self.close()

    return ClosingStream
