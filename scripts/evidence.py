"""`make evidence`: one folder of what a failed job should keep, from the testbed that is up.

reports/evidence/ then holds the emulator's log, each function's log, each execution's history, the
images of both buckets, and what was running with what. What cannot be had is said, and the rest is
collected all the same: a testbed that broke is what this is for.
"""

from __future__ import annotations

import json
import platform
import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from botocore.exceptions import BotoCoreError, ClientError
from rich.markup import escape

from client import fetch
from runs import collect, history
from targets import choose
from targets.docker import cli
from testbed import names, outputs, removal, settings, terminal
from testbed.errors import TestbedError

if TYPE_CHECKING:
    from runs.model import ExecutionSpan
    from testbed.aws import Aws

FOLDER: Final = settings.ROOT / "reports" / "evidence"
LOCKS: Final = settings.ROOT / "requirements"
COLLECTED: Final = (*("versions.json", "emulator.log", "functions", "executions", "images"),)
MOST_EXECUTIONS: Final = 200
MOST_IMAGES: Final = 100


def main() -> None:
    """Collect into a folder that is made anew, and say what is in it."""
    wanted = settings.load()
    for left in removal.known(FOLDER, COLLECTED):
        terminal.out.print(f"{left} is not from here, and stays", markup=False)
    FOLDER.mkdir(parents=True, exist_ok=True)
    _try("versions", lambda: versions(wanted))
    _try("emulator.log", lambda: emulator_log(wanted.state_dir))
    try:
        aws = choose.running(wanted).aws
    except TestbedError as error:
        _missing("functions, executions, images", error)
    else:
        _try("functions", lambda: function_logs(aws))
        _try("executions", lambda: executions(aws))
        _try("images", lambda: images(aws, *buckets(wanted.state_dir)))
    terminal.out.print(f"evidence is in {FOLDER}", markup=False)


def versions(wanted: settings.Settings) -> int:
    """Which checkout ran on what."""
    commit = subprocess.run(
        ["git", "describe", "--always", "--dirty"],
        cwd=settings.ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    facts = {
        "commit": commit.stdout.strip(),
        "target": _or_why(lambda: _target(wanted.state_dir)),
        "system": platform.platform(),
        "python": platform.python_version(),
        "docker": _or_why(cli.versions),
        "locked": {lock.stem: _locked(lock) for lock in sorted(LOCKS.glob("*.lock"))},
    }
    _write("versions.json", json.dumps(facts, indent=2))
    return len(facts)


def emulator_log(state_dir: Path) -> int:
    """The log of the emulator that is up, or was last."""
    text = "".join(choose.log(state_dir))
    _write("emulator.log", text)
    return text.count("\n")


def function_logs(aws: Aws) -> int:
    """A file of log lines for each function; of an account, for the pipeline's."""
    own = names.FUNCTION_LOG_GROUP
    prefix = names.log_group("") if aws.endpoint else own
    groups = aws.logs.get_paginator("describe_log_groups").paginate(logGroupNamePrefix=prefix)
    found = [group["logGroupName"] for page in groups for group in page["logGroups"]]
    found = [name for name in found if aws.endpoint or name == own]
    for name in found:
        pages = aws.logs.get_paginator("filter_log_events").paginate(logGroupName=name)
        lines = [
            f"{event['timestamp']} {event['message'].rstrip()}"
            for page in pages
            for event in page["events"]
        ]
        _write(f"functions/{name.rpartition('/')[2]}.log", "\n".join(lines) + "\n")
    return len(found)


def executions(aws: Aws) -> int:
    """Description and history of each state machine's latest executions, in a folder of its own.

    Of an account, those of the pipeline's state machine.
    """
    sfn = aws.stepfunctions
    found: list[ExecutionSpan] = []
    pages = sfn.get_paginator("list_state_machines").paginate()
    for machine in (one for page in pages for one in page["stateMachines"]):
        if not aws.endpoint and machine["name"] != names.STATE_MACHINE:
            continue
        if machine["type"] == "EXPRESS":
            why = TestbedError("it is an Express one, whose executions are not kept")
            _missing(f"executions of {escape(machine['name'])}", why)
            continue
        found += collect.listed(aws, machine["stateMachineArn"], most=MOST_EXECUTIONS)
    for arn in (one.arn for one in found):
        described: dict[str, Any] = {**sfn.describe_execution(executionArn=arn)}
        del described["ResponseMetadata"]  # of the answer, not of the execution
        whole = {
            "execution": described,
            "history": history.events(aws, arn),
        }
        machine_name, name = arn.split(":")[-2:]
        text = json.dumps(whole, indent=2, default=str)
        _write(f"executions/{machine_name}/{name}.json", text)
    return len(found)


def buckets(state_dir: Path) -> tuple[str, str]:
    """Both buckets' names: on AWS they begin with a prefix, and the addresses have them.

    Where provisioning did not come so far as to write those, they are the names as they are given.
    """
    try:
        known = outputs.read(state_dir)
    except TestbedError:
        return names.ORIGINAL_BUCKET, names.RESIZED_BUCKET
    return known.original_bucket, known.resized_bucket


def images(aws: Aws, *in_buckets: str) -> int:
    """The objects of buckets, under file names that any system takes."""
    saved = 0
    for bucket in in_buckets:
        pages = aws.s3.get_paginator("list_objects_v2").paginate(
            Bucket=bucket, PaginationConfig={"MaxItems": MOST_IMAGES}
        )
        for key in [found["Key"] for page in pages for found in page.get("Contents", [])]:
            body = aws.s3.get_object(Bucket=bucket, Key=key)["Body"].read()
            path = FOLDER / "images" / bucket / fetch.file_name(key)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(body)
            saved += 1
    return saved


def _try(what: str, collect: Callable[[], int]) -> None:
    try:
        count = collect()
    except (TestbedError, OSError, ClientError, BotoCoreError) as error:
        _missing(what, error)
    else:
        terminal.out.print(f"[green]✓[/] {what} [dim]{count}[/]")


def _missing(what: str, error: Exception) -> None:
    terminal.out.print(f"[yellow]-[/] no {what}: ", end="")
    terminal.out.print(str(error), markup=False)


def _target(state_dir: Path) -> str:
    up = choose.find(state_dir)
    return "none is up" if up is None else up.target


def _or_why(fact: Callable[[], str]) -> str:
    """*fact*, or why it cannot be had."""
    try:
        return fact()
    except TestbedError as error:
        return str(error)


def _locked(lock: Path) -> list[str]:
    return re.findall(r"^([\w.-]+==[\w.!+-]+)", lock.read_text(encoding="utf-8"), re.MULTILINE)


def _write(name: str, text: str) -> None:
    path = FOLDER / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", errors="backslashreplace")  # half a character


if __name__ == "__main__":
    terminal.run(main)
