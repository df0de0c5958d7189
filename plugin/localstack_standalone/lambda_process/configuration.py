"""What an execution environment is made for, and what goes into it and comes out."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any


@dataclasses.dataclass(frozen=True, kw_only=True)
class Configuration:
    """What a function version is configured to be.

    Attributes:
        version: its number, or ``$LATEST``.
        region: where it is.
        runtime: its identifier, ``python3.13``.
        timeout_s: how long an event may take.
        memory_mb: what its processes may use.
        tmp_mb: what fits into its temporary folder.
        variables: what LocalStack made of its environment variables, its own among them.
        uid: the user that its workers become; None to stay who we are.
        tmp: its temporary folder.
        fork: whether workers may be forks of the warm template.
        keep_bytecode: whether the bytecode of its modules is kept for the next environment.
    """

    version: str
    region: str
    runtime: str
    timeout_s: float
    memory_mb: int
    tmp_mb: int
    variables: Mapping[str, Any]
    tmp: str
    uid: int | None = None
    fork: bool = True
    keep_bytecode: bool = True


@dataclasses.dataclass(frozen=True)
class Event:
    """One event, as its caller sent it; see `Invocation`."""

    request_id: str
    payload: bytes
    function_arn: str
    trace_id: str
    client_context: str | None = None


@dataclasses.dataclass(frozen=True)
class Outcome:
    """How an event ended.

    Attributes:
        payload: what the function returned, or its error, as JSON.
        is_error: whether it is an error.
        status: ``error`` or ``timeout`` where the environment itself failed, else None.
    """

    payload: bytes
    is_error: bool
    status: str | None = None
