from __future__ import annotations

from collections.abc import Iterator

import pytest

from testbed.aws import Aws
from tests.integration.parity.conftest import Machines
from tests.support import altered
from tests.support.altered import WallClock


@pytest.fixture(scope="session")
def own_clock(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WallClock]:
    """An emulator with a wall clock of its own, in a time zone that is not UTC."""
    # Fourteen minutes from an hour: nothing that is wrong by a zone looks right.
    folder = tmp_path_factory.mktemp("clock")
    with altered.clock(folder, TZ="XXX+03:14", LAMBDA_RETRY_BASE_DELAY="2") as made:
        yield made


@pytest.fixture
def clock(own_clock: WallClock) -> Iterator[WallClock]:
    """That one; right again after the test."""
    yield own_clock
    own_clock.set(0)


@pytest.fixture
def jumping(own_clock: WallClock) -> Machines:
    """State machines in the emulator of `clock`."""
    return Machines(Aws(own_clock.record.endpoint), own_clock.record.endpoint)
