"""`localstack-standalone`: an emulator for whoever has nothing but Python."""

from __future__ import annotations

import argparse
import dataclasses
import json
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from localstack_standalone import __version__, child_command, installation, runtimes
from localstack_standalone.clients import RunningEmulator
from localstack_standalone.launcher import (
    emulator,
    errors,
    health,
    ports,
    service_names,
    state_folder,
)
from localstack_standalone.lint import check, report
from localstack_standalone.lint.codes import CODES

PROGRAM: Final = "localstack-standalone"
DEFAULT_PORT: Final = 4566
DEFAULT_STATE_DIR: Final = f".{PROGRAM}"
LINES: Final = "200"
FAILED: Final = 1
# As `systemctl status` says it of what does not run, and `docker run` of what it cannot start.
NOT_UP: Final = 3
NOT_STARTED: Final = 125
NOTHING_TO_LINT: Final = 2
_FORMS: Final = {"text": report.text, "json": report.as_json, "sarif": report.sarif}
HINTS: Final[dict[type[errors.LauncherError], str]] = {
    errors.PortTakenError: "stop that, or choose another: --port 4567, or 0 for any free one",
    errors.OtherPortError: f"`{PROGRAM} down` first, or --state-dir for a second one",
    errors.OtherSettingsError: f"`{PROGRAM} down` first, or --state-dir for a second one",
    errors.StateFolderError: "name another with --state-dir, one that is empty or not there",
    errors.UnwellError: f"`{PROGRAM} logs` shows its log; `down` and `up` start it anew",
}


def main(words: Sequence[str] | None = None) -> int:
    """Do what the command line says; the exit status."""
    for number in (signal.SIGHUP, signal.SIGTERM):
        signal.signal(number, _end)
    arguments = parse(sys.argv[1:] if words is None else words)
    try:
        status: int = arguments.run(arguments)
    except (errors.LauncherError, runtimes.RuntimeUnavailableError) as error:
        hint = HINTS.get(type(error), "") if isinstance(error, errors.LauncherError) else ""
        print(f"error: {error}{f'; {hint}' if hint else ''}", file=sys.stderr)
        return NOT_STARTED if arguments.run is execute else FAILED
    except KeyboardInterrupt:
        return child_command.OF_A_SIGNAL + signal.SIGINT
    return status


def up(arguments: argparse.Namespace) -> int:
    """Start an emulator that stays, and wait until it is ready."""
    port = DEFAULT_PORT if arguments.port is None else arguments.port
    installed = _installed(arguments)
    _tell("starting LocalStack …")
    known = emulator.start(
        arguments.state_dir, port or None, dataclasses.replace(installed, persist=arguments.persist)
    )
    # So no project keeps it by mistake.
    (arguments.state_dir / ".gitignore").write_text("*\n", encoding="utf-8")
    print(f"up at {known.endpoint} (process {known.pid}, files in {arguments.state_dir})")
    if arguments.persist:
        print(f"its state is kept in {arguments.state_dir / state_folder.KEPT}")
    print("your tools find it with")
    led = RunningEmulator(known.endpoint, arguments.state_dir).environ({})
    print("export", *(f"{name}={text}" for name, text in led.items() if name.startswith("AWS_")))
    return 0


def down(arguments: argparse.Namespace) -> int:
    """Stop the emulator of this folder; its log stays."""
    stopped = emulator.stop(arguments.state_dir)
    print("stopped" if stopped else f"none is up in {arguments.state_dir}")
    return 0


def status(arguments: argparse.Namespace) -> int:
    """Tell whether the emulator of this folder is up, and where."""
    known = emulator.status(arguments.state_dir)
    seen = health.check(known.endpoint) if known else health.Health(ready=False, seen="not up")
    told = {"ready": seen.ready, "seen": seen.seen}
    if known:
        told |= {"endpoint": known.endpoint, "pid": known.pid, "settings": known.settings}
        told |= {"sandbox": health.sandbox(known.endpoint)}
    if arguments.json:
        print(json.dumps(told, indent=2))
    else:
        print(f"{seen.seen}: {known.endpoint} (process {known.pid})" if known else seen.seen)
        if told.get("sandbox"):
            print(f"sandbox: {told['sandbox']}")
    return 0 if seen.ready else NOT_UP


def logs(arguments: argparse.Namespace) -> int:
    """Print the log of the emulator of this folder; that of one that was stopped is still there."""
    path = emulator.log_path(arguments.state_dir)
    if not path.exists():
        print(f"error: {path} is not there: none was started here yet", file=sys.stderr)
        return FAILED
    if arguments.follow:
        os.execvp("tail", ["tail", "-n", LINES, "-F", str(path)])  # noqa: S606 - no shell is wanted
    print(emulator.log_text(arguments.state_dir), end="")
    return 0


def execute(arguments: argparse.Namespace) -> int:
    """Run a command beside an emulator that is there for it alone."""
    installed = _installed(arguments)
    with tempfile.TemporaryDirectory(prefix=f"{PROGRAM}-") as name:
        folder = Path(name)
        try:
            known = emulator.start(folder, arguments.port or None, installed, tied=True)
            beside = RunningEmulator(known.endpoint, folder).environ(os.environ)
            return child_command.run(arguments.words, beside)
        finally:
            emulator.stop(folder, politely=False)
            if arguments.log and emulator.log_path(folder).exists():
                shutil.copyfile(emulator.log_path(folder), arguments.log)


