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
from urllib.parse import quote

from botocore.exceptions import BotoCoreError, ClientError

from emulator import compose, compose_record, docker_cli, embedded
from scripts import targets
from testbed import names, settings, state_folder, terminal
from testbed.errors import TestbedError

if TYPE_CHECKING:
    from testbed.aws import Aws

FOLDER: Final = settings.ROOT / "reports" / "evidence"
LOCKS: Final = settings.ROOT / "requirements"
COLLECTED: Final = (*("versions.json", "emulator.log", "functions", "executions", "images"),)
MOST_EXECUTIONS: Final = 200
MOST_IMAGES: Final = 100


def main() -> None:
    """Collect into a folder that is made anew, and say what is in it."""
    wanted = settings.load()
    for left in state_folder.remove_known(FOLDER, COLLECTED):
        terminal.out.print(f"{left} is not from here, and stays", markup=False)
    FOLDER.mkdir(parents=True, exist_ok=True)
    _try("versions", lambda: versions(wanted))
    _try("emulator.log", lambda: emulator_log(wanted.state_dir))
    try:
        aws = targets.running(wanted).aws
    except TestbedError as error:
        _missing("functions, executions, images", error)
    else:
        _try("functions", lambda: function_logs(aws))
        _try("executions", lambda: executions(aws))
        _try("images", lambda: images(aws))
    terminal.out.print(f"evidence is in {FOLDER}")


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
        "target": _target(wanted.state_dir),
        "system": platform.platform(),
        "python": platform.python_version(),
        "docker": _docker(),
        "locked": {lock.stem: _locked(lock) for lock in sorted(LOCKS.glob("*.lock"))},
    }
    _write("versions.json", json.dumps(facts, indent=2))
    return len(facts)


def emulator_log(state_dir: Path) -> int:
    """The log of the emulator that is up, or was last."""
    known = compose_record.read(state_dir)
    if known is not None and compose.status(state_dir) is not None:
        text = compose.log_text(known)
    else:
        text = embedded.log_text(state_dir)
    _write("emulator.log", text)
    return text.count("\n")


def function_logs(aws: Aws) -> int:
    """A file of log lines for each function."""
    groups = aws.logs.get_paginator("describe_log_groups").paginate(
        logGroupNamePrefix="/aws/lambda/"
    )
    found = [group["logGroupName"] for page in groups for group in page["logGroups"]]
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
    """Description and history of each state machine's latest executions."""
    sfn = aws.stepfunctions
    found = []
    for machine in sfn.list_state_machines()["stateMachines"]:
        pages = sfn.get_paginator("list_executions").paginate(
            stateMachineArn=machine["stateMachineArn"],
            PaginationConfig={"MaxItems": MOST_EXECUTIONS},
        )
        found += [one["executionArn"] for page in pages for one in page["executions"]]
    for arn in found:
        history = sfn.get_paginator("get_execution_history").paginate(executionArn=arn)
        whole = {
            "execution": _plain(sfn.describe_execution(executionArn=arn)),
            "history": [event for page in history for event in page["events"]],
        }
        _write(
            f"executions/{arn.rpartition(':')[2]}.json", json.dumps(whole, indent=2, default=str)
        )
    return len(found)


def images(aws: Aws) -> int:
    """The objects of both buckets, under file names that any system takes."""
    saved = 0
    for bucket in (names.ORIGINAL_BUCKET, names.RESIZED_BUCKET):
        pages = aws.s3.get_paginator("list_objects_v2").paginate(
            Bucket=bucket, PaginationConfig={"MaxItems": MOST_IMAGES}
        )
        for key in [found["Key"] for page in pages for found in page.get("Contents", [])]:
            body = aws.s3.get_object(Bucket=bucket, Key=key)["Body"].read()
            path = FOLDER / "images" / bucket / quote(key, safe=" ")[-200:]
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
    up = targets.find(state_dir)
    return "none is up" if up is None else targets.target_of(up)


def _locked(lock: Path) -> list[str]:
    return re.findall(r"^([\w.-]+==[\w.!+-]+)", lock.read_text(encoding="utf-8"), re.MULTILINE)


def _docker() -> str:
    try:
        return docker_cli.versions()
    except TestbedError as error:
        return str(error)


def _plain(answer: Any) -> dict[str, Any]:
    return {name: value for name, value in answer.items() if name != "ResponseMetadata"}


def _write(name: str, text: str) -> None:
    path = FOLDER / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    terminal.run(main)
