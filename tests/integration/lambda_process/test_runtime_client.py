"""AWS's runtime client in its two generations."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

import pytest

from dev import bootstrap
from localstack_standalone.launcher import emulator
from targets import embedded
from testbed import settings
from testbed.aws import Aws
from tests.support import functions
from tests.support.functions import invoke

VERSION = "import awslambdaric\ndef handler(e, c): return [awslambdaric.__version__, e]"


@pytest.fixture(scope="module", params=["lambda-runtime", "lambda-runtime-3"])
def generation(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, Aws]]:
    """The major version of the client, and an emulator that runs functions with it."""
    name = request.param
    if name == "lambda-runtime":  # every emulator's here
        yield "4", request.getfixturevalue("emulator").aws
        return
    assert 0 == bootstrap.main([name])  # type: ignore[no-untyped-call]  # runs on any Python 3
    state_dir = tmp_path_factory.mktemp(name)
    runtimes = {"python3.13": str(settings.ENVS / name / "bin" / "python")}
    installed = dataclasses.replace(embedded.installed(), runtimes=runtimes)
    started = emulator.start(state_dir, None, installed, tied=True)
    yield "3", Aws(endpoint=started.endpoint)
    emulator.stop(state_dir)


def test_it_runs_functions(generation: tuple[str, Aws]) -> None:
    """An event goes in and its result comes out, cold and warm."""
    major, aws = generation
    name = functions.make(aws, VERSION)
    for event in ({"é": "\u2028"}, None):
        version, echoed = invoke(aws, name, event).payload
        assert (major, event) == (version.partition(".")[0], echoed)


def test_it_reports_errors(generation: tuple[str, Aws]) -> None:
    """Exceptions, failed loads, exits and timeouts have AWS's shapes."""
    _, aws = generation
    errors = {
        "def handler(e, c): raise KeyError('x')": "KeyError",
        "import nope": "Runtime.ImportModuleError",
        "import os\ndef handler(e, c): os._exit(4)": "Runtime.ExitError",
        "def handler(e, c): return {1}": "Runtime.MarshalError",
    }
    seen = {code: invoke(aws, functions.make(aws, code)).payload["errorType"] for code in errors}
    assert errors == seen
    late = functions.make(aws, "import signal\ndef handler(e, c): signal.pause()", Timeout=1)
    assert "Task timed out after 1.00 seconds" in invoke(aws, late).payload["errorMessage"]


def test_it_logs(generation: tuple[str, Aws]) -> None:
    """What is printed and logged is in the tail, in order, with the request's id."""
    _, aws = generation
    code = "import logging\ndef handler(e, c): print('one'); logging.getLogger().error('two')"
    answer = invoke(aws, functions.make(aws, code))
    lines = [line for line in answer.log.splitlines() if line]
    assert "one" == lines[1]
    assert lines[2].startswith("[ERROR]\t")
    assert lines[2].endswith(f"\t{answer.request_id}\ttwo")
