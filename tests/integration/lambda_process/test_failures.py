from __future__ import annotations

import re

import pytest

from tests.conftest import Emulator
from tests.integration.lambda_process.conftest import MakeFunction
from tests.support.functions import Answer, invoke, logged

EXITS = {
    "import os\ndef handler(e, c): os._exit(3)": "exit status 3",
    "import sys\ndef handler(e, c): sys.exit(7)": "exit status 7",
    "import os\ndef handler(e, c): os.kill(os.getpid(), 9)": "signal: killed",
    "import os\ndef handler(e, c): os.kill(os.getpid(), 11)": "signal: segmentation fault",
    "import os\ndef handler(e, c): os.abort()": "signal: aborted",
}

LOADS = {
    "import nope\ndef handler(e, c): pass": (
        "Runtime.ImportModuleError",
        "Unable to import module 'app': No module named 'nope'",
    ),
    "x = 1": ("Runtime.HandlerNotFound", "Handler 'handler' missing on module 'app'"),
    "def handler(e, c: pass": (
        "Runtime.UserCodeSyntaxError",
        "Syntax error in module 'app': invalid syntax (app.py, line 1)",
    ),
    "raise ValueError('not today')": ("ValueError", "not today"),
}


def test_an_exception_reaches_the_caller(emulator: Emulator, make_function: MakeFunction) -> None:
    """An exception is FunctionError Unhandled with message, type, request id and stack trace."""
    name = make_function("def handler(e, c):\n    return 1 / 0")
    answer = invoke(emulator.aws, name)
    assert "Unhandled" == answer.error
    assert {"errorMessage", "errorType", "requestId", "stackTrace"} == set(answer.payload)
    assert "ZeroDivisionError" == answer.payload["errorType"]
    assert "division by zero" == answer.payload["errorMessage"]
    assert answer.request_id == answer.payload["requestId"]
    assert 'app.py", line 2, in handler' in answer.payload["stackTrace"][0]
    assert "[ERROR] ZeroDivisionError: division by zero\nTraceback" in answer.log


@pytest.mark.parametrize(("code", "how"), EXITS.items(), ids=EXITS.values())
def test_an_exit_is_reported_at_once(
    emulator: Emulator, make_function: MakeFunction, code: str, how: str
) -> None:
    """An exit or crash is Runtime.ExitError, worded as AWS words it, not a timeout."""
    answer = invoke(emulator.aws, make_function(code, Timeout=60))
    assert "Unhandled" == answer.error
    message = f"RequestId: {answer.request_id} Error: Runtime exited with error: {how}"
    assert {"errorType": "Runtime.ExitError", "errorMessage": message} == answer.payload


def test_an_exit_without_a_code_has_no_reason(
    emulator: Emulator, make_function: MakeFunction
) -> None:
    """Exit code 0 is an error too: the runtime ended without an answer."""
    answer = invoke(emulator.aws, make_function("import os\ndef handler(e, c): os._exit(0)"))
    expected = f"RequestId: {answer.request_id} Error: Runtime exited without providing a reason"
    assert expected == answer.payload["errorMessage"]


@pytest.mark.parametrize(("code", "error"), LOADS.items(), ids=[kind for kind, _ in LOADS.values()])
def test_a_function_that_does_not_load_says_why(
    emulator: Emulator, make_function: MakeFunction, code: str, error: tuple[str, str]
) -> None:
    """What fails while loading is the invocation's error, each time anew, with requestId ""."""
    name = make_function(code)
    for _ in range(2):
        answer = invoke(emulator.aws, name)
        assert "Unhandled" == answer.error
        assert error == (answer.payload["errorType"], answer.payload["errorMessage"])
        assert answer.payload["requestId"] == ""


def test_an_exit_while_loading_is_reported(emulator: Emulator, make_function: MakeFunction) -> None:
    """A module that exits is Runtime.ExitError with the id of the request."""
    answer = invoke(emulator.aws, make_function("import os; os._exit(2)"))
    message = f"RequestId: {answer.request_id} Error: Runtime exited with error: exit status 2"
    assert {"errorType": "Runtime.ExitError", "errorMessage": message} == answer.payload


def test_a_result_that_is_no_json(emulator: Emulator, make_function: MakeFunction) -> None:
    """A result that cannot be serialised is Runtime.MarshalError."""
    answer = invoke(emulator.aws, make_function("def handler(e, c): return {1, 2}"))
    assert "Runtime.MarshalError" == answer.payload["errorType"]
    assert answer.payload["errorMessage"].startswith("Unable to marshal response:")


def test_a_timeout_kills_and_says_so(emulator: Emulator, make_function: MakeFunction) -> None:
    """At the deadline the process is killed; the error reads as on AWS; globals are fresh after."""
    name = make_function(
        """
        import signal
        runs = 0
        def handler(event, context):
            global runs
            runs += 1
            if event:
                print("before", flush=True)
                signal.pause()
            return runs
        """,
        Timeout=1,
    )
    assert [1, 2] == [invoke(emulator.aws, name).payload for _ in range(2)]
    late = invoke(emulator.aws, name, {"hang": True})
    pattern = rf"\d{{4}}-\d\d-\d\dT[\d:.]+Z {late.request_id} Task timed out after 1.00 seconds"
    assert "Unhandled" == late.error
    assert re.fullmatch(pattern, late.payload["errorMessage"])
    assert set(late.payload) == {"errorMessage"}
    assert _order(late, "before", "Task timed out", "END", "REPORT")
    assert 1 == invoke(emulator.aws, name).payload


