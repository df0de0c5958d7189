"""The LocalStack of the environment that runs this, and what an emulator of it is started with."""

from __future__ import annotations

import importlib.metadata
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from localstack_standalone import runtimes
from localstack_standalone.launcher.emulator import Installation
from localstack_standalone.launcher.errors import LauncherError


class LocalStackMissingError(LauncherError):
    """This environment has no LocalStack beside the plugin."""

    def __init__(self) -> None:
        super().__init__(
            "LocalStack is not installed here: install this plugin with its extra `localstack`, "
            "as its README says; that brings the one that it works with"
        )


class MalformedSettingError(LauncherError):
    """Something was given as a setting that is none."""

    def __init__(self, line: str) -> None:
        super().__init__(f"{line!r} is no setting: it must be NAME=value")


def here(
    *,
    runtimes_wanted: Iterable[str],
    services: Sequence[str],
    settings: Mapping[str, str],
    progress: runtimes.Progress,
) -> Installation:
    """This environment's LocalStack, with the Lambda runtimes that are wanted.

    Args:
        runtimes_wanted: as `runtimes.ensure` has them.
        services: all that it shall serve; none for all that LocalStack has.
        settings: LocalStack's and the plugin's variables.
        progress: is told what takes seconds.

    Raises:
        LocalStackMissingError: there is none.
        RuntimeUnavailableError: a runtime cannot be had.
    """
    try:
        importlib.metadata.version("localstack-core")
    except importlib.metadata.PackageNotFoundError as error:
        raise LocalStackMissingError from error
    return Installation(
        python=Path(sys.executable),
        runtimes=runtimes.ensure(runtimes_wanted, progress),
        services=services,
        settings=settings,
    )


def settings_of(lines: Iterable[str]) -> dict[str, str]:
    """Settings from *lines*, each ``NAME=value``.

    Raises:
        MalformedSettingError: one is not of that form.
    """
    settings = {}
    for line in lines:
        name, equals, value = line.partition("=")
        if not (equals and name.isidentifier()):
            raise MalformedSettingError(line)
        settings[name] = value
    return settings
