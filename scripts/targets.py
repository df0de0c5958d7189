"""Which target a command is about, and the running testbed behind it."""

from __future__ import annotations

import dataclasses

from emulator import embedded
from testbed import settings
from testbed.aws import Aws
from testbed.errors import NotRunningError, TestbedError


@dataclasses.dataclass(frozen=True)
class Running:
    """A place that serves AWS now.

    Attributes:
        target: ``embedded``, ``docker`` or ``aws``.
        aws: clients for it.
    """

    target: settings.Target
    aws: Aws


@dataclasses.dataclass(frozen=True)
class Choice:
    """A target and why it was chosen."""

    target: settings.Target
    why: str


def choose(wanted: settings.Settings) -> Choice:
    """Settle TARGET=auto.

    Raises:
        TestbedError: the target that was asked for cannot be had here.
    """
    if wanted.target == "docker":
        raise TestbedError(
            "TARGET=docker is not there yet; TARGET=embedded runs the same pipeline without Docker"
        )
    if wanted.target == "aws":
        return Choice("aws", "TARGET=aws")
    if wanted.target == "embedded":
        return Choice("embedded", "TARGET=embedded")
    return Choice("embedded", "it runs anywhere; TARGET=aws uses an AWS account instead")


def running(wanted: settings.Settings) -> Running:
    """The testbed that is up.

    Raises:
        NotRunningError: none is.
    """
    if wanted.target == "aws":
        return Running("aws", Aws(endpoint=None))
    record = embedded.status(wanted.state_dir)
    if record is None:
        raise NotRunningError(f"nothing runs from {wanted.state_dir}")
    return Running("embedded", Aws(endpoint=record.endpoint))
