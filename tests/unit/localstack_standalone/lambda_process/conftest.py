"""A template process, and environments of it, without LocalStack."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from localstack_standalone.lambda_process import logs, platform_lines
from localstack_standalone.lambda_process.configuration import Configuration, Event, Outcome
from localstack_standalone.lambda_process.environment import Environment
from localstack_standalone.lambda_process.roots import Roots
from localstack_standalone.lambda_process.template import Template
from testbed import settings

PYTHON = settings.ENVS / "lambda-runtime" / "bin" / "python"


@pytest.fixture(scope="session")
def template() -> Iterator[Template]:
    """The process that workers of this test run are forked from."""
    made = Template(str(PYTHON))
    yield made
    made.stop()


@dataclasses.dataclass
class Life:
    """An environment, and what is seen of it."""

    environment: Environment
    task: Path
    lines: list[str]
    ended: list[bool]

    def invoke(self, payload: str = "{}", request_id: str = "r-1") -> Outcome:
        event = Event(request_id, payload.encode(), "arn:aws:lambda:x:y:function:f", "Root=1")
        return self.environment.invoke(event)


MakeLife = Callable[..., Life]


@pytest.fixture
def make_life(template: Template, tmp_path: Path) -> Iterator[MakeLife]:
    """Makes an environment of the code that it is given, and stops it after the test."""
    made: list[Life] = []

    def make(code: str, *, hot: bool = False, **wanted: Any) -> Life:
        home = tmp_path / f"home-{len(made)}"
        task, tmp, bytecode = home / "task", home / "tmp", home / "bytecode"
        for folder in (task, tmp, bytecode):
            folder.mkdir(parents=True)
            folder.chmod(0o777)
        (task / "app.py").write_text(code)
        lines: list[str] = []
        ended: list[bool] = []
        settings_of_it = {
            "version": "$LATEST",
            "region": "ca-central-1",
            "runtime": "python3.13",
            "timeout_s": 5.0,
            "memory_mb": 256,
            "tmp_mb": 512,
            "variables": {"_HANDLER": "app.handler"},
            "tmp": str(tmp),
        }
        environment = Environment(
            Configuration(**{**settings_of_it, **wanted}),
            template=template,
            roots=Roots(home, task, None, hot=hot),
            log=logs.LogStream(lambda _when, line: lines.append(line)),
            lines=platform_lines.of({}),
            on_end=lambda: ended.append(True),
        )
        made.append(Life(environment, task, lines, ended))
        return made[-1]

    yield make
    for life in made:
        life.environment.stop(now=True)
