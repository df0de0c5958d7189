"""Addresses of the console's pages about one thing, which people keep and share."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

if TYPE_CHECKING:
    from testbed.outputs import Outputs


def execution(outputs: Outputs, arn: str) -> str:
    """The page of an execution: by name if it is the pipeline's, else by ARN."""
    machine, _, name = arn.rpartition(":")
    ours = machine == outputs.state_machine_arn.replace(":stateMachine:", ":execution:")
    return f"/executions/{quote(name if ours else arn, safe='')}"


def new_execution(machine_arn: str, *, like: str = "") -> str:
    """The page that starts a machine, with the input that the execution *like* had."""
    return _asking("/new", machine=machine_arn, like=like)


def definition(machine_arn: str) -> str:
    """The page of a machine's definition."""
    return _asking("/definitions", machine=machine_arn)


def executions(machine_arn: str) -> str:
    """The list of a machine's executions."""
    return _asking("/executions", machine=machine_arn)


def comparison(first: str, second: str = "") -> str:
    """The page that compares two executions, by ARN; the second is chosen there if it is empty."""
    return _asking("/compare", first=first, second=second)


def machine_of(execution_arn: str) -> str:
    """The ARN of the machine that an execution's ARN names."""
    return execution_arn.rpartition(":")[0].replace(":execution:", ":stateMachine:")


def _asking(path: str, **asked: str) -> str:
    return f"{path}?{urlencode({name: value for name, value in asked.items() if value})}"
