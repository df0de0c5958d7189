"""OS-only runtimes: the package's own ``bootstrap`` speaks the Runtime API, in any language."""

from __future__ import annotations

import re

import pytest

from tests.conftest import Emulator
from tests.integration.lambda_process.conftest import MakeFunction
from tests.support import compiled, functions
from tests.support.functions import invoke, logged

RUNTIMES = ["provided.al2023", "provided.al2"]

# As AWS's tutorial has it: the bootstrap sources the handler's file and asks with curl.
BASH = """\
    #!/bin/sh
    set -euo pipefail
    source "$LAMBDA_TASK_ROOT/$(echo $_HANDLER | cut -d. -f1).sh"
    api="http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime/invocation"
    while true; do
        headers="$(mktemp)"
        event=$(curl -sS -LD "$headers" "$api/next")
        id=$(grep -Fi Lambda-Runtime-Aws-Request-Id "$headers" | tr -d '[:space:]' | cut -d: -f2)
        answer=$($(echo "$_HANDLER" | cut -d. -f2) "$event")
        curl -sS "$api/$id/response" -d "$answer" > /dev/null
    done
    """.replace("#!/bin/sh", "#!/bin/bash")

PYTHON = """\
    #!/usr/bin/env python3
    import http.client, json, os, sys
    api = http.client.HTTPConnection(os.environ["AWS_LAMBDA_RUNTIME_API"])
    BASE = "/2018-06-01/runtime/"

    def ask(method, path, body=None, headers={}):
        api.request(method, BASE + path, body, headers)
        answer = api.getresponse()
        return answer.headers, answer.read()

    def fail(path, error):
        body = {"errorMessage": str(error), "errorType": type(error).__name__, "stackTrace": []}
        named = {"Lambda-Runtime-Function-Error-Type": body["errorType"]}
        return ask("POST", path, json.dumps(body), named)

    INIT
    runs = 0
    while True:
        headers, event = ask("GET", "invocation/next")
        event, runs = json.loads(event), runs + 1
        place = "invocation/" + headers["Lambda-Runtime-Aws-Request-Id"]
        try:
            answer = HANDLER
        except Exception as error:
            fail(place + "/error", error)
        else:
            ask("POST", place + "/response", json.dumps(answer))
    """


def python(handler: str, init: str = "") -> dict[str, str]:
    """A bootstrap whose answer is the expression *handler*, of ``event`` and ``runs``."""
    return {"bootstrap": PYTHON.replace("HANDLER", handler).replace("INIT", init)}


@pytest.fixture
def make_custom(make_function: MakeFunction) -> MakeFunction:
    """Creates functions with a bootstrap that can be run."""

    def make(code: dict[str, str | bytes], **settings: object) -> str:
        given = {"runtime": "provided.al2023", "executable": ("bootstrap",), **settings}
        return make_function(code, **given)

    return make


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A bootstrap that a compiler made."""
    return compiled.bootstrap_in(tmp_path_factory.mktemp("compiled"))


@pytest.mark.parametrize("runtime", RUNTIMES)
def test_a_bootstrap_in_bash(emulator: Emulator, make_custom: MakeFunction, runtime: str) -> None:
    """The tutorial's kind: handler from _HANDLER, events by curl, what it prints in the log."""
    handler = """\
        runs=0
        function handler() {
            echo "$1" >&2
            printf '{"got": %s, "in": "%s"}' "$1" "$(basename "$PWD")"
        }
        """
    code = {"bootstrap": BASH, "function.sh": handler}
    name = make_custom(code, runtime=runtime, handler="function.handler")
    for event in ({"key": "é"}, [1, 2]):
        answer = invoke(emulator.aws, name, event)
        assert answer.error is None
        assert {"got": event, "in": "task"} == answer.payload
    assert "\n[1, 2]\nEND RequestId" in answer.log


def test_a_bootstrap_in_python(emulator: Emulator, make_custom: MakeFunction) -> None:
    """It stays warm: the process goes on with the next event."""
    name = make_custom(python("[event, runs, os.getpid()]"))
    first, second = (invoke(emulator.aws, name, "x").payload for _ in range(2))
    assert ["x", 1] == first[:2]
    assert ["x", 2, first[2]] == second


@pytest.mark.parametrize("runtime", RUNTIMES)
def test_a_compiled_bootstrap(
    emulator: Emulator, make_custom: MakeFunction, program: bytes, runtime: str
) -> None:
    """One in machine code, cold and warm."""
    name = make_custom({"bootstrap": program}, runtime=runtime)
    for event in ({"a": ["é"]}, None):
        assert {"compiled": event} == invoke(emulator.aws, name, event).payload


@pytest.mark.parametrize("runtime", RUNTIMES)
def test_the_variables(emulator: Emulator, make_custom: MakeFunction, runtime: str) -> None:
    """AWS's, but for AWS_EXECUTION_ENV, which it does not define here; nothing of the host's."""
    name = make_custom(
        python("dict(os.environ)"),
        runtime=runtime,
        handler="any.thing",
        Environment={"Variables": {"MINE": "yes"}},
    )
    seen = invoke(emulator.aws, name).payload
    assert ("any.thing", name, "yes") == (
        seen["_HANDLER"],
        seen["AWS_LAMBDA_FUNCTION_NAME"],
        seen["MINE"],
    )
    assert "AWS_EXECUTION_ENV" not in seen
    assert not [each for each in seen if each.startswith(("LOCALSTACK_", "TESTBED_", "LAMBDA_PR"))]


