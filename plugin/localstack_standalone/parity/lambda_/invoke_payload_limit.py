"""An event may have 6 MB, or 1 MB where nobody waits for the answer.

AWS: 413 RequestEntityTooLargeException, "Request must be smaller than 6291456 bytes for the
InvokeFunction operation"; 1 MB for asynchronous invocations (Invoke in the API reference; it was
256 KB once).
LocalStack has no limit. Our own server refuses the first unread (gateway/destinations).
"""

from __future__ import annotations

from types import ModuleType
from typing import Any

from localstack.aws.api.lambda_ import InvocationType
from localstack.services.lambda_.invocation.lambda_models import RequestEntityTooLargeException
from localstack.utils.patch import patch

from localstack_standalone import quotas


def cure(module: ModuleType) -> None:
    """Patch ``LambdaService.invoke``."""

    @patch(module.LambdaService.invoke)
    def invoke(original: Any, self: Any, *args: Any, **request: Any) -> Any:
        is_event = request.get("invocation_type") == InvocationType.Event
        limit_bytes = quotas.INVOKE_EVENT_BYTES if is_event else quotas.INVOKE_BYTES
        if len(request.get("payload") or b"") > limit_bytes:
            raise RequestEntityTooLargeException(
                f"Request must be smaller than {limit_bytes} bytes for the InvokeFunction operation"
            )
        return original(self, *args, **request)
