"""The settings of a command: those of `setting_table`, from make, the environment and `.env`."""

from __future__ import annotations

import dataclasses
import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Final, Literal, cast

from testbed import mock_configuration, names, setting, setting_table
from testbed.errors import SettingError, SettingNameError, TestbedError

ROOT: Final = Path(__file__).resolve().parent.parent
ENVS: Final = ROOT / ".envs"

TargetChoice = Literal["auto", "embedded", "docker", "aws"]
Target = Literal["embedded", "docker", "aws"]

DEFAULT_PORT: Final = 4566
PORTS: Final = setting.PORTS
DEFAULT_STATE_DIR: Final = ROOT / ".testbed"
# The addresses of what is on AWS, beside those of an emulator that may be up meanwhile.
AWS_STATE_DIR: Final = ROOT / ".testbed-aws"
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
        region: of AWS itself; an emulator has names.REGION.
        bucket_prefix: for AWS itself: what its buckets' names begin with; "" for the account's id.
        named: those of them that somebody set, whatever to; the others are as by default.
    """

    target: TargetChoice = "auto"
    port: int | None = DEFAULT_PORT
    state_dir: Path = DEFAULT_STATE_DIR
    memory: str = DEFAULT_MEMORY
    image_tag: str = DEFAULT_IMAGE_TAG
    region: str = names.REGION
    bucket_prefix: str = ""
    named: frozenset[str] = dataclasses.field(default=frozenset(), compare=False)

    @property
    def asked_port(self) -> int | None:
        """The port, if somebody asked for it; None where any is as good."""
        by_default = "PORT" not in self.named and self.port == DEFAULT_PORT
        return None if by_default else self.port


def load(environ: Mapping[str, str] | None = None) -> Settings:
    """Settings from *environ*; an empty variable counts as unset.

    By default that is the process's environment, with the file ``.env`` behind it.

    Raises:
        SettingError: a value is not usable; the message names variable, value and what is allowed.
    """
    environ = _with_dotenv(os.environ, DOTENV) if environ is None else environ
    port = value(environ, "PORT", str(DEFAULT_PORT))
    target = cast("TargetChoice", value(environ, "TARGET", "auto"))
    return Settings(
        target=target,
        port=None if port == "auto" else int(port),
        state_dir=_state_dir(
            environ.get("STATE_DIR") or "", AWS_STATE_DIR if target == "aws" else DEFAULT_STATE_DIR
        ),
        memory=value(environ, "MEMORY", DEFAULT_MEMORY),
        image_tag=value(environ, "IMAGE_TAG", DEFAULT_IMAGE_TAG),
        region=_region(environ) if target == "aws" else names.REGION,
        bucket_prefix=value(environ, "BUCKET_PREFIX", "") if target == "aws" else "",
        named=frozenset(name for name in environ if environ[name]) & setting_table.BY_NAME.keys(),
    )


def value(environ: Mapping[str, str], name: str, default: str) -> str:
    """The setting *name* in *environ*; an empty one counts as unset.

    Raises:
        SettingError: it is not usable.
    """
    found = environ.get(name) or default
    allowed = setting_table.problem(name, found) if found else None
    if allowed is not None:
        raise SettingError(name, found, allowed)
    return found


def path_of(name: str, text: str) -> Path:
    """The path that the setting *name* means, a ``~`` in it being somebody's home.

    Raises:
        SettingError: nobody's.
    """
    try:
        return Path(text).expanduser()
    except RuntimeError as error:
        raise SettingError(name, text, "a path; what begins with ~ names a user's home") from error


def adopt(dotenv: Path | None = None) -> None:
    """At the start of a command: refuse settings that are none, and take over those in `.env`.

    Raises:
        SettingNameError: make or `.env` was given a name that is no setting, or another command's,
            or a value that is not usable.
    """
    file = dotenv or DOTENV
    text = _read(file)
    known = setting_table.read_dotenv(text)
    strays = setting_table.misplaced(os.environ) + setting_table.dotenv_faults(text)
    if strays:
        raise SettingNameError("\n".join(strays))
    for name, text in known.items():
        if not os.environ.get(name):
            os.environ[name] = text


def for_emulator(environ: Mapping[str, str] | None = None) -> dict[str, str]:
    """What an emulator is given of *environ*, by default of the process's own and `.env`.

    Raises:
        SettingError: one is not usable.
    """
    environ = _with_dotenv(os.environ, DOTENV) if environ is None else environ
    names = [name for name in setting_table.passed_on() if environ.get(name)]
    given = {
        name: setting_table.BY_NAME[name].kind.reads(value(environ, name, ""))
        for name in sorted(names)
    }
    if "SFN_MOCK_CONFIG" in given:
        path = (ROOT / path_of("SFN_MOCK_CONFIG", given["SFN_MOCK_CONFIG"])).resolve()
        if not path.is_file():
            raise SettingError("SFN_MOCK_CONFIG", given["SFN_MOCK_CONFIG"], "a file that is there")
        if words := mock_configuration.fault(_read(path)):
            raise SettingError(
                "SFN_MOCK_CONFIG",
                given["SFN_MOCK_CONFIG"],
                f"a mock configuration file of Step Functions Local, and it {words}",
            )
        given["SFN_MOCK_CONFIG"] = str(path)
    return given


def refuse_undoing(environ: Mapping[str, str]) -> None:
    """See that the environment asks for nothing which a start would have to ignore.

    Raises:
        SettingNameError: it has a variable of LocalStack's that the testbed does not hand on.
    """
    refused = [name for name in setting_table.REFUSED if environ.get(name)]
    if refused:
        words = setting_table.stray(refused)
        raise SettingNameError("\n".join(f"in the environment: {each}" for each in words))


def _with_dotenv(environ: Mapping[str, str], file: Path) -> dict[str, str]:
    """What *environ* does not set is taken from *file*, as Docker Compose does."""
    known = setting_table.read_dotenv(_read(file))
    return known | {name: text for name, text in environ.items() if text}


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except FileNotFoundError:
        return ""


def uv() -> Path:
    """The installer that made this checkout's environments.

    Raises:
        TestbedError: it is gone.
    """
    ours = ENVS / "uv" / "bin" / "uv"
    found = str(ours) if ours.exists() else shutil.which("uv")
    if found is None:
        raise TestbedError("uv, which made the environments, is gone; `make clean setup` gets it")
    return Path(found)


def _region(environ: Mapping[str, str]) -> str:
    """The region of AWS; not a profile's, so that nobody's pipeline moves with AWS_PROFILE."""
    return value(environ, "AWS_REGION", environ.get("AWS_DEFAULT_REGION") or names.REGION)


def _state_dir(value: str, default: Path) -> Path:
    path = (ROOT / path_of("STATE_DIR", value)).resolve() if value else default
    if path.exists() and not path.is_dir():
        raise SettingError("STATE_DIR", value, "a folder (it is made when missing)")
    if path in (ROOT, *ROOT.parents):
        raise SettingError("STATE_DIR", value, "a folder of its own: `make clean` deletes it whole")
    return path
