"""Executions tell whether they can be redriven, and how often they were.

AWS: DescribeExecution has redriveCount, redriveStatus and, where it is NOT_REDRIVABLE,
redriveStatusReason; ListExecutions has redriveCount; both have redriveDate where there was a
redrive (API reference).
LocalStack has none of them.
"""

from __future__ import annotations

import datetime as dt
from types import ModuleType
from typing import Any

from localstack.aws.api.stepfunctions import ExecutionRedriveStatus
from localstack.utils.patch import patch

from localstack_standalone.parity.stepfunctions.redrive import facts


def cure(module: ModuleType) -> None:
    """Patch ``Execution.to_describe_output`` and ``Execution.to_execution_list_item``."""

    @patch(module.Execution.to_describe_output)
    def to_describe_output(original: Any, self: Any) -> Any:
        reason = facts.refusal(self, dt.datetime.now(tz=dt.UTC))
        status = {"redriveStatus": ExecutionRedriveStatus.REDRIVABLE}
        if reason is not None:
            status["redriveStatus"] = ExecutionRedriveStatus.NOT_REDRIVABLE
            status["redriveStatusReason"] = reason
        return {**original(self), **_redrives(self), **status}

    @patch(module.Execution.to_execution_list_item)
    def to_execution_list_item(original: Any, self: Any) -> Any:
        return {**original(self), **_redrives(self)}


def _redrives(execution: Any) -> dict[str, Any]:
    made = facts.redrives(execution)
    date = {} if made.date is None else {"redriveDate": made.date}
    return {"redriveCount": made.count, **date}
