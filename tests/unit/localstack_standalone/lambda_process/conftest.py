"""A zygote, and environments of it, without LocalStack."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from localstack_standalone.faults.function import FunctionFaults
from localstack_standalone.faults.rules import FaultRules
from localstack_standalone.lambda_process.deployment.roots import Roots
from localstack_standalone.lambda_process.environment import variables
from localstack_standalone.lambda_process.environment.configuration import Configuration
from localstack_standalone.lambda_process.environment.environment import Environment
from localstack_standalone.lambda_process.environment.outcome import EventOutcome
from localstack_standalone.lambda_process.environment.platform_log import TextLog
from localstack_standalone.lambda_process.environment.sandbox import Sandbox
from localstack_standalone.lambda_process.worker import logs
from localstack_standalone.lambda_process.worker.runtime_api import Event
from localstack_standalone.lambda_process.zygote.process import WorkerSpec
from localstack_standalone.lambda_process.zygote.zygotes import Zygote
from testbed import settings

PYTHON = settings.ENVS / "lambda-runtime" / "bin" / "python"


@pytest.fixture(scope="session")
def zygote() -> Iterator[Zygote]:
    """The process that workers of this test run are forked from."""
    made = Zygote(str(PYTHON))
    yield made
    made.stop()


@dataclasses.dataclass
class Life:
    """An environment, and what is seen of it."""

    environment: Environment
    sandbox: Sandbox
    task: Path
    lines: list[str]
    ended: list[bool]

    def invoke(self, payload: str = "{}", request_id: str = "r-1") -> EventOutcome:
        event = Event(request_id, payload.encode(), "arn:aws:lambda:x:y:function:f", "Root=1")
        return self.environment.invoke(event)


MakeLife = Callable[..., Life]


@pytest.fixture
def make_life(zygote: Zygote, tmp_path: Path) -> Iterator[MakeLife]:
    """Makes an environment of the code that it is given, and stops it after the test."""
    made: list[Life] = []

    def make(
        code: str, *, hot: bool = False, rules: FaultRules | None = None, **wanted: Any
    ) -> Life:
        home = tmp_path / f"home-{len(made)}"
        task, tmp, bytecode = home / "task", home / "tmp", home / "bytecode"
        for folder in (task, tmp, bytecode):
            folder.mkdir(parents=True)
            folder.chmod(0o777)
        (task / "app.py").write_text(code)
        lines: list[str] = []
        ended: list[bool] = []
        roots = Roots(home, task, None, hot=hot)
        spec = WorkerSpec(
            environment=variables.of_function(
                {"_HANDLER": "app.handler"}, runtime="python3.13", roots=roots, tmp=str(tmp)
            ),
            task_root=str(task),
            path=roots.path("python3.13"),
            handler="app.handler",
            tmp=str(tmp),
            tmp_mb=512,
            bytecode="" if hot else str(roots.bytecode),
            fresh=hot,
        )
        settings_of_it = {
            "version": "$LATEST",
            "region": "ca-central-1",
            "runtime": "python3.13",
            "timeout_s": 5.0,
            "memory_mb": 256,
            "worker": spec,
        }
        configuration = Configuration(**{**settings_of_it, **wanted})
        output = logs.LogStream(lambda _when, line: lines.append(line))
        log = TextLog(configuration, output)
        injected = FunctionFaults(rules or FaultRules(), "f", "stream")
        sandbox = Sandbox(configuration, zygote=zygote, log=log, faults=injected)
        environment = Environment(
            configuration, sandbox=sandbox, log=log, on_end=lambda: ended.append(True)
        )
        made.append(Life(environment, sandbox, task, lines, ended))
        return made[-1]

    yield make
    for life in made:
        life.environment.stop(now=True)
