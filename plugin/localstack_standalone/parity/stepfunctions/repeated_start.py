"""A name starts one execution, whoever asks for it at the same time, and is free after 90 days.

AWS: StartExecution with the name and the input of a running execution of a Standard workflow gives
the answer of the first time; another input, or an execution that has ended, is
ExecutionAlreadyExists; names can be reused after 90 days (StartExecution in the API reference).
LocalStack looks for the name and takes it in two steps, between which another request can do the
same: two executions start, and the first is lost. It takes ``1``, ``1.0`` and ``true`` for the same
input, and no name is ever free again.
"""

from __future__ import annotations

import datetime as dt
import json
from types import ModuleType
from typing import Any, Final

from localstack.utils.patch import patch

from localstack_standalone import locks

RESERVED: Final = dt.timedelta(days=90)
# So many names can be taken at once; those of one lock wait for each other.
_LOCKS: Final = 64


def cure(module: ModuleType) -> None:
    """Patch ``start_execution`` of the provider, and where it judges a name that is known."""
    provider = module.StepFunctionsProvider
    taking = [locks.fork_safe() for _ in range(_LOCKS)]

    @patch(provider.start_execution)
    def start(original: Any, self: Any, context: Any, **request: Any) -> Any:
        if request.get("name") is None:
            return original(self, context, **request)
        with taking[hash(str(request["name"])) % _LOCKS]:
            return original(self, context, **request)

    @patch(provider._idempotent_start_execution)  # noqa: SLF001 - the one place that knows both
    def known(original: Any, self: Any, execution: Any, **start: Any) -> Any:
        if is_free(execution.stop_date, dt.datetime.now(tz=dt.UTC)):
            return None
        if _text(start["input_data"]) != _text(execution.input_data):
            start["input_data"] = _Other()
        return original(self, execution=execution, **start)


def is_free(stopped: dt.datetime | None, now: dt.datetime) -> bool:
    """Whether the name of an execution that ended when *stopped*, if ever, can be used again."""
    return stopped is not None and now - stopped >= RESERVED


def _text(value: Any) -> str:
    return json.dumps(value, sort_keys=True)


class _Other:
    """An input that equals none."""
