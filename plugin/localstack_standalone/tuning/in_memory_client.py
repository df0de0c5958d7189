"""LocalStack's own boto3 clients call its gateway directly, not over loopback.

A task's call of Lambda, and log lines and metrics on their way to CloudWatch, were HTTP requests
of the server to itself. LocalStack has the short way (IN_MEMORY_CLIENT), which pays once clients
are kept.
"""

from __future__ import annotations

from types import ModuleType


def tune(target: ModuleType) -> None:
    """Switch LocalStack's short way on, before *target* makes its first client."""
    from localstack.aws.client import botocore_in_memory_endpoint_patch

    target.localstack_config.IN_MEMORY_CLIENT = True
    if not botocore_in_memory_endpoint_patch.is_applied:
        botocore_in_memory_endpoint_patch.apply()
