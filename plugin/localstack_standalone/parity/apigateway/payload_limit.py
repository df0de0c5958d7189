"""A body of more than 10 MB does not get past API Gateway.

AWS: 10 MB is the payload limit of REST APIs (API Gateway quotas); above it the answer is 413 with
the plain text ``HTTP content length exceeded 10485760 bytes.``, whatever the API's method and
gateway responses are.
LocalStack has no limit. Our own server refuses such a body unread (gateway/destinations).
"""

from __future__ import annotations

from types import ModuleType
from typing import Any

from localstack.utils.patch import patch

from localstack_standalone import quotas


def cure(module: ModuleType) -> None:
    """Patch ``InvocationRequestParser``, the first handler of a request."""

    @patch(module.InvocationRequestParser.__call__)
    def parse(original: Any, self: Any, chain: Any, context: Any, response: Any) -> None:
        original(self, chain, context, response)
        if len(context.invocation_request["body"]) > quotas.API_GATEWAY_PAYLOAD_BYTES:
            chain.respond(413, quotas.API_GATEWAY_PAYLOAD_WORDS, {"Content-Type": "text/plain"})
