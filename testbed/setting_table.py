"""Every setting: its name, its default, what it may be, and what it is for.

Read by each command, by `make help`, and by the README's table. Standard library alone, under any
Python from 3.8 on: the first that reads it is the installer, before anything is installed. (That is
why no library for settings is here; the record is docs/decisions/0009.)
"""

from __future__ import annotations

import dataclasses
import difflib
import re
from collections.abc import Callable, Collection, Iterable, Mapping

PORTS = (1024, 65535)
PATTERN_PREFIXES = ("LAMBDA_",)


def anything(_value: str) -> bool:
    """Every text is taken."""
    return True


def one_of(*choices: str) -> Callable[[str], bool]:
    """One of these words, as they are written."""
    return lambda value: value in choices


def matches(pattern: str) -> Callable[[str], bool]:
    """All of it has this form."""
    compiled = re.compile(pattern)
    return lambda value: compiled.fullmatch(value) is not None


def is_port(value: str) -> bool:
    """An unprivileged TCP port."""
    number = value.isascii() and value.isdigit()
    return number and PORTS[0] <= int(value) <= PORTS[1]


def is_port_or_auto(value: str) -> bool:
    """A port, or any free one."""
    return value == "auto" or is_port(value)


def is_count(value: str) -> bool:
    """A whole number from 1 up."""
    return value.isascii() and value.isdigit() and int(value) > 0


def is_count_up_to(most: int) -> Callable[[str], bool]:
    """A whole number from 1 to *most*."""
    return lambda value: is_count(value) and int(value) <= most


# Step Functions remembers so many executions (STANDALONE_KEPT_EXECUTIONS).
MOST_REQUESTS = 5_000
MOST_CLIENTS = 256
A_PORT = f"a number from {PORTS[0]} to {PORTS[1]}"
A_PORT_OR_AUTO = A_PORT + ", or 'auto' for any free port"
A_COUNT = "a whole number from 1 up"
TAG = r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}"


@dataclasses.dataclass(frozen=True)
class Setting:
    """One setting.

    Attributes:
        name: as it is given to make, in the environment or in .env.
        default: what it is where nobody sets it, in words.
        help: what it is, for a person.
        allowed: what it may be, in words: "… must be …".
        check: whether a value is that.
        emulator: whether the emulator is given it, in a process and in a container.
        commands: the targets of the Makefile that it is for; none for those of every kind.
    """

    name: str
    default: str
    help: str
    allowed: str = "any text"
    check: Callable[[str], bool] = anything
    emulator: bool = False
    commands: tuple[str, ...] = ()


# The commands that start an emulator.
STARTING = (
    *("up", "demo", "reset", "screenshots", "bench"),
    *("test", "test-docker", "test-browser", "soak"),
)


def _emulator(name: str, default: str, text: str, allowed: str = "any text") -> Setting:
    return Setting(name, default, text, allowed, emulator=True, commands=STARTING)


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
    Setting("JSON", "", "for `make trace` and `doctor`: 1 for JSON", commands=("trace", "doctor")),
    Setting("HTML", "", "for `make trace`: where to write the page", commands=("trace",)),
    Setting(
        "ARCH",
        "this machine's",
        "for `make package`",
        "one of x86_64, arm64",
        one_of("x86_64", "arm64"),
        commands=("package",),
    ),
    Setting("FOLLOW", "", "for `make logs`: 1 to go on with what comes", commands=("logs",)),
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
    Setting(
        "KILL", "", "for `make load-test`: 1 to kill workers meanwhile", commands=("load-test",)
    ),
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
    Setting("QUICK", "", "for `make bench`: 1 for two minutes instead of ten", commands=("bench",)),
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
    _emulator("ALLOWED_HOSTS", "", "names that the emulator answers to beside localhost's"),
    _emulator("DEBUG", "", "LocalStack's: 1 for a longer log"),
    _emulator("LS_LOG", "", "LocalStack's: the level of its log"),
    _emulator("SERVICES", "", "LocalStack's: services to serve beside the pipeline's own"),
    _emulator(
        "SFN_MOCK_CONFIG", "", "LocalStack's: a file with mocked results of tasks (`embedded`)"
    ),
    _emulator(
        "S3_SKIP_SIGNATURE_VALIDATION", "1", "LocalStack's: 0 to check presigned URLs' signatures"
    ),
    _emulator("LAMBDA_LIMITS_CONCURRENT_EXECUTIONS", "1000", "LocalStack's: invocations at once"),
    _emulator(
        "LAMBDA_LIMITS_MINIMUM_UNRESERVED_CONCURRENCY",
        "100",
        "LocalStack's: what no function may reserve",
    ),
    _emulator(
        "LAMBDA_PROCESS_ENVIRONMENTS", "one for each 128 MB", "execution environments at once"
    ),
    _emulator("LAMBDA_KEEPALIVE_MS", "600000", "LocalStack's: how long an environment idles"),
    _emulator(
        "LAMBDA_SYNCHRONOUS_CREATE", "", "LocalStack's: 1 to wait until a function is active"
    ),
    _emulator("LAMBDA_RETRY_BASE_DELAY_SECONDS", "60", "LocalStack's: of asynchronous invocations"),
    _emulator(
        "LAMBDA_LIMITS_CODE_SIZE_UNZIPPED", "262144000", "LocalStack's: bytes of code, unzipped"
    ),
    _emulator(
        "STANDALONE_KEPT_EXECUTIONS", "5000", "ended executions that are remembered; 0 for all"
    ),
    _emulator(
        "STANDALONE_GATEWAY_CONNECTIONS",
        "half of the descriptors, at most 4096",
        "connections to the emulator at once",
    ),
    Setting(
        "STANDALONE_ORIGIN_GUARD",
        "on",
        "`off` lets web pages use the emulator (docs/security.md)",
        "on or off",
        one_of("on", "off"),
        emulator=True,
        commands=STARTING,
    ),
    _emulator("STANDALONE_PARITY", "all", "`off`, or `all,-name` (docs/differences.md)"),
    _emulator("TUNING", "all", "`off`, or `all,-name` (docs/decisions/0006)"),
)
BY_NAME: dict[str, Setting] = {setting.name: setting for setting in TABLE}
# What would undo a promise of the testbed, and why.
REFUSED: dict[str, str] = {
    "LAMBDA_RUNTIME_EXECUTOR": "functions run as processes here; Docker's way needs its socket",
    "LAMBDA_PROCESS_RUNTIMES": "the testbed names the Pythons that it has made environments for",
    "GATEWAY_LISTEN": "the testbed listens on 127.0.0.1 alone; PORT chooses the port",
    "GATEWAY_SERVER": "TUNING=all,-threaded_gateway chooses LocalStack's own server",
    "LOCALSTACK_HOST": "the addresses that are given out are the testbed's own; see PORT",
}


def passed_on() -> tuple[str, ...]:
    """The names that an emulator is given."""
    return tuple(setting.name for setting in TABLE if setting.emulator)


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
    return stray(given) + pointless


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
    if name in REFUSED:
        return False
    return name in BY_NAME or name.startswith(PATTERN_PREFIXES)


def _unknown(name: str) -> str:
    if name in REFUSED:
        return f"{name} cannot be set here: {REFUSED[name]}"
    upper = name.upper()
    near = [upper] if upper in BY_NAME else difflib.get_close_matches(upper, BY_NAME, 1, 0.6)
    meant = f"; did you mean {near[0]}?" if near else ""
    return f"there is no setting {name}{meant} (`make help` lists them)"
