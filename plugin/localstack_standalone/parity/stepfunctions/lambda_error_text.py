"""A function that is a task's Resource fails in its own words.

AWS: Cause is the payload of the failed invocation as the function's runtime wrote it, where
Resource is the function's ARN. Where it is ``arn:aws:states:::lambda:invoke``, the payload is
written anew, without blanks.
LocalStack writes it anew for both.
"""

from __future__ import annotations

import contextvars
import io
from types import ModuleType
from typing import Any, Final

from localstack.utils.patch import patch

# What the invocation that this thread waits for gave.
_PAYLOAD: Final[contextvars.ContextVar[str | None]] = contextvars.ContextVar(
    "payload", default=None
)


def cure(module: ModuleType) -> None:
    """Patch ``StateTaskLambda._eval_execution``, and where payloads are read."""
    shared = module.lambda_eval_utils

    @patch(shared._from_payload)  # noqa: SLF001 - where the text is still there
    def from_payload(original: Any, payload: Any) -> Any:
        read = payload.read()
        _PAYLOAD.set(read.decode("utf-8"))
        return original(io.BytesIO(read))

    @patch(module.StateTaskLambda._eval_execution)  # noqa: SLF001 - where it is invoked
    def eval_execution(original: Any, self: Any, env: Any) -> None:
        token = _PAYLOAD.set(None)
        try:
            original(self, env)
        except shared.LambdaFunctionErrorException as error:
            # A mocked invocation has none.
            error.payload = _PAYLOAD.get() or error.payload
            raise
        finally:
            _PAYLOAD.reset(token)