def test_its_errors_reach_the_caller(emulator: Emulator, make_custom: MakeFunction) -> None:
    """What it posts as an error is the invocation's, as it stands; the next event finds it warm."""
    name = make_custom(python("runs if event else 1 / event"))
    answer = invoke(emulator.aws, name, 0)
    assert "Unhandled" == answer.error
    expected = {
        "errorMessage": "division by zero",
        "errorType": "ZeroDivisionError",
        "stackTrace": [],
    }
    assert expected == answer.payload
    assert 2 == invoke(emulator.aws, name, 1).payload


def test_an_error_of_its_start(emulator: Emulator, make_custom: MakeFunction) -> None:
    """What it posts to /init/error is each invocation's error."""
    init = 'fail("init/error", ValueError("no config")); sys.exit(1)'
    answer = invoke(emulator.aws, make_custom(python("1", init)))
    assert ("no config", "ValueError") == (
        answer.payload["errorMessage"],
        answer.payload["errorType"],
    )


def test_an_exit(emulator: Emulator, make_custom: MakeFunction) -> None:
    """A bootstrap that ends is Runtime.ExitError, while it starts and within an event."""
    early = make_custom({"bootstrap": "#!/bin/sh\nexit 3"})
    late = make_custom(python("event and os._exit(4)"))
    assert invoke(emulator.aws, late, 0).payload == 0
    for name, status in ((early, 3), (late, 4)):
        answer = invoke(emulator.aws, name, 1)
        message = (
            f"RequestId: {answer.request_id} Error: Runtime exited with error: exit status {status}"
        )
        assert {"errorType": "Runtime.ExitError", "errorMessage": message} == answer.payload


def test_a_timeout(emulator: Emulator, make_custom: MakeFunction) -> None:
    """At the deadline it is killed with all that it has started."""
    code = python("event and __import__('signal').pause()")
    name = make_custom(code, Timeout=1)
    assert (
        "Task timed out after 1.00 seconds" in invoke(emulator.aws, name, 1).payload["errorMessage"]
    )
    assert 0 == invoke(emulator.aws, name, 0).payload


NO_ENTRY = {
    "missing": (
        {"other": "#!/bin/sh"},
        ("other",),
        "Couldn't find valid bootstrap(s): [/var/task/bootstrap /opt/bootstrap]",
    ),
    "not executable": (
        {"bootstrap": "#!/bin/sh\n"},
        (),
        "fork/exec /var/task/bootstrap: permission denied",
    ),
    "no program": (
        {"bootstrap": "neither a script nor a binary"},
        ("bootstrap",),
        "fork/exec /var/task/bootstrap: exec format error",
    ),
    "Windows' line ends": (
        {"bootstrap": "#!/bin/sh\r\nexit 0\r\n"},
        ("bootstrap",),
        "fork/exec /var/task/bootstrap: no such file or directory",
    ),
}


@pytest.mark.parametrize(("code", "executable", "why"), NO_ENTRY.values(), ids=NO_ENTRY)
def test_what_cannot_be_run(
    emulator: Emulator,
    make_function: MakeFunction,
    code: dict[str, str],
    executable: tuple[str, ...],
    why: str,
) -> None:
    """Runtime.InvalidEntrypoint in AWS's words, to the caller and in the report."""
    name = make_function(code, runtime="provided.al2023", executable=executable)
    answer = invoke(emulator.aws, name)
    assert "Unhandled" == answer.error
    message = f"RequestId: {answer.request_id} Error: {why}"
    assert {"errorType": "Runtime.InvalidEntrypoint", "errorMessage": message} == answer.payload
    events = logged(emulator.aws, name, f"REPORT RequestId: {answer.request_id}")
    for event in (*(each for each in events if each.startswith("INIT_REPORT")), events[-1]):
        assert "Status: error\tError Type: Runtime.InvalidEntrypoint" in event


def test_a_bootstrap_of_a_layer(emulator: Emulator, make_custom: MakeFunction) -> None:
    """/opt/bootstrap is run where the package has none, and the package's own before it."""
    layer = emulator.aws.lambda_.publish_layer_version(
        LayerName="custom",
        Content={"ZipFile": functions.zipped(python("'from the layer'"), ("bootstrap",))},
    )["LayerVersionArn"]
    assert (
        "from the layer"
        == invoke(emulator.aws, make_custom({"handler": "any"}, Layers=[layer])).payload
    )
    assert "own" == invoke(emulator.aws, make_custom(python("'own'"), Layers=[layer])).payload


def test_a_large_body_with_expect_continue(emulator: Emulator, make_custom: MakeFunction) -> None:
    """The client curl asks before it sends much, and is told to go on: no second is lost."""
    handler = """\
        function handler() { printf '"'; head -c 3000000 /dev/zero | tr '\\0' x; printf '"'; }
        """
    bash = BASH.replace(
        '-d "$answer"', '--expect100-timeout 60 -H "Expect: 100-continue" --data-binary @-'
    )
    bash = bash.replace('answer=$($(echo "$_HANDLER" | cut -d. -f2) "$event")', "")
    bash = bash.replace('curl -sS "$api/$id/response"', 'handler | curl -sS "$api/$id/response"')
    name = make_custom({"bootstrap": bash, "function.sh": handler}, handler="function.handler")
    assert 3_000_000 == len(invoke(emulator.aws, name).payload)


def test_its_log(emulator: Emulator, make_custom: MakeFunction) -> None:
    """INIT_START names the runtime as AWS does; what is written is between START and END."""
    name = make_custom(python("print('hello', flush=True)"))
    answer = invoke(emulator.aws, name)
    events = logged(emulator.aws, name, f"REPORT RequestId: {answer.request_id}")
    assert re.match(r"INIT_START Runtime Version: provided:al2023\S*\t", events[0])
    assert ["INIT_START", "START", "hello", "END", "REPORT"] == [
        re.split(r"\s", event)[0] for event in events
    ]
