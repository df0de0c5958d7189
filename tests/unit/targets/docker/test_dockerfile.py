"""docker-compose.yml and the Dockerfile say what the Python around them says."""

from __future__ import annotations

import re

from targets.docker import compose, container
from testbed import setting_table, settings

DOCKERFILE = (settings.ROOT / "targets" / "docker" / "Dockerfile").read_text(encoding="utf-8")
COMPOSE = compose.FILE.read_text(encoding="utf-8")
EXAMPLE = (settings.ROOT / ".env.example").read_text(encoding="utf-8")


def test_both_stages_have_the_same_base() -> None:
    """The environments' Pythons are links to the base's."""
    bases = re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE)
    version = (settings.ROOT / ".python-version").read_text(encoding="utf-8").strip()
    assert [f"python:{version}-slim"] * 2 == bases


def test_nothing_needs_a_newer_engine_or_a_frontend() -> None:
    """Engine 20.10 and a machine without a registry can build and run it."""
    for newer in ("# syntax=", "RUN --mount", "start-interval", "start_interval"):
        assert newer not in DOCKERFILE + COMPOSE


def test_defaults_stand_once() -> None:
    """`docker compose` alone and `make` have the same port, memory, tag and service."""
    assert f"${{PORT:-{settings.DEFAULT_PORT}}}:{container.PORT}" in COMPOSE
    assert f"${{MEMORY:-{settings.DEFAULT_MEMORY}}}" in COMPOSE
    assert compose.image(f"${{IMAGE_TAG:-{settings.DEFAULT_IMAGE_TAG}}}") in COMPOSE
    assert f"\n  {compose.SERVICE}:\n" in COMPOSE
    example = {"PORT": settings.DEFAULT_PORT, "MEMORY": settings.DEFAULT_MEMORY}
    for name, value in {**example, "IMAGE_TAG": settings.DEFAULT_IMAGE_TAG}.items():
        assert f"#{name}={value}\n" in EXAMPLE


def test_both_targets_pass_on_the_same_switches() -> None:
    """What a person may set for the embedded emulator reaches the container as well."""
    for name in setting_table.passed_on(container=True):
        assert f"\n      {name}:\n" in COMPOSE


def test_it_is_published_on_loopback_alone() -> None:
    """No mapping without an address: Docker would take all of the host's."""
    (mapping,) = re.findall(r"ports: (.*)", COMPOSE)
    assert mapping.startswith('["127.0.0.1:')