def test_memory_over_the_limit_is_a_kill(emulator: Emulator, make_function: MakeFunction) -> None:
    """A function that takes more memory than it has is killed; the next one runs afresh."""
    name = make_function(
        """
        def handler(event, context):
            held = []
            while event:
                held.append(bytearray(8_000_000))
            return "small"
        """,
        MemorySize=192,
        Timeout=60,
    )
    answer = invoke(emulator.aws, name, {"grow": True})
    assert "Runtime.ExitError" == answer.payload["errorType"]
    assert answer.payload["errorMessage"].endswith("Runtime exited with error: signal: killed")
    assert "small" == invoke(emulator.aws, name).payload


def test_an_answer_over_the_limit(emulator: Emulator, make_function: MakeFunction) -> None:
    """A response over 6,291,556 bytes is Function.ResponseSizeTooLarge, the next one is fine."""
    name = make_function("def handler(event, context): return 'x' * event")
    limit = 6_291_556
    assert limit - 2 == len(invoke(emulator.aws, name, limit - 2).payload)
    answer = invoke(emulator.aws, name, limit - 1)
    assert "Function.ResponseSizeTooLarge" == answer.payload["errorType"]
    assert "x" == invoke(emulator.aws, name, 1).payload


def _order(answer: Answer, *parts: str) -> bool:
    places = [answer.log.index(part) for part in parts]
    return places == sorted(places)


def test_a_load_over_ten_seconds_is_tried_again(
    emulator: Emulator, make_function: MakeFunction
) -> None:
    """A module that does not load in ten seconds has the function's timeout for a second try."""
    name = make_function("import signal; signal.pause()\ndef handler(e, c): pass", Timeout=1)
    answer = invoke(emulator.aws, name)
    assert "Task timed out after 1.00 seconds" in answer.payload["errorMessage"]
    events = logged(emulator.aws, name, f"REPORT RequestId: {answer.request_id}")
    kinds = [kind for kind in _kinds(events) if kind.isupper() and kind.isidentifier()]
    assert ["INIT_START", "INIT_REPORT", "INIT_REPORT", "START", "END", "REPORT"] == kinds
    for event, phase in zip(events[1:3], ("init", "invoke"), strict=True):
        assert re.search(rf"Init Duration: \d+\.\d\d ms\tPhase: {phase}\tStatus: timeout$", event)


def test_a_failed_load_is_tried_again(emulator: Emulator, make_function: MakeFunction) -> None:
    """A module that fails to load is loaded once more, within the invocation, before START."""
    name = make_function("print('loading')\nimport nope")
    answer = invoke(emulator.aws, name)
    events = logged(emulator.aws, name, f"REPORT RequestId: {answer.request_id}")
    kinds = [kind for kind in _kinds(events) if kind and kind != "[WARNING]"]
    assert ["INIT_START", "loading", "[ERROR]", "INIT_REPORT"] == kinds[:4]
    assert ["loading", "[ERROR]", "INIT_REPORT", "START", "END", "REPORT"] == kinds[4:]
    phases = [event for event in events if event.startswith("INIT_REPORT")]
    for event, phase in zip(phases, ("init", "invoke"), strict=True):
        ending = f"\tPhase: {phase}\tStatus: error\tError Type: Runtime.ImportModuleError"
        assert event.rstrip("\n").endswith(ending)
    assert "Init Duration" not in events[-1]


def test_a_second_load_may_succeed(emulator: Emulator, make_function: MakeFunction) -> None:
    """What failed the first time only is no error of the invocation."""
    name = make_function(
        """
        import os, pathlib, tempfile
        before = pathlib.Path(tempfile.gettempdir(), "before")
        if not before.exists():
            before.touch()
            os._exit(3)
        def handler(event, context):
            return "loaded"
        """
    )
    answer = invoke(emulator.aws, name)
    assert "loaded" == answer.payload
    assert answer.error is None


def _kinds(events: list[str]) -> list[str]:
    """The first word of each event; empty for a traceback's later lines."""
    return [re.split(r"\s", event)[0] if event[:1].strip() else "" for event in events]


def test_a_flood_of_output_does_no_harm(emulator: Emulator, make_function: MakeFunction) -> None:
    """Fifty megabytes of output in one invocation leave the emulator as it was."""
    name = make_function(
        """
        import os
        def handler(event, context):
            for _ in range(event):
                os.write(1, b"x" * 999 + b"\\n")
            return "done"
        """,
        Timeout=60,
    )
    assert "done" == invoke(emulator.aws, name, 50_000).payload
    assert "done" == invoke(emulator.aws, name, 1).payload


def test_an_event_that_is_no_json_is_refused(
    emulator: Emulator, make_function: MakeFunction
) -> None:
    """A malformed event is refused before the function sees it."""
    name = make_function("def handler(e, c): return e")
    refused = emulator.aws.lambda_.exceptions.InvalidRequestContentException
    with pytest.raises(refused, match="Could not parse request body into json"):
        emulator.aws.lambda_.invoke(FunctionName=name, Payload=b"{not json")
