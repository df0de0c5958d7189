"""What comes of a request that AWS would refuse."""

from __future__ import annotations

import enum
from typing import Final

SETTING: Final = "IAM"


class Mode(enum.StrEnum):
    """OFF asks nobody; WARN says in the log what is missing; ENFORCE refuses as AWS does."""

    OFF = "off"
    WARN = "warn"
    ENFORCE = "enforce"


class ModeSettingError(ValueError):
    """IAM is none of the modes."""


def read(setting: str | None) -> Mode:
    """The mode that *setting* says; WARN where it says nothing.

    Raises:
        ModeSettingError: it is no mode.
    """
    try:
        return Mode(setting or Mode.WARN)
    except ValueError:
        allowed = ", ".join(Mode)
        raise ModeSettingError(f"{SETTING}={setting!r}: allowed are {allowed}") from None
