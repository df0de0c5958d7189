"""A history comes in pages.

AWS: 100 events a page, up to 1,000 by ``maxResults``, and the way to the next by ``nextToken``;
without execution data if ``includeExecutionData`` is false (API reference, GetExecutionHistory).
LocalStack gives all of it whatever is asked for, so that code which reads the first page alone
works here and misses the end on AWS.
"""

from __future__ import annotations

import base64
import contextvars
import copy
import dataclasses
import json
from types import ModuleType
from typing import Any, Final

from localstack.aws.api.stepfunctions import InvalidToken
from localstack.services.stepfunctions.asl.eval.event import event_manager
from localstack.services.stepfunctions.stepfunctions_utils import assert_pagination_parameters_valid
from localstack.utils.patch import patch

PAGE: Final = 100
_DATA: Final = ("input", "inputDetails", "output", "outputDetails", "assignedVariables")


@dataclasses.dataclass(slots=True)
class HistoryPage:
    """What of a history is asked for, and where the next page begins.

    Attributes:
        at: how many events are before it, or, if *reverse*, with it and before; None at first.
        most: how many events it may have.
        reverse: whether the newest comes first.
        data: whether inputs and outputs are told.
        next: `at` of the next page, None if there is none; known when it was read.
    """

    at: int | None
    most: int
    reverse: bool
    data: bool
    next: int | None = None

    def of(self, events: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """A copy of its own of *events*, which are all there are, oldest first."""
        if self.reverse:
            end = len(events) if self.at is None else self.at
            start = max(end - self.most, 0)
            self.next = start or None
        else:
            start = self.at or 0
            end = start + self.most
            self.next = end if end < len(events) else None
        found = [copy.deepcopy(event) if self.data else _bare(event) for event in events[start:end]]
        return found[::-1] if self.reverse else found


# The page that the request at work asks for.
_ASKED: Final[contextvars.ContextVar[HistoryPage | None]] = contextvars.ContextVar(
    "asked", default=None
)


def cure(module: ModuleType) -> None:
    """Patch ``get_execution_history`` of the provider, and what copies the events for it."""

    @patch(module.StepFunctionsProvider.get_execution_history)
    def get_execution_history(original: Any, self: Any, context: Any, **asked: Any) -> Any:
        execution, reverse = asked["execution_arn"], bool(asked.get("reverse_order"))
        assert_pagination_parameters_valid(asked.get("max_results"), asked.get("next_token"))
        page = HistoryPage(
            at=_position(asked.get("next_token"), execution, reverse=reverse),
            most=asked.get("max_results") or PAGE,
            reverse=reverse,
            data=asked.get("include_execution_data") is not False,
        )
        token = _ASKED.set(page)
        try:
            found = original(self, context, **{**asked, "reverse_order": False})
        finally:
            _ASKED.reset(token)
        if page.next is not None:
            found["nextToken"] = _token(page.next, execution, reverse=reverse)
        return found

    @patch(event_manager.EventManager.get_event_history)
    def get_event_history(original: Any, self: Any) -> Any:
        page = _ASKED.get()
        if page is None:
            return original(self)
        with self._mutex:
            return page.of(self._history_event_list)


def _token(position: int, execution: str, *, reverse: bool) -> str:
    text = json.dumps([position, execution, reverse])
    return base64.urlsafe_b64encode(text.encode()).decode()


def _position(token: str | None, execution: str, *, reverse: bool) -> int | None:
    """Where the page begins that *token*, of an earlier answer to the same request, leads to."""
    if token is None:
        return None
    try:
        position, *same = json.loads(base64.urlsafe_b64decode(token))
    except (ValueError, TypeError):
        position, same = None, []
    if not isinstance(position, int) or same != [execution, reverse]:
        raise InvalidToken("Invalid Token: 'Invalid token'")
    return position


def _bare(event: dict[str, Any]) -> dict[str, Any]:
    """*event* without inputs and outputs."""
    found = copy.deepcopy(event)
    for details in found.values():
        if isinstance(details, dict):
            for name in _DATA:
                details.pop(name, None)
    return found
