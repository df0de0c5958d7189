"""A pipeline of which Step Functions is a fake and S3 can be stubbed, and who watches it."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from console.watch import Deployment, WatchedTestbed
from testbed.aws import Aws
from tests.support.addresses import ON_AWS
from tests.support.fake_step_functions import StepFunctions


@pytest.fixture
def sfn(monkeypatch: pytest.MonkeyPatch) -> StepFunctions:
    fake = StepFunctions()
    monkeypatch.setattr(Aws, "stepfunctions", fake)
    return fake


@pytest.fixture
def found(aws: Aws, sfn: StepFunctions) -> Deployment:
    return Deployment(aws, ON_AWS, Path())


@pytest.fixture
def watch(found: Deployment) -> WatchedTestbed:
    made = WatchedTestbed(lambda: found)
    asyncio.run(made.look())
    return made
