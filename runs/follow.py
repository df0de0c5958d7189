"""An execution, followed to its end."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from runs import collect
from testbed import waiting

if TYPE_CHECKING:
    from collections.abc import Callable

    from mypy_boto3_stepfunctions.type_defs import DescribeExecutionOutputTypeDef

    from runs.model import ExecutionSpan
    from testbed.aws import Aws

# StartExecution is eventually consistent (its API reference): for a moment after the API's answer
# AWS may not know the execution yet.
KNOWN_WITHIN_S = 5.0
FIRST_PAUSE_S, LONGEST_PAUSE_S, PAUSE_GROWTH = 0.02, 2.0, 1.3
_RUNNING = "RUNNING"


def to_end(
    aws: Aws,
    execution_arn: str,
    *,
    timeout_s: float = 60,
    on_look: Callable[[DescribeExecutionOutputTypeDef], object] = lambda _seen: None,
) -> ExecutionSpan:
    """Wait until the execution has ended, well or not, and tell what happened.

    Args:
        aws: where it runs.
        execution_arn: which execution.
        timeout_s: how long it may take, in seconds.
        on_look: called with each description seen, for whoever shows progress.

    Raises:
        WaitTimeout: it is unknown, or still runs at the deadline.
    """

    def ended() -> tuple[DescribeExecutionOutputTypeDef | None, str]:
        seen = aws.stepfunctions.describe_execution(executionArn=execution_arn)
        on_look(seen)
        return (None if seen["status"] == _RUNNING else seen), f"status {seen['status']}"

    known(aws, execution_arn)
    last = waiting.until(
        ended,
        f"the end of execution {execution_arn}",
        timeout_s=timeout_s,
        interval_s=LONGEST_PAUSE_S,
        sleep=growing_pause(),
    )
    return collect.described(aws, last)


def known(aws: Aws, execution_arn: str) -> DescribeExecutionOutputTypeDef:
    """An execution that an answer named, as it is.

    Raises:
        WaitTimeout: it is unknown, for longer than AWS may need.
    """
    sfn = aws.stepfunctions

    def described() -> tuple[DescribeExecutionOutputTypeDef, str]:
        return (seen := sfn.describe_execution(executionArn=execution_arn)), seen["status"]

    return waiting.until(
        described,
        f"a known execution {execution_arn}",
        timeout_s=KNOWN_WITHIN_S,
        retry_on=(sfn.exceptions.ExecutionDoesNotExist,),
    )


def growing_pause(
    sleep: Callable[[float], None] = time.sleep,
) -> Callable[[float], None]:
    """A pause for `waiting.until`: short at first, then growing up to the interval asked for.

    A warm run is over in a tenth of a second; a slow one must not be asked fifty times a second,
    for AWS throttles DescribeExecution.
    """
    next_s = FIRST_PAUSE_S

    def pause(longest_s: float) -> None:
        nonlocal next_s
        sleep(min(next_s, longest_s))
        next_s *= PAUSE_GROWTH

    return pause
