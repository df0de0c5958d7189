"""`make trace ID=<execution name or ARN, or last>`: one request as a tree; JSON=1, HTML=file."""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from client import fetch
from runs import collect, model
from targets import choose
from testbed import outputs, setting_table, settings, terminal
from testbed.errors import TestbedError
from views import html
from views import terminal as text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

FOLDER = "traces"


def main() -> int:
    """Show the trace and keep it as an HTML file; 0 whatever became of the request.

    Raises:
        TestbedError: there is no such execution, no testbed, or the file cannot be written.
    """
    given = read_arguments(sys.argv[1:], os.environ)
    wanted = settings.load()
    running = choose.running(wanted)
    where = outputs.read(wanted.state_dir)
    found = collect.collect(running.aws, where, collect.find(running.aws, where, given.id))
    own = wanted.state_dir / FOLDER / fetch.file_name(f"{found.execution.name}.html")
    path = settings.path_of("HTML", given.html) if given.html else own
    write(path, html.page(found, collect.definition(running.aws, found.execution.arn)))
    if given.json:
        sys.stdout.write(json.dumps(model.as_json(found), indent=2) + "\n")
        return 0
    terminal.wide().print(text.tree(found))
    terminal.out.print(f"\nas a page: {path}", markup=False)
    return 0


def read_arguments(arguments: Sequence[str], environ: Mapping[str, str]) -> argparse.Namespace:
    """What is asked for in *arguments*, or else in *environ*, where make puts its variables."""
    parser = argparse.ArgumentParser(prog="make trace", description=__doc__)
    parser.add_argument("id", nargs="?", default=environ.get("ID") or collect.LAST)
    parser.add_argument("--json", action="store_true", default=setting_table.is_on(environ, "JSON"))
    parser.add_argument("--html", default=environ.get("HTML") or None, help="where to write it")
    return parser.parse_args(arguments)


def write(path: Path, page: str) -> None:
    """Write *page* to the file at *path*, over an older one.

    Raises:
        TestbedError: it cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(page, encoding="utf-8", errors="backslashreplace")  # half a character
    except OSError as error:
        raise TestbedError(f"{str(path)!r} cannot be written: {error.strerror or error}") from error


if __name__ == "__main__":
    terminal.run(main)
