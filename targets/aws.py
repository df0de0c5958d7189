"""The target aws: nothing to be started, and nothing that would be stopped."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from localstack_standalone.launcher.record import Record
from targets.base import Running
from testbed import settings


def start(wanted: settings.Settings, _known: Record | None, /) -> Running:
    """It is there; see `Target`."""
    return Running("aws", region=wanted.region)


def status(_known: Record | None, /) -> Running:
    """It is there."""
    return Running("aws")


def stop(_state_dir: Path, _known: Record | None, /, *, image: bool = False) -> bool:  # noqa: ARG001 - none is built
    """Never."""
    return False


def log(
    _state_dir: Path,
    _known: Record | None,
    /,
    lines: int | None,  # noqa: ARG001 - there is none
    *,
    follow: bool,  # noqa: ARG001 - likewise
) -> Iterator[str]:
    """None that could be read here; functions log to CloudWatch."""
    return iter(())


def facts(_state_dir: Path, _known: Record | None, /) -> Mapping[str, str]:
    """Nothing but what all have."""
    return {}
