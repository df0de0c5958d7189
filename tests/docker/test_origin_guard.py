"""The names of a container."""

from __future__ import annotations

import pytest

from tests.docker.conftest import Box
from tests.support.raw_http import send

HEALTH = "/_localstack/health"


def test_other_containers_reach_it_by_its_names(box: Box) -> None:
    """The service's name, and the address that its network gave it."""
    (network,) = box.inspect()["NetworkSettings"]["Networks"].values()
    for name in ("testbed", network["IPAddress"]):
        asked = f"import urllib.request as r; print(r.urlopen('http://{name}:4566{HEALTH}').status)"
        assert "200" == box.run("python", "-c", asked)


@pytest.mark.parametrize(
    ("host", "status"),
    [(None, 200), ("localhost:4566", 200), ("testbed", 200), ("evil.example", 421)],
)
def test_the_host_reaches_it_by_loopbacks(box: Box, host: str | None, status: int) -> None:
    """Through the published port, whatever its number; and by no name of a stranger's."""
    assert status == send(box.place.endpoint, "GET", HEALTH, host=host).status
