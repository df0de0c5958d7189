"""Testbeds as they come, behind either server."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.testbeds import ProvisionedTestbed


@pytest.fixture(scope="session", params=["threaded", "twisted"])
def guarded(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[ProvisionedTestbed]:
    """A testbed as it comes, with our server and with LocalStack's."""
    if request.param == "threaded":
        fork = request.getfixturevalue("fork_testbed")
        with fork(tmp_path_factory.mktemp("guarded")) as forked:
            yield forked
    else:
        yield request.getfixturevalue("untuned")
