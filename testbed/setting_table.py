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
    A_NUMBER,
    A_PORT,
    A_PORT_OR_AUTO,
    A_SHARE,
    A_SWITCH,
    TAG,
    TEXT,
    Kind,
    Setting,
    as_switch,
    count_up_to,
    matching,
    one_of,
)

# Step Functions remembers so many executions (STANDALONE_KEPT_EXECUTIONS).
MOST_REQUESTS = 5_000
MOST_CLIENTS = 256
REFUSED = emulator_variables.REFUSED


def _for(commands: str, name: str, default: str, text: str, kind: Kind = TEXT) -> Setting:
    """One for these *commands* alone, as its help says."""
    words = commands.split()
    listed = " and ".join(f"`{command}`" for command in [f"make {words[0]}", *words[1:]])
    return Setting(name, default, f"for {listed}: {text}", kind, commands=tuple(words))


def _on_aws(
    name: str, default: str, text: str, kind: Kind = TEXT, commands: tuple[str, ...] = ()
) -> Setting:
    """One for AWS itself, as its help says."""
    return Setting(name, default, f"for `TARGET=aws`: {text}", kind, commands=commands)


TABLE: tuple[Setting, ...] = (
    Setting(
        "TARGET", "auto", "where the pipeline runs", one_of("auto", "embedded", "docker", "aws")
    ),
    Setting(
        "PORT", "4566", "the emulator's port on 127.0.0.1; `auto` for any free one", A_PORT_OR_AUTO
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
        matching("a number with m or g behind it, such as 4g", r"[1-9]\d*[mg]"),
        commands=STARTING,
    ),
    Setting(
        "IMAGE_TAG",
        "local",
        "for `docker`: the image's tag",
        matching("an image's tag: letters, digits, and . _ - inside", TAG),
        commands=STARTING,
    ),
    Setting("PYTHON", "python3", "any Python 3, to set things up with"),
    Setting(
        "CONSOLE_PORT",
        "8765",
        "the console's port on 127.0.0.1; `auto` for any free one",
        A_PORT_OR_AUTO,
        commands=("console", "demo"),
    ),
    _for(
        "console",
        "CONSOLE_SHARE",
        "",
        "an address of this machine, where a class may look on, unencrypted, with the link",
        matching(
            "an IPv4 address of this machine, such as 192.168.1.20, and not 0.0.0.0 or 127.0.0.1",
            r"(?!0\.|127\.0\.0\.1$)\d{1,3}(\.\d{1,3}){3}",
        ),
    ),
    _for("process debug", "IMAGE", "", "the file to send"),
    _for("process", "KEY", "the file's name", "the key of the original"),
    _for(
        "process",
        "SIZE",
        "256",
        "the thumbnail's longest side",
        matching("a whole number of pixels, 16 to 2048", r"[+-]?\d+"),
    ),
    _for("process", "FORMAT", "auto", "`auto`, `jpeg`, `png` or `webp`"),
    _for("process", "MODE", "thumbnail", "`thumbnail`, or `copy` to copy and rename only"),
    _on_aws(
        "AWS_REGION",
        "ca-central-1",
        "the region, also as AWS_DEFAULT_REGION",
        matching("a region's name, such as ca-central-1", r"[a-z]{2,}(-[a-z]+)+-\d+"),
    ),
    _on_aws("AWS_PROFILE", "", "the profile with the credentials, of those in `~/.aws`"),
    _on_aws(
        "BUCKET_PREFIX",
        "the account's id",
        "before the buckets' names, which are global; `none` for the names as they are",
        # With the longer of the two names and a hyphen it fills the 63 characters of S3. Some
        # beginnings are S3's own ("General purpose bucket naming rules").
        matching(
            "1 to 31 lower-case letters, digits and hyphens, no hyphen first, and none of S3's own "
            "beginnings (xn--, sthree-, amzn-s3-demo-)",
            r"(?!xn--|sthree-|amzn-s3-demo-)[a-z0-9][a-z0-9-]{0,30}",
        ),
    ),
    _on_aws(
        "YES",
        "",
        "1 agrees to what would be asked, objects in buckets excepted",
        A_SWITCH,
        commands=("up", "demo", "provision", "down", "destroy"),
    ),
    _on_aws(
        "EMPTY",
        "",
        "with YES=1: 1 agrees that the objects in our buckets go, too",
        A_SWITCH,
        commands=("down", "destroy"),
    ),
    # Some systems have a variable of this name.
    _for(
        "save load fault",
        "NAME",
        "",
        "the snapshot's name, the rule's (else made of both); on the command line alone",
        matching("1 to 64 letters, digits, and . _ - inside", r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}"),
    ),
    _for("save load", "FILE", "in the state folder", "the snapshot's file, to be handed on"),
    _for("provision", "PLAN", "", "1 shows what it would change, and changes nothing", A_SWITCH),
    _for("trace", "ID", "last", "an execution's name or ARN"),
    _for("test-state", "STATE", "", "the name of the state to run"),
    _for("test-state", "INPUT", "{}", "its input: JSON, or a file with JSON"),
    _for("test-state", "MOCK", "", "what its task gives in place of the service, likewise"),
    _for("test-state", "ERROR", "", "what its task fails with, `Error: cause`"),
    _for("test-state", "RETRIES", "0", "how often ERROR was tried again already", A_NUMBER),
    _for(
        "test-state",
        "LEVEL",
        "DEBUG",
        "how much TestState tells",
        one_of("INFO", "DEBUG", "TRACE"),
    ),
    _for(
        "trace doctor test-state lint-pipeline conformance iam grade",
        "JSON",
        "",
        "1 for JSON",
        A_SWITCH,
    ),
    _for(
        "iam",
        "POLICY",
        "",
        "`least` prints the least policy of each role",
        one_of("least"),
    ),
    _for("lint-pipeline", "SARIF", "", "1 for SARIF, as GitHub's code scanning takes it", A_SWITCH),
    _for("trace conformance grade", "HTML", "", "where to write the page"),
    _for("grade grade-all", "LAB", "", "the lab's number", A_COUNT),
    _for("grade grade-all", "LABS", "this checkout's", "the folder with labs of your own"),
    _for(
        "grade grade-all",
        "FOLDER",
        "the lab's own",
        "the folder that was handed in; for all, the one with a folder for each",
    ),
    _for("grade grade-all", "HIDDEN", "", "a folder with tests that students do not have"),
    _for("grade grade-all", "GRADE_SECONDS", "60", "how long one submission may take", A_COUNT),
    _for(
        "grade-all",
        "RESUME",
        "",
        "1 keeps the marks of a run that was broken off, where nothing has changed since",
        A_SWITCH,
    ),
    _for("grade", "GRADESCOPE", "", "where to write Gradescope's `results.json`"),
    _for("grade", "CLASSROOM", "", "where to write what GitHub Classroom's reporter takes"),
    _for("conformance", "ENDPOINT", "the testbed's that is up", "the emulator's base URL"),
    _for("conformance", "FEATURES", "all", "some of them: `S3,Step Functions`"),
    _for(
        "conformance",
        "ANY_HOST",
        "",
        "1 allows another machine's, where resources are made and deleted",
        A_SWITCH,
    ),
    Setting(
        "ARCH",
        "this machine's",
        "for `make package`, and what `TARGET=aws` runs the function on",
        one_of("x86_64", "arm64"),
        commands=("package", "up", "demo", "provision"),
    ),
    _for("fault", "OPERATION", "", "which calls: `s3:GetObject`, `s3:*`, `lambda:Invoke`, `*`"),
    _for("fault", "KIND", "", "what goes wrong: `latency`, `throttling` … (docs/reliability.md)"),
    _for("fault", "RESOURCE", "", "a bucket, `bucket/key*`, function or machine; all if not given"),
    _for("fault", "RATE", "1", "the share of the calls: `0.3` or `5%`"),
    _for("fault", "LATENCY", "", "milliseconds, or `lognormal:200..2000` (docs/reliability.md)"),
    _for("fault", "WHEN", "before", "`before` or `after` the work is done"),
    _for("fault", "FIRST", "all of them", "so many of the calls are considered", A_COUNT),
    _for("fault", "AFTER", "0", "so many of the calls are spared at first", A_NUMBER),
    _for("fault", "SCENARIO", "", "a ready-made bad day; `make fault` lists them"),
    _for("fault", "OFF", "", "1 switches all faults off, a name those of that name"),
    _for("logs", "FOLLOW", "", "1 to go on with what comes", A_SWITCH),
    _for("debug", "DEBUG_PORT", "5678", "debugpy's port on 127.0.0.1", A_PORT),
    _for("load-test", "N", "1000", "how many requests", count_up_to(MOST_REQUESTS)),
    _for("load-test", "C", "16", "from how many clients at once", count_up_to(MOST_CLIENTS)),
    _for("load-test", "KILL", "", "1 to kill workers meanwhile", A_SWITCH),
    _for("load-test", "CRASH", "", "1 to kill the emulator in the middle, and start it", A_SWITCH),
    _for(
        "load-test", "FAULTS", "", "faults for the run: `s3:5%`, a scenario, or several with commas"
    ),
    _for(
        "load-test fault",
        "SEED",
        "a random one",
        "of what chance decides: who is killed, what fails",
        A_COUNT,
    ),
    _for(
        "test-labs",
        "SHARE",
        "1/1",
        "which share of the wrong solutions and READMEs, such as `2/3`",
        A_SHARE,
    ),
    _for("soak", "COUNT", "1000", "how many invocations", A_COUNT),
    _for("fuzz", "SECONDS", "60", "how long", A_COUNT),
    _for("bench", "QUICK", "", "1 for two minutes instead of ten", A_SWITCH),
    _for(
        "test test-browser", "RUNNING", "", "1 tests the testbed that is up, where one is", A_SWITCH
    ),
    Setting(
        "REPORT",
        "reports/junit.xml",
        "for `make test`: where the JUnit report goes",
        commands=("test", "test-docker", "test-aws"),
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
    return None if setting is None or setting.kind.check(value) else setting.kind.allowed


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
