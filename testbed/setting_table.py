"""Every setting: its name, its default, what it may be, and what it is for.

Read by each command, by `make help`, and by the README's table. Standard library alone, under any
Python from 3.8 on: the first that reads it is the installer, before anything is installed. (That is
why no library for settings is here; the record is docs/decisions/0009.)
"""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Mapping

from testbed import emulator_variables
from testbed.emulator_variables import STARTING, VARIABLES
from testbed.setting import (
    A_COUNT,
    A_PORT,
    A_PORT_OR_AUTO,
    A_SWITCH,
    MOST_CLIENTS,
    MOST_REQUESTS,
    TAG,
    Setting,
    as_switch,
    is_count,
    is_count_up_to,
    is_port,
    is_port_or_auto,
    is_switch,
    matches,
    one_of,
)

REFUSED = emulator_variables.REFUSED


def _switch(name: str, text: str, *commands: str) -> Setting:
    return Setting(name, "", text, A_SWITCH, is_switch, as_switch, commands=commands)


TABLE: tuple[Setting, ...] = (
    Setting(
        "TARGET",
        "auto",
        "where the pipeline runs",
        "one of auto, embedded, docker, aws",
        one_of("auto", "embedded", "docker", "aws"),
    ),
    Setting(
        "PORT",
        "4566",
        "the emulator's port on 127.0.0.1; `auto` for any free one",
        A_PORT_OR_AUTO,
        is_port_or_auto,
    ),
    Setting(
        "STATE_DIR",
        ".testbed",
        "everything that a running testbed keeps; another one makes a second testbed",
    ),
    Setting(
        "MEMORY",
        "4g",
        "for `docker`: the container's memory limit",
        "a number with m or g behind it, such as 4g",
        matches(r"[1-9]\d*[mg]"),
        commands=STARTING,
    ),
    Setting(
        "IMAGE_TAG",
        "local",
        "for `docker`: the image's tag",
        "an image's tag: letters, digits, and . _ - inside",
        matches(TAG),
        commands=STARTING,
    ),
    Setting("PYTHON", "python3", "any Python 3, to set things up with"),
    Setting(
        "CONSOLE_PORT",
        "8765",
        "the console's port on 127.0.0.1; `auto` for any free one",
        A_PORT_OR_AUTO,
        is_port_or_auto,
        commands=("console", "demo"),
    ),
    Setting(
        "IMAGE",
        "",
        "for `make process` and `debug`: the file to send",
        commands=("process", "debug"),
    ),
    Setting(
        "KEY",
        "the file's name",
        "for `make process`: the key of the original",
        commands=("process",),
    ),
    Setting(
        "SIZE",
        "256",
        "for `make process`: the thumbnail's longest side",
        "a whole number of pixels, 16 to 2048",
        matches(r"[+-]?\d+"),
        commands=("process",),
    ),
    Setting(
        "FORMAT",
        "auto",
        "for `make process`: `auto`, `jpeg`, `png` or `webp`",
        commands=("process",),
    ),
    Setting(
        "MODE",
        "thumbnail",
        "for `make process`: `thumbnail`, or `copy` to copy and rename only",
        commands=("process",),
    ),
    Setting("ID", "last", "for `make trace`: an execution's name or ARN", commands=("trace",)),
    _switch("JSON", "for `make trace` and `doctor`: 1 for JSON", "trace", "doctor"),
    Setting("HTML", "", "for `make trace`: where to write the page", commands=("trace",)),
    Setting(
        "ARCH",
        "this machine's",
        "for `make package`",
        "one of x86_64, arm64",
        one_of("x86_64", "arm64"),
        commands=("package",),
    ),
    _switch("FOLLOW", "for `make logs`: 1 to go on with what comes", "logs"),
    Setting(
        "DEBUG_PORT",
        "5678",
        "for `make debug`: debugpy's port on 127.0.0.1",
        A_PORT,
        is_port,
        commands=("debug",),
    ),
    Setting(
        "N",
        "1000",
        "for `make load-test`: how many requests",
        f"a whole number from 1 to {MOST_REQUESTS}",
        is_count_up_to(MOST_REQUESTS),
        commands=("load-test",),
    ),
    Setting(
        "C",
        "16",
        "for `make load-test`: from how many clients at once",
        f"a whole number from 1 to {MOST_CLIENTS}",
        is_count_up_to(MOST_CLIENTS),
        commands=("load-test",),
    ),
    _switch("KILL", "for `make load-test`: 1 to kill workers meanwhile", "load-test"),
    Setting(
        "SEED",
        "a random one",
        "for `make load-test`: of the choice whom to kill",
        A_COUNT,
        is_count,
        commands=("load-test",),
    ),
    Setting(
        "COUNT",
        "1000",
        "for `make soak`: how many invocations",
        A_COUNT,
        is_count,
        commands=("soak",),
    ),
    Setting("SECONDS", "60", "for `make fuzz`: how long", A_COUNT, is_count, commands=("fuzz",)),
    _switch("QUICK", "for `make bench`: 1 for two minutes instead of ten", "bench"),
    Setting(
        "REPORT",
        "reports/junit.xml",
        "for `make test`: where the JUnit report goes",
        commands=("test", "test-docker"),
    ),
    Setting(
        "CHROMIUM",
        "what is on PATH",
        "for `make test-browser`: the browser",
        commands=("screenshots", "test-browser", "test-docker"),
    ),
    Setting("PIP_INDEX_URL", "", "for `docker`: where pip finds packages when the image is built"),
    Setting("UV_DEFAULT_INDEX", "", "where uv finds packages"),
    *VARIABLES,
)
BY_NAME: dict[str, Setting] = {setting.name: setting for setting in TABLE}


