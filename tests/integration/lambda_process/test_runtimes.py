"""Every Python of this machine, as the runtime of its name."""

from __future__ import annotations

import re

import pytest

from dev import bootstrap
from targets import embedded
from tests.conftest import Emulator
from tests.integration.lambda_process.conftest import MakeFunction
from tests.support.functions import invoke

HERE = [name for name in embedded.runtimes() if name.startswith("python")]
ALL = [f"python3.{minor}" for minor in bootstrap.RUNTIME_MINORS]
ABSENT = [name for name in ALL if name not in HERE]

SEEN = """
    import os, sys, boto3
    def handler(event, context):
        return [
            "python%d.%d" % sys.version_info[:2],
            os.environ["AWS_EXECUTION_ENV"],
            event,
            context.get_remaining_time_in_millis() > 0,
            boto3.client("s3").list_buckets()["ResponseMetadata"]["HTTPStatusCode"],
        ]
"""


def test_every_python_that_was_found_is_offered() -> None:
    """None is lost between looking for it and offering it."""
    found = {name for name in ALL if bootstrap.interpreters(name.removeprefix("python"))}  # type: ignore[no-untyped-call]  # runs on any Python 3
    assert set(HERE) - {"python3.13"} == found - {"python3.13"}


@pytest.mark.parametrize("runtime", HERE)
def test_a_function_runs_under_it(
    emulator: Emulator, make_function: MakeFunction, runtime: str
) -> None:
    """Its own Python, AWS's client and boto3; cold and warm, with its name in the environment."""
    name = make_function(SEEN, runtime=runtime)
    for event in ({"é": "\u2028"}, None):
        answer = invoke(emulator.aws, name, event).payload
        assert [runtime, f"AWS_Lambda_{runtime}", event, True, 200] == answer


@pytest.mark.parametrize("runtime", HERE)
def test_errors_have_the_same_shapes(
    emulator: Emulator, make_function: MakeFunction, runtime: str
) -> None:
    """Exceptions, failed loads, exits, results that are no JSON, timeouts and lack of memory."""
    errors = {
        "def handler(e, c): raise KeyError('x')": "KeyError",
        "import nope": "Runtime.ImportModuleError",
        "def handler(": "Runtime.UserCodeSyntaxError",
        "def other(e, c): pass": "Runtime.HandlerNotFound",
        "import os\ndef handler(e, c): os._exit(4)": "Runtime.ExitError",
        "def handler(e, c): return {1}": "Runtime.MarshalError",
        "def handler(e, c): return len(bytearray(10**9))": "Runtime.ExitError",
    }
    seen = {
        code: invoke(emulator.aws, make_function(code, runtime=runtime)).payload["errorType"]
        for code in errors
    }
    assert errors == seen
    late = make_function(
        "import signal\ndef handler(e, c): signal.pause()", runtime=runtime, Timeout=1
    )
    message = invoke(emulator.aws, late).payload["errorMessage"]
    assert "Task timed out after 1.00 seconds" in message


@pytest.mark.parametrize("runtime", HERE)
def test_what_it_logs(emulator: Emulator, make_function: MakeFunction, runtime: str) -> None:
    """Print and logging in order, with the platform's lines around them."""
    code = "import logging\ndef handler(e, c): print('one'); logging.getLogger().error('two')"
    answer = invoke(emulator.aws, make_function(code, runtime=runtime))
    lines = [line for line in answer.log.splitlines() if line]
    assert ["START", "one", "[ERROR]", "END", "REPORT"] == [
        re.split(r"\s", line)[0] for line in lines
    ]
    assert lines[2].endswith(f"\t{answer.request_id}\ttwo")


@pytest.mark.parametrize("runtime", [*ABSENT, "python3.8"])
def test_an_absent_one_is_refused(
    emulator: Emulator, make_function: MakeFunction, runtime: str
) -> None:
    """Refused when asked for, by its name, with the names of those that are here."""
    refused = emulator.aws.lambda_.exceptions.InvalidParameterValueException
    with pytest.raises(refused) as error:
        make_function("def handler(e, c): pass", runtime=runtime)
    message = error.value.response["Error"]["Message"]
    assert f"Value {runtime} at 'runtime' failed to satisfy constraint" in message
    assert set(HERE) <= set(re.findall(r"python3\.\d+", message))


def test_a_function_moves_to_another(emulator: Emulator, make_function: MakeFunction) -> None:
    """An update of the runtime reaches the next invocation; one to an absent runtime does not."""
    code = "import sys\ndef handler(e, c): return 'python%d.%d' % sys.version_info[:2]"
    name = make_function(code)
    for runtime in HERE:
        emulator.aws.lambda_.update_function_configuration(FunctionName=name, Runtime=runtime)  # type: ignore[arg-type]  # from a list
        emulator.aws.lambda_.get_waiter("function_updated_v2").wait(
            FunctionName=name, WaiterConfig={"Delay": 1}
        )
        assert runtime == invoke(emulator.aws, name).payload
    refused = emulator.aws.lambda_.exceptions.InvalidParameterValueException
    with pytest.raises(refused, match=r"Value nodejs22\.x at 'runtime'"):
        emulator.aws.lambda_.update_function_configuration(FunctionName=name, Runtime="nodejs22.x")
    assert invoke(emulator.aws, name).payload in HERE
