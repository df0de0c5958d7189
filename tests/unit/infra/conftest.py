"""Clients that never leave the process: every answer is queued by the test, in order."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from botocore.stub import Stubber

from infra import eventually
from infra.account import Account
from infra.package import Package
from infra.resource import Cloud
from testbed.aws import Aws

Answers = Callable[[Any], Stubber]


@pytest.fixture(scope="session")
def aws() -> Aws:
    """One for all tests: making clients takes longer than the tests do."""
    return Aws(endpoint="http://127.0.0.1:9")


@pytest.fixture
def account() -> Account:
    return Account(id="123456789012", region="ca-central-1")


@pytest.fixture
def cloud(aws: Aws, account: Account, tmp_path: Path) -> Cloud:
    """With a zip that is none."""
    code = tmp_path / "f.zip"
    code.write_bytes(b"zip")
    return Cloud(aws, account, Package(code, "x86_64"))


@pytest.fixture
def answers() -> Iterator[Answers]:
    """Stub a client; at the end, every queued answer must have been asked for."""
    with contextlib.ExitStack() as stack:

        def stub(client: Any) -> Stubber:
            stubber = stack.enter_context(Stubber(client))
            stack.callback(stubber.assert_no_pending_responses)
            return stubber

        yield stub


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits between two attempts."""
    monkeypatch.setattr(eventually, "INTERVAL_S", 0.0)
