"""The pages of tests/browser/test_attacks.py, against an emulator in a container."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
import requests

from tests.docker.conftest import Box
from tests.support import attacks
from tests.support.attacks import Victim


@pytest.fixture(scope="module")
def contained(box: Box) -> Iterator[Victim]:
    """A container as it is by default."""
    attacks.prepare(box.place.aws)
    port = urlsplit(box.place.endpoint).port
    assert port is not None
    with attacks.world() as (pages, visitor):
        yield Victim(box.place.aws, port, pages, visitor)


@pytest.mark.parametrize("attack", attacks.ATTACKS, ids=lambda one: one.__name__)
def test_an_attack_fails(contained: Victim, attack: Callable[[Victim], bool]) -> None:
    """None reaches its aim."""
    assert not attack(contained)


def test_other_containers_reach_it_by_its_names(box: Box) -> None:
    """The container's own name, and the service's; no name that a page could have."""
    health = f"{box.place.endpoint}/_localstack/health"
    for name in (box.run("hostname"), "testbed"):
        answer = requests.get(health, headers={"Host": f"{name}:4566"}, timeout=10)
        assert 200 == answer.status_code
    assert 421 == requests.get(health, headers={"Host": attacks.REBOUND}, timeout=10).status_code
