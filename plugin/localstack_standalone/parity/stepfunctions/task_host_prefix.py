"""A task may call an operation that has a host of its own.

AWS: ``arn:aws:states:::aws-sdk:sfn:startSyncExecution`` runs an Express machine (Step Functions
Developer Guide, "AWS SDK service integrations").
LocalStack's client puts ``sync-`` before the emulator's host, a name that nobody has, and the task
fails with States.Runtime. Here it keeps to the one host.
"""

from __future__ import annotations

from types import ModuleType

from botocore.config import Config


def cure(module: ModuleType) -> None:
    """Change the configuration that every task's client is made with."""
    given = module._BOTO_CLIENT_CONFIG  # noqa: SLF001 - ``boto_client_for`` reads this alone
    module._BOTO_CLIENT_CONFIG = given.merge(Config(inject_host_prefix=False))  # type: ignore[attr-defined]  # noqa: SLF001