def passed_on(*, container: bool = False) -> tuple[str, ...]:
    """The names that an emulator is given, one in a container where that is asked."""
    return tuple(
        setting.name
        for setting in TABLE
        if setting.emulator and (setting.container or not container)
    )


def is_on(environ: Mapping[str, str], name: str) -> bool:
    """Whether switch *name* is on in *environ*; one that is not usable is not."""
    return as_switch(environ.get(name, "")) == "1"


def problem(name: str, value: str) -> str | None:
    """What *name* must be, where *value* is not; None where it is."""
    setting = BY_NAME.get(name)
    return None if setting is None or setting.check(value) else setting.allowed


def stray(names: Iterable[str]) -> list[str]:
    """A message for each of *names* that is no setting: what was meant, as far as one can tell."""
    return [_unknown(name) for name in names if not _is_known(name)]


def misplaced(environ: Mapping[str, str]) -> list[str]:
    """A message for each name on make's command line that is none, or is for other commands.

    The Makefile tells names and commands (TESTBED_GIVEN, TESTBED_GOALS).
    """
    goals = environ.get("TESTBED_GOALS", "").split()
    given = given_on_command_line(environ)
    pointless = [
        f"{name} means nothing to `make {' '.join(goals)}`; it is for {_commands(name)}"
        for name in given
        if goals and name in BY_NAME and not is_for(name, goals)
    ]
    return stray(given) + pointless + unusable({name: environ.get(name, "") for name in given})


def unusable(values: Mapping[str, str], where: str = "") -> list[str]:
    """A message for each of *values* that its setting cannot have; an empty one is none."""
    return [
        f"{where}{name}={value!r} is not usable: {name} must be {problem(name, value)}"
        for name, value in values.items()
        if value and problem(name, value)
    ]


def dotenv_faults(text: str) -> list[str]:
    """A message for each line of a file `.env` that is not understood, with its number."""
    faults = []
    for number, line in enumerate(text.splitlines(), 1):
        where = f".env line {number}: "
        known = read_dotenv(line)
        if line.strip() and not line.lstrip().startswith("#") and not known:
            faults.append(f"{where}{line.strip()!r} is no NAME=value")
        faults += [where + words for words in stray(known) if not _is_composes(known)]
        faults += unusable(known, where)
    return faults


def _is_composes(names: Iterable[str]) -> bool:
    """Docker Compose reads the file for itself, too."""
    return all(name.startswith(("COMPOSE_", "DOCKER_")) for name in names)


def is_for(name: str, goals: Collection[str]) -> bool:
    """Whether setting *name* means anything to one of these commands."""
    commands = BY_NAME[name].commands
    return not commands or not set(commands).isdisjoint(goals)


def _commands(name: str) -> str:
    return ", ".join(f"`make {command}`" for command in BY_NAME[name].commands)


def given_on_command_line(environ: Mapping[str, str]) -> list[str]:
    """The names that make was given as NAME=value; the Makefile says which (TESTBED_GIVEN)."""
    return environ.get("TESTBED_GIVEN", "").split()


def read_dotenv(text: str) -> dict[str, str]:
    """The settings in a file `.env`, as Docker Compose reads it: NAME=value, # before a comment."""
    pairs = (line.partition("=") for line in text.splitlines() if "=" in line)
    return {
        name.strip(): value.strip().strip("\"'")
        for name, _, value in pairs
        if not name.lstrip().startswith("#")
    }


def _is_known(name: str) -> bool:
    return name in BY_NAME and name not in REFUSED


def _unknown(name: str) -> str:
    if name in REFUSED:
        return f"{name} cannot be set here: {REFUSED[name]}"
    upper = name.upper()
    near = [upper] if upper in BY_NAME else difflib.get_close_matches(upper, BY_NAME, 1, 0.6)
    meant = f"; did you mean {near[0]}?" if near else ""
    return f"there is no setting {name}{meant} (`make help` lists them)"
