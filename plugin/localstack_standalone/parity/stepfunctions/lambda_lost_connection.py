"""A task that has no answer from Lambda, its connection lost, fails with Lambda.SdkClientException.

AWS: its sample Retry for what passes at Lambda names it beside Lambda.ServiceException (Step
Functions Developer Guide, "Best practices", "Handle transient Lambda service exceptions"); its
cause begins with the words of that exception, the AWS SDK for Java's.
LocalStack fails it with States.Runtime, which no Retry matches.
"""

from __future__ import annotations

from types import ModuleType
from typing import Final

from botocore.exceptions import HTTPClientError

from localstack_standalone.parity.stepfunctions import lambda_failures

ERROR: Final = "Lambda.SdkClientException"
_WORDS: Final = "Unable to execute HTTP request: "


def cure(module: ModuleType) -> None:
    """Give it that name in the task class that *module* has: by integration, or by ARN."""
    lambda_failures.rename(
        module, lambda ex: (ERROR, f"{_WORDS}{ex}") if isinstance(ex, HTTPClientError) else None
    )
