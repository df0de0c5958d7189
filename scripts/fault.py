"""`make fault`: have calls or functions fail as on a bad day of AWS, or list what is on.

SCENARIO names a ready-made one; OPERATION and KIND, with RATE, RESOURCE, LATENCY and so on, make a
rule; OFF takes them away.
"""

from __future__ import annotations

import argparse
import os
import sys
from typing import TYPE_CHECKING, Any, Final

from rich.console import Group
from rich.table import Table
from rich.text import Text

from targets import choose
from testbed import fault_scenarios, faults, setting_table, settings, terminal
from testbed.errors import TestbedError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rich.console import RenderableType

    from testbed.faults import FaultInForce

FIELDS: Final = ("operation", "kind", "resource", "rate", "latency", "when", "first", "after")
_OFF: Final = ("1", "on", "yes", "true")


def main() -> int:
    """Do what is asked for, and show what is on then.

    Raises:
        TestbedError: no testbed is up, it has no faults, or what is asked for is none.
    """
    given = read_arguments(sys.argv[1:], os.environ)
    endpoint = choose.running(settings.load()).endpoint
    if endpoint is None:
        raise TestbedError("AWS has no faults on request; `make up` starts an emulator that has")
    if given.off:
        switch_off(endpoint, given.off)
    elif given.scenario:
        faults.put(endpoint, fault_scenarios.named(given.scenario).rules, given.seed)
    elif asked := rule(given):
        faults.put(endpoint, [asked], given.seed)
    terminal.wide().print(shown(faults.fetch(endpoint)))
    return 0


def read_arguments(arguments: Sequence[str], environ: Mapping[str, str]) -> argparse.Namespace:
    """What is asked for in *arguments*, or else in *environ*, where make puts its variables.

    NAME counts where it was given to make: some systems have such a variable of their own.

    Raises:
        SettingError: SEED is not usable.
    """
    parser = argparse.ArgumentParser(prog="make fault", description=__doc__)
    for field in (*FIELDS, "scenario", "off"):
        parser.add_argument(f"--{field}", default=environ.get(field.upper(), ""))
    is_named = "NAME" in setting_table.given_on_command_line(environ)
    parser.add_argument("--name", default=environ.get("NAME", "") if is_named else "")
    seed = settings.value(environ, "SEED", "")
    parser.add_argument("--seed", type=int, default=int(seed) if seed else None)
    return parser.parse_args(arguments)


def rule(given: argparse.Namespace) -> dict[str, Any] | None:
    """The rule that is asked for, for the emulator to judge; None where none is."""
    asked = {field: text for field in (*FIELDS, "name") if (text := getattr(given, field))}
    return asked or None


def switch_off(endpoint: str, which: str) -> None:
    """Take away all rules, or those of a name; a scenario's bear its name and a number.

    Raises:
        FaultError: there is none.
    """
    if which.lower() in _OFF:
        faults.remove(endpoint)
        return
    on = [each.name for each in faults.fetch(endpoint)]
    for name in [each for each in on if each.startswith(f"{which}.")] or [which]:
        faults.remove(endpoint, name)


def shown(on: Sequence[FaultInForce]) -> RenderableType:
    """What is on, with what it hit; and what there is to ask for."""
    return Group(_on(on), Text("\nSCENARIO=", style="bold"), _scenarios())


def _on(on: Sequence[FaultInForce]) -> RenderableType:
    if not on:
        return Text("no faults are on")
    table = Table(box=None, padding=(0, 2, 0, 0))
    for name in ("fault", "what", "bounds", "hit", "seed"):
        table.add_column(name, overflow="fold")
    for each in on:
        hit = f"{each.hits} of {each.calls} calls"
        table.add_row(each.name, Text(str(each)), _bounds(each), hit, str(each.seed))
    return table


def _bounds(each: FaultInForce) -> str:
    spared = f"after {each.after}" if each.after else ""
    first = f"first {each.first}" if each.first else ""
    when = "" if each.when == "before" else "when done"
    return ", ".join(part for part in (spared, first, when) if part)


def _scenarios() -> RenderableType:
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 2))
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for each in fault_scenarios.SCENARIOS:
        table.add_row(each.name, Text(f"{each.about} {each.outcome}"))
    return table


if __name__ == "__main__":
    terminal.run(main)
