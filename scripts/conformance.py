"""`make conformance ENDPOINT=url`: whether an emulator does what AWS does, feature by feature."""

from __future__ import annotations

import argparse
import itertools
import json
import os
import sys
from typing import TYPE_CHECKING

from conformance import clients, runner, show
from conformance.features import ALL
from scripts.trace import write
from targets import choose
from testbed import setting_table, settings, terminal
from testbed.errors import SettingError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from conformance.check import Check
    from conformance.report import Findings


def main() -> int:
    """Run the checks and show the matrix; 0 where all do what AWS does, else 1.

    Raises:
        EndpointError: ENDPOINT is not usable.
        NotRunningError: none was given, and no testbed is up.
        SettingError: FEATURES names one that is none.
        TestbedError: the page cannot be written.
    """
    given = read_arguments(sys.argv[1:], os.environ)
    endpoint = clients.checked(given.endpoint or _ours(), any_host=given.any_host)
    chosen = of_features(given.features)
    report = runner.run(chosen, endpoint) if given.json else _watched(chosen, endpoint)
    if given.html:
        write(settings.path_of("HTML", given.html), show.page(report))
    if given.json:
        sys.stdout.write(json.dumps(report.as_json(), indent=2) + "\n")
    else:
        terminal.wide().print(show.matrix(report))
        terminal.wide().print(show.differences(report))
    return 0 if report.passes else 1


def _watched(checks: list[Check], endpoint: str) -> Findings:
    """Run *checks* and show how many are done."""
    done = itertools.count(1)
    with terminal.step(f"asking {endpoint}") as note:
        return runner.run(
            checks,
            endpoint,
            told=lambda _: note(f"{next(done)} of {len(checks)} checks done on {endpoint}"),
        )


def read_arguments(arguments: Sequence[str], environ: Mapping[str, str]) -> argparse.Namespace:
    """What is asked for in *arguments*, or else in *environ*, where make puts its variables."""
    parser = argparse.ArgumentParser(prog="make conformance", description=__doc__)
    parser.add_argument("endpoint", nargs="?", default=environ.get("ENDPOINT") or "")
    parser.add_argument("--features", default=environ.get("FEATURES") or "")
    parser.add_argument("--json", action="store_true", default=setting_table.is_on(environ, "JSON"))
    parser.add_argument("--html", default=environ.get("HTML") or None, help="where to write it")
    parser.add_argument(
        "--any-host", action="store_true", default=setting_table.is_on(environ, "ANY_HOST")
    )
    return parser.parse_args(arguments)


def of_features(wanted: str) -> list[Check]:
    """The checks of the features *wanted*, a list with commas; all where it is empty.

    Raises:
        SettingError: one of them is none.
    """
    known = {check.feature.lower(): check.feature for check in ALL}
    asked = [name.strip().lower() for name in wanted.split(",") if name.strip()]
    for name in asked:
        if name not in known:
            raise SettingError("FEATURES", wanted, f"some of {', '.join(known.values())}")
    return [check for check in ALL if not asked or check.feature.lower() in asked]


def _ours() -> str:
    up = choose.running(settings.load())
    if up.endpoint is None:
        raise SettingError("TARGET", "aws", "an emulator: the checks make and delete resources")
    return up.endpoint


if __name__ == "__main__":
    terminal.run(main)
