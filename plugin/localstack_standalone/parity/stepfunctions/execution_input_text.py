"""The input of an execution stays the text that was sent.

AWS: "The string that contains the JSON input data of the execution" (DescribeExecution in the API
reference), blanks, escapes and all; so too in the first event of the history and in the answer of
StartSyncExecution.
LocalStack writes it anew from what it parsed. Its event for EventBridge still does.
"""

from __future__ import annotations

import contextvars
from types import ModuleType
from typing import Any, Final

from localstack.services.stepfunctions.backend import execution, execution_worker
from localstack.utils.patch import patch

# What the request at work sent: an execution takes it when it is made.
_SENT: Final[contextvars.ContextVar[str | None]] = contextvars.ContextVar("sent", default=None)
# The text of the execution that begins in this thread.
_BEGUN: Final[contextvars.ContextVar[str | None]] = contextvars.ContextVar("begun", default=None)


def cure(module: ModuleType) -> None:
    """Hand the text from the provider to the execution, and to the worker that runs it."""
    provider = module.StepFunctionsProvider
    for method in (provider.start_execution, provider.start_sync_execution):
        _remember(method)
    _keep()
    for output in (
        execution.Execution.to_describe_output,
        execution.SyncExecution.to_start_sync_execution_output,
    ):
        _show(output)
    _write_first_event()


def _remember(method: Any) -> None:
    @patch(method)
    def start(original: Any, self: Any, context: Any, **request: Any) -> Any:
        token = _SENT.set(request.get("input"))
        try:
            return original(self, context, **request)
        finally:
            _SENT.reset(token)


def _keep() -> None:
    @patch(execution.Execution.__init__)
    def init(original: Any, self: Any, *args: Any, **settings: Any) -> None:
        original(self, *args, **settings)
        self.input_text = _SENT.get()

    @patch(execution.Execution.get_start_execution_details)
    def details(original: Any, self: Any) -> Any:
        made = original(self)
        made.input_text = _text(self)
        return made


def _show(output: Any) -> None:
    @patch(output)
    def show(original: Any, self: Any) -> Any:
        text = _text(self)
        return original(self) if text is None else {**original(self), "input": text}


def _write_first_event() -> None:
    @patch(execution_worker.ExecutionWorker._execution_logic)  # noqa: SLF001 - where it begins
    def begin(original: Any, self: Any) -> None:
        details = self._evaluation_details.execution_details
        token = _BEGUN.set(_text(details))
        try:
            original(self)
        finally:
            _BEGUN.reset(token)

    # The worker writes nothing else as JSON.
    written = execution_worker.to_json_str

    def to_json_str(value: Any, *args: Any, **settings: Any) -> str:
        text = _BEGUN.get()
        return written(value, *args, **settings) if text is None else text

    execution_worker.to_json_str = to_json_str


def _text(holder: Any) -> str | None:
    """What was sent; None also for what another emulator saved without it."""
    text: str | None = getattr(holder, "input_text", None)
    return text
