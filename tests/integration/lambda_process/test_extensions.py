"""Extensions and wrapper scripts in layers, as Powertools and observability tools bring them."""

from __future__ import annotations

import io
import json
import textwrap
import uuid
import zipfile
from collections.abc import Callable, Iterator
from typing import Any

import psutil
import pytest

from testbed import waiting
from tests.conftest import Emulator
from tests.integration.lambda_process.conftest import FindProcess, MakeFunction
from tests.support.functions import invoke, logged

# In Python, by AWS's documented requests alone.
EXTENSION = """
#!/usr/bin/env python3
import http.client, json, os, pathlib, sys, time
NAME = pathlib.Path(__file__).name
{before}
def ask(method, path, headers, body=None):
    api = http.client.HTTPConnection(os.environ["AWS_LAMBDA_RUNTIME_API"])
    api.request(method, "/2020-01-01/extension/" + path, body, headers)
    answer = api.getresponse()
    return answer, json.loads(answer.read())
answer, said = ask("POST", "register", {{
    "Lambda-Extension-Name": NAME, "Lambda-Extension-Accept-Feature": "accountId",
}}, json.dumps({{"events": {events}}}))
print("registered", json.dumps(said), flush=True)
me = {{"Lambda-Extension-Identifier": answer.headers["Lambda-Extension-Identifier"]}}
while True:
    _, event = ask("GET", "event/next", me)
    print("told", json.dumps(event), flush=True)
    {after}
    if event["eventType"] == "SHUTDOWN":
        break
"""

IN_BASH = """
#!/bin/bash
set -euo pipefail
api="http://${AWS_LAMBDA_RUNTIME_API}/2020-01-01/extension"
headers="$(mktemp)"
trap 'kill "$asking" 2>/dev/null' TERM
curl -sS -o /dev/null -D "$headers" -X POST "$api/register" \\
  -H "Lambda-Extension-Name: $(basename "$0")" -d '{"events": ["INVOKE", "SHUTDOWN"]}'
me="$(grep -i lambda-extension-identifier "$headers" | tr -d '[:space:]' | cut -d: -f2)"
while true; do
  event="$(curl -sS "$api/event/next" -H "Lambda-Extension-Identifier: $me")"
  echo "bash was told $event"
  case "$event" in *SHUTDOWN*) exit 0 ;; esac
done
"""

MakeLayer = Callable[[dict[str, str]], str]


def extension(before: str = "", after: str = "pass", events: str = '["INVOKE", "SHUTDOWN"]') -> str:
    return EXTENSION.lstrip().format(before=before, after=after, events=events)


@pytest.fixture
def make_layer(emulator: Emulator) -> Iterator[MakeLayer]:
    """Publishes layers of programs."""
    made: list[str] = []

    def make(files: dict[str, str]) -> str:
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            for name, text in files.items():
                entry = zipfile.ZipInfo(name)
                entry.create_system, entry.external_attr = 3, 0o100755 << 16
                archive.writestr(entry, textwrap.dedent(text).lstrip())
        made.append(f"l-{uuid.uuid4().hex[:12]}")
        layer = emulator.aws.lambda_.publish_layer_version(
            LayerName=made[-1], Content={"ZipFile": buffer.getvalue()}
        )
        return layer["LayerVersionArn"]

    yield make
    for name in made:
        emulator.aws.lambda_.delete_layer_version(LayerName=name, VersionNumber=1)


def stop(emulator: Emulator, name: str) -> None:
    """Have its environments end, as those that were idle for long."""
    emulator.aws.lambda_.update_function_configuration(FunctionName=name, Description="another")


def events_told(lines: list[str]) -> list[dict[str, Any]]:
    return [json.loads(line.partition(" ")[2]) for line in lines if line.startswith("told ")]


