"""Testbeds as they come, behind either server."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from scripts.pytest_plugin import Place
from tests.conftest import started

SERVERS = {"threaded": "all", "twisted": "off"}


@pytest.fixture(scope="session", params=sorted(SERVERS))
def guarded(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Place]:
    """A testbed as it comes, with our server and with LocalStack's."""
    yield from started(tmp_path_factory.mktemp("guarded"), TUNING=SERVERS[request.param])
