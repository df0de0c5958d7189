"""What an execution environment is made for."""

from __future__ import annotations

import dataclasses

from localstack_standalone.lambda_process.zygote.process import WorkerSpec


@dataclasses.dataclass(frozen=True, kw_only=True)
class Configuration:
    """What a function version is configured to be.

    Attributes:
        version: its number, or ``$LATEST``.
        region: where it is.
        runtime: its identifier, ``python3.13``.
        timeout_s: how long an event may take.
        memory_mb: what its processes may use.
        worker: what each worker is to be.
    """

    version: str
    region: str
    runtime: str
    timeout_s: float
    memory_mb: int
    worker: WorkerSpec

    @property
    def initialization(self) -> str:
        """AWS's word for when it is made: ``on-demand``, ``provisioned-concurrency``."""
        return self.worker.environment.get("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand")

    @property
    def debugged(self) -> bool:
        """Whether a person may keep the function waiting at any point."""
        return bool(self.worker.preload)
