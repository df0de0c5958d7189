"""The environment, read once: which target, which port, which state folder."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final, Literal, get_args

from testbed.errors import SettingError

ROOT: Final = Path(__file__).resolve().parent.parent
ENVS: Final = ROOT / ".envs"

TargetChoice = Literal["auto", "embedded", "docker", "aws"]
Target = Literal["embedded", "docker", "aws"]

DEFAULT_PORT: Final = 4566
PORTS: Final = (1024, 65535)
DEFAULT_STATE_DIR: Final = ROOT / ".testbed"


@dataclasses.dataclass(frozen=True)
class Settings:
    """What a person can set from outside; see the README's table of settings.

    Attributes:
        target: where the pipeline runs.
        port: TCP port of the emulator on 127.0.0.1; None means "any free one".
        state_dir: folder of everything that a running testbed keeps.
    """

    target: TargetChoice = "auto"
    port: int | None = DEFAULT_PORT
    state_dir: Path = DEFAULT_STATE_DIR


def load(environ: Mapping[str, str] | None = None) -> Settings:
    """Settings from *environ* (``os.environ`` by default); an empty variable counts as unset.

    Raises:
        SettingError: a value is not usable; the message names variable, value and what is allowed.
    """
    environ = os.environ if environ is None else environ
    return Settings(
        target=_target(environ.get("TARGET") or "auto"),
        port=_port(environ.get("PORT") or str(DEFAULT_PORT)),
        state_dir=_state_dir(environ.get("STATE_DIR") or ""),
    )


def _target(value: str) -> TargetChoice:
    for choice in get_args(TargetChoice):
        if choice == value:
            return choice  # type: ignore[no-any-return]  # get_args is untyped
    raise SettingError("TARGET", value, "one of " + ", ".join(get_args(TargetChoice)))


def _port(value: str) -> int | None:
    if value == "auto":
        return None
    lowest, highest = PORTS
    if value.isascii() and value.isdigit() and lowest <= int(value) <= highest:
        return int(value)
    allowed = f"a number from {lowest} to {highest}, or 'auto' for any free port"
    raise SettingError("PORT", value, allowed)


def _state_dir(value: str) -> Path:
    path = (ROOT / Path(value).expanduser()).resolve() if value else DEFAULT_STATE_DIR
    if path.exists() and not path.is_dir():
        raise SettingError("STATE_DIR", value, "a folder (it is made when missing)")
    if path in (ROOT, *ROOT.parents):
        raise SettingError("STATE_DIR", value, "a folder of its own: `make clean` deletes it whole")
    return path
