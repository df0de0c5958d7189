"""Executions tell whether they can be redriven.

AWS: DescribeExecution has redriveCount, redriveStatus and, where it is NOT_REDRIVABLE,
redriveStatusReason; ListExecutions has redriveCount (both in the API reference).
LocalStack has none of them. It has no RedriveExecution either, so the count stays 0.
"""

from __future__ import annotations

from types import ModuleType
from typing import Any

from localstack.aws.api.stepfunctions import ExecutionRedriveStatus, ExecutionStatus
from localstack.utils.patch import patch

NOT_REDRIVABLE = (ExecutionStatus.RUNNING, ExecutionStatus.SUCCEEDED)


def cure(module: ModuleType) -> None:
    """Patch ``Execution.to_describe_output`` and ``Execution.to_execution_list_item``."""

    @patch(module.Execution.to_describe_output)
    def to_describe_output(original: Any, self: Any) -> Any:
        output = original(self)
        output["redriveCount"] = 0
        output["redriveStatus"] = ExecutionRedriveStatus.REDRIVABLE
        status = output["status"]
        if status in NOT_REDRIVABLE:
            output["redriveStatus"] = ExecutionRedriveStatus.NOT_REDRIVABLE
            output["redriveStatusReason"] = f"Execution is {status} and cannot be redriven"
        return output

    @patch(module.Execution.to_execution_list_item)
    def to_execution_list_item(original: Any, self: Any) -> Any:
        return {**original(self), "redriveCount": 0}