def test_an_external_extension_is_told_of_each_event_and_of_the_end(
    emulator: Emulator, make_function: MakeFunction, make_layer: MakeLayer
) -> None:
    """It registers before the function loads, and is ready before its first event."""
    layer = make_layer({"extensions/watch": extension()})
    name = make_function(
        "print('loads')\ndef handler(event, context): return context.aws_request_id",
        Layers=[layer],
        Environment={"Variables": {"MINE": "yes"}},
    )
    ids = [invoke(emulator.aws, name).payload for _ in range(2)]
    stop(emulator, name)
    lines = logged(emulator.aws, name, '"spindown"')
    (registered,) = [line for line in lines if line.startswith("registered ")]
    identity = {
        "functionName": name,
        "functionVersion": "$LATEST",
        "handler": "app.handler",
        "accountId": "000000000000",
    }
    assert identity == json.loads(registered.partition(" ")[2])
    assert lines.index(registered) < lines.index("loads\n")
    line = "EXTENSION\tName: watch\tState: Ready\tEvents: [INVOKE,SHUTDOWN]\n"
    assert (
        lines.index("loads\n")
        < lines.index(line)
        < lines.index(f"START RequestId: {ids[0]} Version: $LATEST\n")
    )
    *invokes, end = events_told(lines)
    assert ids == [event["requestId"] for event in invokes]
    assert {"INVOKE"} == {event["eventType"] for event in invokes}
    arn = f"arn:aws:lambda:ca-central-1:000000000000:function:{name}"
    assert arn == invokes[0]["invokedFunctionArn"]
    assert "X-Amzn-Trace-Id" == invokes[0]["tracing"]["type"]
    assert ("SHUTDOWN", "spindown") == (end["eventType"], end["shutdownReason"])
    assert end["deadlineMs"] > invokes[0]["deadlineMs"] - 20_000


def test_an_extension_in_bash(
    emulator: Emulator, make_function: MakeFunction, make_layer: MakeLayer
) -> None:
    """Whose requests are of processes below it, as AWS's own examples."""
    layer = make_layer({"extensions/in-bash.sh": IN_BASH})
    name = make_function("def handler(event, context): return 1", Layers=[layer])
    assert 1 == invoke(emulator.aws, name).payload
    stop(emulator, name)
    lines = logged(emulator.aws, name, '"shutdownReason": "spindown"')
    told = [line for line in lines if line.startswith("bash was told")]
    assert ["INVOKE", "SHUTDOWN"] == [
        json.loads(line.removeprefix("bash was told "))["eventType"] for line in told
    ]


def test_the_answer_does_not_wait_for_extensions_and_the_next_event_does(
    emulator: Emulator, make_function: MakeFunction, make_layer: MakeLayer
) -> None:
    """The event ends when all have asked for the next; its duration counts that."""
    after = "event['eventType'] == 'INVOKE' and time.sleep(1)"
    layer = make_layer({"extensions/slow": extension(after=after)})
    name = make_function(
        "import time\ndef handler(event, context): return time.monotonic()", Layers=[layer]
    )
    times = [invoke(emulator.aws, name).payload for _ in range(2)]
    assert times[1] - times[0] >= 0.9
    lines = logged(emulator.aws, name, "REPORT RequestId")
    report = next(line for line in lines if line.startswith("REPORT"))
    assert float(report.partition("Duration: ")[2].split()[0]) >= 900


