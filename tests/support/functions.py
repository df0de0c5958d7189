"""Small Lambda functions on a real emulator: make, invoke, read the log."""

from __future__ import annotations

import base64
import contextlib
import dataclasses
import io
import json
import re
import textwrap
import uuid
import zipfile
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

import psutil

from testbed import waiting
from testbed.aws import Aws

ROLE = "arn:aws:iam::000000000000:role/any"


@dataclasses.dataclass(frozen=True)
class Answer:
    """What Invoke gave."""

    payload: Any
    error: str | None
    log: str
    request_id: str


# For a function: what tells one of its processes apart on this machine, see `process_of`.
NAME_OF = """
import os
def name_of(pid):
    space = "/proc/self/ns/pid"
    return [os.readlink(space) if os.path.exists(space) else "", pid]
"""


def process_of(name: list[Any]) -> psutil.Process:
    """The process that a function's `name_of` told of; in a sandbox its own id is another."""
    space, pid = name
    if not space or str(Path("/proc/self/ns/pid").readlink()) == space:
        return psutil.Process(pid)
    for each in psutil.pids():
        with contextlib.suppress(OSError):
            status = Path(f"/proc/{each}/status").read_text()
            inner = int(re.findall(r"NSpid:.*\s(\d+)\n", status)[0])
            if (space, pid) == (str(Path(f"/proc/{each}/ns/pid").readlink()), inner):
                return psutil.Process(each)
    raise psutil.NoSuchProcess(pid)


def make(
    aws: Aws,
    code: str | Mapping[str, str | bytes],
    *,
    handler: str = "app.handler",
    runtime: str = "python3.13",
    executable: Collection[str] = (),
    **settings: Any,
) -> str:
    """Create a function of *code* (``app.py``, or several files) and wait until it is active."""
    name = f"f-{uuid.uuid4().hex[:12]}"
    aws.lambda_.create_function(
        FunctionName=name,
        Runtime=runtime,  # type: ignore[arg-type]  # any, also those that are not there
        Role=ROLE,
        Handler=handler,
        Code={"ZipFile": zipped(code, executable)},
        **{"Timeout": 10, **settings},
    )
    until_settled(aws, name)
    return name


def zipped(code: str | Mapping[str, str | bytes], executable: Collection[str] = ()) -> bytes:
    """A deployment package of *code*; the files named in *executable* are programs."""
    files = {"app.py": code} if isinstance(code, str) else code
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name)
            entry.external_attr = (0o100755 if name in executable else 0o100644) << 16
            archive.writestr(
                entry, textwrap.dedent(content) if isinstance(content, str) else content
            )
    return buffer.getvalue()


def until_settled(aws: Aws, name: str, timeout_s: float = 20) -> str:
    """Wait until *name* is neither pending nor being updated; give its state."""

    def probe() -> tuple[str | None, str]:
        found = aws.lambda_.get_function_configuration(FunctionName=name)
        seen = f"{found['State']}, update {found.get('LastUpdateStatus')}"
        busy = found["State"] == "Pending" or found.get("LastUpdateStatus") == "InProgress"
        return (None if busy else found["State"]), seen

    return waiting.until(probe, f"function {name} settled", timeout_s=timeout_s)


def invoke(aws: Aws, name: str, event: Any = None, **settings: Any) -> Answer:
    """Invoke *name* and wait for its answer."""
    answer = aws.lambda_.invoke(
        FunctionName=name, Payload=json.dumps(event).encode(), LogType="Tail", **settings
    )
    payload = answer["Payload"].read()
    return Answer(
        payload=json.loads(payload) if payload else None,
        error=answer.get("FunctionError"),
        log=base64.b64decode(answer.get("LogResult", "")).decode(),
        request_id=answer["ResponseMetadata"]["HTTPHeaders"]["x-amzn-requestid"],
    )


def logged(aws: Aws, name: str, last_line: str) -> list[str]:
    """Every log event of *name*, once one that contains *last_line* has arrived."""

    def probe() -> tuple[list[str] | None, str]:
        pages = aws.logs.get_paginator("filter_log_events").paginate(
            logGroupName=f"/aws/lambda/{name}"
        )
        messages = [event["message"] for page in pages for event in page["events"]]
        there = any(last_line in message for message in messages)
        return (messages if there else None), f"{len(messages)} events"

    missing = aws.logs.exceptions.ResourceNotFoundException
    return waiting.until(probe, f"{last_line!r} in the log", timeout_s=20, retry_on=(missing,))
