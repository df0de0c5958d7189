"""An execution ends when its history is full.

AWS: a Standard workflow's history holds 25,000 events, and the last tells the failure:
States.Runtime, "The execution reached the maximum number of history events (25000)." No Retry or
Catch sees it (Step Functions Developer Guide, "Service quotas"; words and place as reported in
August 2026).
LocalStack has no limit: a loop without an end runs, and fills the memory, for ever.
"""

from __future__ import annotations

import weakref
from types import ModuleType
from typing import Any, Final

from localstack.aws.api.stepfunctions import ExecutionFailedEventDetails, HistoryEventType
from localstack.utils.patch import patch

LIMIT: Final = 25_000
CAUSE: Final = f"The execution reached the maximum number of history events ({LIMIT})."
_LAST: Final = frozenset(
    {
        HistoryEventType.ExecutionAborted,
        HistoryEventType.ExecutionFailed,
        HistoryEventType.ExecutionSucceeded,
        HistoryEventType.ExecutionTimedOut,
    }
)


class HistoryFullError(Exception):
    """One more event would leave no place for the last one."""

    def __init__(self) -> None:
        super().__init__(CAUSE)


def cure(module: ModuleType) -> None:
    """Patch ``Environment``, and the ``EventManager`` that all frames of one share."""
    environment = module.Environment

    @patch(environment.__init__)
    def begin(original: Any, self: Any, *args: Any, **fields: Any) -> None:
        original(self, *args, **fields)
        if self.is_standard_workflow():
            self.event_manager.of = weakref.ref(self)

    @patch(module.EventManager.add_event)
    def add_event(
        original: Any, self: Any, context: Any, event_type: Any, *args: Any, **more: Any
    ) -> int:
        of = getattr(self, "of", None)
        next_id = self._event_id_gen._next_id  # noqa: SLF001 - which get() would use up
        if of and event_type not in _LAST and next_id >= LIMIT:
            self.full = True
            if running := of():
                running.set_error(_error())
            raise HistoryFullError
        return original(self, context, event_type, *args, **more)  # type: ignore[no-any-return]

    @patch(environment.set_error)
    def set_error(original: Any, self: Any, error: Any) -> None:
        # Whatever else fails because of it is not why the execution failed.
        original(self, error=_error() if getattr(self.event_manager, "full", False) else error)


def _error() -> ExecutionFailedEventDetails:
    return ExecutionFailedEventDetails(error="States.Runtime", cause=CAUSE)