@pytest.mark.parametrize(
    ("broken", "kind", "why"),
    [
        (extension(before="sys.exit(3)"), "Extension.Crash", "exit status 3"),
        (extension(after="os._exit(4)"), "Extension.Crash", "exit status 4"),
        (
            extension(before="").replace(
                "while True:",
                'ask("POST", "init/error", {**me, "Lambda-Extension-Function-Error-Type":'
                ' "Extension.Mine"}, "{}")\nsys.exit(1)\nwhile True:',
            ),
            "Extension.InitError",
            "exit status 1",
        ),
        (
            "no program",
            "Extension.LaunchError",
            "fork/exec /opt/extensions/broken: exec format error",
        ),
    ],
    ids=["exits as it starts", "exits within an event", "reports", "no program"],
)
def test_an_extension_that_fails_fails_the_event(
    emulator: Emulator,
    make_function: MakeFunction,
    make_layer: MakeLayer,
    *,
    broken: str,
    kind: str,
    why: str,
) -> None:
    """With AWS's type of error, and how its process ended."""
    layer = make_layer({"extensions/broken": broken})
    # Long enough for an extension that fails within an event to do so before the answer.
    name = make_function(
        "import time\ndef handler(event, context): time.sleep(3)", Layers=[layer], Timeout=10
    )
    answer = invoke(emulator.aws, name)
    assert kind == answer.payload["errorType"]
    assert answer.payload["errorMessage"] == f"RequestId: {answer.request_id} Error: {why}"
    assert f"Error Type: {kind}" in answer.log


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("import os\ndef handler(event, context): os._exit(3)", "failure"),
        ("import time\ndef handler(event, context): time.sleep(60)", "timeout"),
    ],
)
def test_extensions_are_told_why_it_ends(
    emulator: Emulator,
    make_function: MakeFunction,
    make_layer: MakeLayer,
    code: str,
    reason: str,
) -> None:
    """A function that crashed, or ran out of time."""
    layer = make_layer({"extensions/watch": extension()})
    name = make_function(code, Layers=[layer], Timeout=1)
    assert invoke(emulator.aws, name).error == "Unhandled"
    assert reason == events_told(logged(emulator.aws, name, f'"{reason}"'))[-1]["shutdownReason"]


def test_an_extension_is_frozen_with_the_function(
    emulator: Emulator,
    make_function: MakeFunction,
    make_layer: MakeLayer,
    find_process: FindProcess,
) -> None:
    """When both have asked for the next event, and not before."""
    after = "time.sleep(0.5); print('pid', os.getpid(), flush=True)"
    layer = make_layer({"extensions/slow": extension(after=after)})
    name = make_function("def handler(event, context): return 1", Layers=[layer])
    invoke(emulator.aws, name)
    lines = logged(emulator.aws, name, "REPORT RequestId")
    (pid,) = [line.split()[1] for line in lines if line.startswith("pid ")]
    process = find_process(int(pid))
    waiting.until(
        lambda: (process.status() == psutil.STATUS_STOPPED or None, process.status()),
        "the extension is stopped",
        timeout_s=10,
    )


INTERNAL = """
    import http.client, json, os, threading
    def ask(method, path, headers, body=None):
        api = http.client.HTTPConnection(os.environ["AWS_LAMBDA_RUNTIME_API"])
        api.request(method, "/2020-01-01/extension/" + path, body, headers)
        answer = api.getresponse()
        return answer, json.loads(answer.read())
    def register(name, events):
        return ask("POST", "register", {"Lambda-Extension-Name": name},
                   json.dumps({"events": events}))
    refused = register("inner", ["SHUTDOWN"])[1]
    answer, _ = register("inner", ["INVOKE"])
    me = {"Lambda-Extension-Identifier": answer.headers["Lambda-Extension-Identifier"]}
    seen = []
    def watch():
        while True:
            seen.append(ask("GET", "event/next", me)[1]["requestId"])
    threading.Thread(target=watch, daemon=True).start()
    def handler(event, context):
        late = register("late", ["INVOKE"])[1]
        return {"seen": seen, "refused": refused, "late": late}
"""


def test_an_internal_extension(emulator: Emulator, make_function: MakeFunction) -> None:
    """It registers while the function loads, for events alone."""
    name = make_function(INTERNAL)
    first = invoke(emulator.aws, name)
    second = invoke(emulator.aws, name)
    assert first.request_id in second.payload["seen"]
    assert "Extension.InvalidEventType" == first.payload["refused"]["errorType"]
    assert "Extension.RegistrationClosed" == first.payload["late"]["errorType"]
    line = "EXTENSION\tName: inner\tState: Ready\tEvents: [INVOKE]\n"
    assert line in logged(emulator.aws, name, "EXTENSION")


