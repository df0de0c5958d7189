"""`make test-state STATE=… INPUT=…`: one state of the pipeline's machine, run alone.

INPUT and MOCK are JSON, or a file with JSON. MOCK is what the state's task gives, ERROR what it
fails with ("Runtime.ExitError: it was killed"); without them it is called for real.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from typing import TYPE_CHECKING, Any

from client import tested_state
from targets import choose
from testbed import outputs, setting_table, settings, terminal
from testbed.errors import SettingError, TestbedError
from views import data_flow

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def main() -> int:
    """Run the state and show what each field changed; 0 if that could be done, whatever it said.

    Raises:
        TestbedError: there is no such state, an input that is none, or no testbed.
    """
    given = read_arguments(sys.argv[1:], os.environ)
    wanted = settings.load()
    aws = choose.running(wanted).aws
    where = outputs.read(wanted.state_dir)
    tested = tested_state.run(
        aws,
        where.state_machine_arn,
        given.state,
        given.input,
        mock=given.mock,
        level=given.level,
        retries=given.retries,
    )
    if given.json:
        sys.stdout.write(json.dumps(tested.answer, indent=2) + "\n")
    else:
        terminal.wide().print(data_flow.table(tested))
    return 0


def read_arguments(arguments: Sequence[str], environ: Mapping[str, str]) -> argparse.Namespace:
    """What is asked for in *arguments*, or else in *environ*, where make puts its variables.

    Raises:
        SettingError: a value is not usable.
        TestbedError: there is no state, or both a result and an error.
    """
    parser = argparse.ArgumentParser(prog="make test-state", description=__doc__)
    parser.add_argument("state", nargs="?", default=environ.get("STATE"))
    for name, default in (("INPUT", "{}"), ("MOCK", ""), ("ERROR", ""), ("LEVEL", "DEBUG")):
        parser.add_argument(f"--{name.lower()}", default=environ.get(name) or default)
    parser.add_argument("--retries", type=int, default=int(environ.get("RETRIES") or 0))
    parser.add_argument("--json", action="store_true", default=setting_table.is_on(environ, "JSON"))
    given = parser.parse_args(arguments)
    if not given.state:
        raise TestbedError("which state? STATE=ResizeImage, for example")
    if given.mock and given.error:
        raise TestbedError("MOCK is a result and ERROR an error; a state has one of them")
    given.input = json_text("INPUT", given.input)
    given.mock = _mock(given.mock, given.error)
    return given


def json_text(name: str, value: str) -> str:
    """The JSON that the setting *name* is, or that is in the file which it names.

    Raises:
        SettingError: it is neither.
    """
    path = settings.path_of(name, value)
    try:
        text = value if value.lstrip()[:1] in '{["' else path.read_text(encoding="utf-8")
        json.loads(text)
    except OSError as error:
        allowed = "JSON, or a file with JSON that is there"
        raise SettingError(name, value, allowed) from error
    except ValueError as error:
        raise SettingError(name, value, f"JSON, or a file with JSON: {error}") from error
    return text


def _mock(result: str, error: str) -> dict[str, Any] | None:
    if error:
        return tested_state.mock_error(error)
    return tested_state.mock_result(json_text("MOCK", result)) if result else None


if __name__ == "__main__":
    terminal.run(main)
