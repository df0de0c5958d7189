"""The environment, read once: which target, which port, which state folder."""

from __future__ import annotations

import dataclasses
import os
import re
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
DEFAULT_MEMORY: Final = "4g"
DEFAULT_IMAGE_TAG: Final = "local"
# The file that Docker Compose reads its settings from.
DOTENV: Final = ROOT / ".env"


@dataclasses.dataclass(frozen=True)
class Settings:
    """What a person can set from outside; see the README's table of settings.

    Attributes:
        target: where the pipeline runs.
        port: TCP port of the emulator on 127.0.0.1; None means "any free one".
        state_dir: folder of everything that a running testbed keeps.
        memory: how much a testbed in Docker may use, as Docker writes it.
        image_tag: tag of the image of a testbed in Docker.
    """

    target: TargetChoice = "auto"
    port: int | None = DEFAULT_PORT
    state_dir: Path = DEFAULT_STATE_DIR
    memory: str = DEFAULT_MEMORY
    image_tag: str = DEFAULT_IMAGE_TAG


def load(environ: Mapping[str, str] | None = None) -> Settings:
    """Settings from *environ*; an empty variable counts as unset.

    By default that is the process's environment, with the file ``.env`` behind it.

    Raises:
        SettingError: a value is not usable; the message names variable, value and what is allowed.
    """
    environ = _with_dotenv(os.environ, DOTENV) if environ is None else environ
    return Settings(
        target=_target(environ.get("TARGET") or "auto"),
        port=_port(environ.get("PORT") or str(DEFAULT_PORT)),
        state_dir=_state_dir(environ.get("STATE_DIR") or ""),
        memory=_memory(environ.get("MEMORY") or DEFAULT_MEMORY),
        image_tag=_image_tag(environ.get("IMAGE_TAG") or DEFAULT_IMAGE_TAG),
    )


def _with_dotenv(environ: Mapping[str, str], file: Path) -> dict[str, str]:
    """What *environ* does not set is taken from *file*, as Docker Compose does."""
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        lines = []
    pairs = (line.partition("=") for line in lines if not line.lstrip().startswith("#"))
    known = {name.strip(): value.strip().strip("\"'") for name, _, value in pairs}
    return known | {name: value for name, value in environ.items() if value}


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


def _memory(value: str) -> str:
    if re.fullmatch(r"[1-9]\d*[mg]", value):
        return value
    raise SettingError("MEMORY", value, "a number with m or g behind it, such as 4g")


def _image_tag(value: str) -> str:
    if re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}", value):
        return value
    raise SettingError("IMAGE_TAG", value, "an image's tag: letters, digits, and . _ - inside")