def lint(arguments: argparse.Namespace) -> int:
    """Find what works here and fails on AWS: definitions, templates, code, archives."""
    if arguments.explain:
        print(report.explained(arguments.explain))
        return 0
    folder = Path.cwd()
    try:
        found = check.check(
            arguments.paths or [folder],
            architecture=arguments.architecture,
            runtime=arguments.runtime,
        )
    except check.NothingThereError as error:
        print(f"error: {error}", file=sys.stderr)
        return NOTHING_TO_LINT
    print(_FORMS[arguments.form](found, folder))
    return FAILED if report.fails(found) else 0


def show_runtimes(arguments: argparse.Namespace) -> int:
    """Make what Lambda functions run under, and show it: before one is offline, or in an image."""
    for name, python in runtimes.ensure(arguments.runtime, _tell).items():
        print(f"{name}\t{python}")
    return 0


def parse(words: Sequence[str]) -> argparse.Namespace:
    """What *words* ask for; what is behind ``--`` is the command of `execute`."""
    split = words.index("--") if "--" in words else len(words)
    parser = _parser()
    arguments = parser.parse_args(words[:split])
    arguments.words = words[split + 1 :]
    if (arguments.run is execute) != bool(arguments.words):
        parser.error(f"a command is for exec, behind --: {PROGRAM} exec -- pytest")
    return arguments


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=PROGRAM, description="LocalStack without Docker, for a project's tests."
    )
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(required=True, metavar="command")

    def add(
        name: str,
        run: Callable[[argparse.Namespace], int],
        *options: Callable[[argparse.ArgumentParser], None],
    ) -> argparse.ArgumentParser:
        about = run.__doc__
        added = commands.add_parser(name, help=about, description=about)
        added.set_defaults(run=run)
        for option in options:
            option(added)
        return added

    add("up", up, _state_dir, _starting, _runtime).add_argument(
        "--persist",
        action="store_true",
        help="keep its state in its folder, so that the next `up --persist` goes on with it",
    )
    add("down", down, _state_dir)
    add("status", status, _state_dir).add_argument("--json", action="store_true")
    add("logs", logs, _state_dir).add_argument("-f", "--follow", action="store_true")
    add("exec", execute, _starting, _runtime).add_argument(
        "--log", type=Path, metavar="FILE", help="keep the emulator's log there"
    )
    add("runtimes", show_runtimes, _runtime)
    add("lint", lint, _linting)
    return parser


def _state_dir(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--state-dir",
        type=lambda text: Path(text).resolve(),
        default=DEFAULT_STATE_DIR,
        metavar="DIR",
        help=f"where its files and its log are (default: {DEFAULT_STATE_DIR})",
    )


def _starting(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--port", type=_port, help=f"0 for any free one (default: {DEFAULT_PORT}; of exec: 0)"
    )
    parser.add_argument(
        "--services",
        type=lambda text: service_names.chosen(text.split(",")),
        default=(),
        metavar="s3,sqs",
        help="serve these alone (default: all that LocalStack has); +sqs,sns: these beside "
        f"{', '.join(service_names.DEFAULT)}, with what they need",
    )
    parser.add_argument(
        "--setting",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="a setting of LocalStack's or of this plugin's; may be given again",
    )


def _linting(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "paths",
        nargs="*",
        type=lambda text: Path(text).resolve(),
        metavar="FILE|FOLDER",
        help="what to look at (default: this folder)",
    )
    for form in ("json", "sarif"):
        parser.add_argument(
            f"--{form}", dest="form", action="store_const", const=form, default="text"
        )
    parser.add_argument(
        "--explain", metavar="CODE", choices=sorted(CODES), help="why, and what to do"
    )
    parser.add_argument(
        "--architecture", choices=("x86_64", "arm64"), default="", help="of archives"
    )
    parser.add_argument("--runtime", default="", metavar="python3.13", help="of archives")


def _port(text: str) -> int:
    if not (text.isdecimal() and int(text) <= ports.MOST_PORT):
        raise argparse.ArgumentTypeError(f"{text!r} is no port: it must be 0 to {ports.MOST_PORT}")
    return int(text)


def _runtime(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--runtime",
        action="append",
        default=[],
        metavar="python3.X[=PATH]",
        help="another Python that Lambda functions may ask for; may be given again",
    )


def _installed(arguments: argparse.Namespace) -> emulator.Installation:
    return installation.here(
        runtimes_wanted=arguments.runtime,
        services=arguments.services,
        settings=installation.settings_of(arguments.setting),
        progress=_tell,
    )


def _end(number: int, _frame: object) -> None:
    """Leave what is under way as after an error: nothing is left running."""
    sys.exit(child_command.OF_A_SIGNAL + number)


def _tell(words: str) -> None:
    print(words, file=sys.stderr, flush=True)
