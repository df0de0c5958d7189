"""The cause of a failure inside a Map or a Parallel names the innermost state, once.

AWS: "An error occurred while executing the state 'Inner' (entered at the event id #5). …" is what
the execution fails with, too (as reported in September 2026).
LocalStack puts that sentence again before it for each Map and Parallel around the state.
"""

from __future__ import annotations

import re
from types import ModuleType
from typing import Any, Final

from localstack.utils.patch import patch

_SENTENCE: Final = (
    r"An error occurred while executing the state '.*?' \(entered at the event id #\d+\)\. "
)
_OUTER: Final = re.compile(f"(?:{_SENTENCE})+(?={_SENTENCE})", re.DOTALL)


def cure(module: ModuleType) -> None:
    """Patch what ``FailureEventException`` tells of an execution that failed."""

    @patch(module.FailureEventException.get_execution_failed_event_details)
    def details(original: Any, self: Any) -> Any:
        found = original(self)
        if found and (outer := _OUTER.match(found.get("cause") or "")):
            found["cause"] = found["cause"][outer.end() :]
        return found