WRAPPER = """
    #!/bin/bash
    # AWS's documented example: options for the interpreter, before its last argument.
    args=("$@")
    export FROM_WRAPPER="$#"
    args=("${args[@]:0:$#-1}" -X dev "${args[@]: -1}")
    exec "${args[@]}"
"""


def test_a_wrapper_gets_the_runtimes_command(
    emulator: Emulator, make_function: MakeFunction, make_layer: MakeLayer
) -> None:
    """The interpreter and its script, as on AWS; what it exports is the function's."""
    name = make_function(
        """
        import os, sys
        def handler(event, context):
            return [os.environ["FROM_WRAPPER"], sys.flags.dev_mode]
        """,
        Layers=[make_layer({"wrapper": WRAPPER})],
        Environment={"Variables": {"AWS_LAMBDA_EXEC_WRAPPER": "/opt/wrapper"}},
    )
    assert ["2", True] == invoke(emulator.aws, name).payload


def test_a_wrapper_that_is_not_there(emulator: Emulator, make_function: MakeFunction) -> None:
    """The runtime ends as AWS's does."""
    name = make_function(
        "def handler(event, context): return 1",
        Environment={"Variables": {"AWS_LAMBDA_EXEC_WRAPPER": "/opt/nothing"}},
    )
    answer = invoke(emulator.aws, name)
    assert "Runtime.ExitError" == answer.payload["errorType"]
    assert "Runtime exited with error: exit status 127" in answer.payload["errorMessage"]
    assert any("does not exist" in line for line in logged(emulator.aws, name, "REPORT"))


def test_nothing_of_it_is_left(
    emulator: Emulator,
    make_function: MakeFunction,
    make_layer: MakeLayer,
    find_process: FindProcess,
) -> None:
    """An extension that takes no leave is killed after its time."""
    stays = extension(
        before="print('pid', os.getpid(), flush=True)",
        after="time.sleep(60 if event['eventType'] == 'SHUTDOWN' else 0)",
    )
    name = make_function(
        "def handler(event, context): return 1", Layers=[make_layer({"extensions/stays": stays})]
    )
    invoke(emulator.aws, name)
    lines = logged(emulator.aws, name, "REPORT RequestId")
    (pid,) = [line.split()[1] for line in lines if line.startswith("pid ")]
    process = find_process(int(pid))
    stop(emulator, name)
    assert logged(emulator.aws, name, '"spindown"')
    waiting.until(
        lambda: (not process.is_running() or None, "it is there"), "its end", timeout_s=10
    )


def test_extensions_end_with_the_zygote(
    emulator: Emulator,
    make_function: MakeFunction,
    make_layer: MakeLayer,
    find_process: FindProcess,
) -> None:
    """Also when that is killed: neither they nor the runtime go on without it."""
    # What is stopped and loses its parent gets a SIGHUP: that is not to be relied on.
    before = """
import signal
signal.signal(signal.SIGHUP, signal.SIG_IGN)
print("pid", os.getpid(), flush=True)
"""
    layer = make_layer({"extensions/watch": extension(before=before)})
    name = make_function(
        "import os\nprint('pid', os.getpid(), flush=True)\ndef handler(event, context): return 1",
        Layers=[layer],
    )
    invoke(emulator.aws, name)
    lines = logged(emulator.aws, name, "REPORT RequestId")
    pids = [int(line.split()[1]) for line in lines if line.startswith("pid ")]
    processes = [find_process(pid) for pid in pids]
    assert 2 == len(processes)
    top = processes[0].parent()
    assert top is not None
    zygote = top.parent()
    assert zygote is not None
    zygote.kill()
    waiting.until(
        lambda: (not any(one.is_running() for one in processes) or None, str(processes)),
        "their ends",
        timeout_s=10,
    )
    assert 1 == invoke(emulator.aws, name).payload
