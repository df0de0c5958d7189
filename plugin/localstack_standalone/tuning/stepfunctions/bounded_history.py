"""A bounded number of ended executions is kept.

LocalStack keeps every execution for ever, with its environment, its history and its finished
threads, so that memory grows with each. AWS forgets after 90 days; here the oldest ended ones are
forgotten when there are more than STANDALONE_KEPT_EXECUTIONS (5,000; 0 keeps all): to describe one
of them is ExecutionDoesNotExist, as on AWS.
"""

from __future__ import annotations

import collections
import gc
import os
import threading
from types import ModuleType
from typing import Any, Final

from localstack_standalone import locks

SETTING: Final = "STANDALONE_KEPT_EXECUTIONS"
KEPT: Final = 5_000
# How many ended executions go by between looks at the list of threads.
PRUNE_EVERY: Final = 100
# How many ended executions go by between collections of all garbage, 0.2 s each.
COLLECT_EVERY: Final = 1_000


class KeptSettingError(ValueError):
    """STANDALONE_KEPT_EXECUTIONS is no number."""


def kept(setting: str | None) -> int:
    """How many ended executions to keep, 0 for all.

    Raises:
        KeptSettingError: *setting* is neither a number nor blank.
    """
    text = (setting or "").strip()
    if text and not text.isdecimal():
        raise KeptSettingError(f"{SETTING}={setting!r} is not a number; 0 keeps every execution")
    return int(text) if text else KEPT


class Executions(collections.OrderedDict[str, Any]):
    """Executions by ARN, oldest first; to look at them all is safe while others start and end."""

    def values(self) -> Any:
        """All of them as they are now: LocalStack iterates over this while threads add to it."""
        return list(super().values())

    def forget(self, most: int, ended: Any) -> None:
        """Remove the oldest for which *ended* is true, until no more than *most* are left."""
        surplus = len(self) - most
        if surplus > 0:
            old = [arn for arn, execution in list(self.items()) if ended(execution)]
            for arn in old[:surplus]:
                self.pop(arn, None)


def tune(module: ModuleType) -> None:
    """Have the executions of *module* forget the oldest when they end."""
    from localstack.services.stepfunctions.backend.store import SFNStore, sfn_stores
    from localstack.utils import threads

    most = kept(os.environ.get(SETTING))
    SFNStore.__dict__["executions"].default = Executions
    ended: Any = module.BaseExecutionWorkerCommunication
    terminated = ended.terminated
    lock = locks.fork_safe()
    count = 0

    def terminated_and_bounded(self: Any) -> None:
        nonlocal count
        terminated(self)
        if not most:
            return
        with lock:
            count += 1
            execution = self.execution
            store = sfn_stores[execution.account_id][execution.region_name]
            # In steps, so that not every end looks at all that are kept.
            if len(store.executions) >= most + PRUNE_EVERY:
                store.executions.forget(most, lambda one: one.stop_date is not None)
            if count == 1:
                gc.freeze()  # what is loaded by now stays: no collection needs to look at it
            if count % COLLECT_EVERY == 0:
                gc.collect()  # executions refer to themselves
            if count % PRUNE_EVERY == 0:
                alive = [t for t in threads.TMP_THREADS if not _is_over(t)]
                threads.TMP_THREADS[:] = alive

    ended.terminated = terminated_and_bounded


def _is_over(thread: Any) -> bool:
    return (
        isinstance(thread, threading.Thread) and thread.ident is not None and not thread.is_alive()
    )
