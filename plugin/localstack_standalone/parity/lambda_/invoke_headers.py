"""An answer of Invoke is JSON, and has Lambda's headers.

AWS: ``Content-Type: application/json`` for results and failures alike, with
``x-amzn-Remapped-Content-Length: 0`` and ``X-Amzn-Trace-Id``.
LocalStack sends ``text/plain; charset=utf-8`` and neither of the two.
"""

from __future__ import annotations

from types import ModuleType
from typing import Any

from localstack.utils.xray.trace_header import TraceHeader


def cure(module: ModuleType) -> None:
    """Add to ``run_custom_response_handlers``, which sees every answer."""

    def name_headers(_chain: Any, context: Any, response: Any) -> None:
        if _is_invoke(context) and response.status_code < 300:  # noqa: PLR2004 - an answer
            response.headers["Content-Type"] = "application/json"
            response.headers["x-amzn-Remapped-Content-Length"] = "0"
            response.headers["X-Amzn-Trace-Id"] = _trace(context)

    module.run_custom_response_handlers.append(name_headers)


def _is_invoke(context: Any) -> bool:
    operation = context.operation
    return (
        operation is not None
        and operation.name == "Invoke"
        and context.service.service_name == "lambda"
    )


def _trace(context: Any) -> str:
    trace = context.trace_context.get("aws_trace_header") or TraceHeader().ensure_root_exists()
    # An asynchronous invocation has it as text already.
    return trace if isinstance(trace, str) else str(trace.to_header_str())
