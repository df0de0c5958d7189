from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.e2e.client import Client, RunningTestbed

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def client(testbed: RunningTestbed) -> Iterator[Client]:
    client = Client(testbed)
    yield client
    client.clean()
