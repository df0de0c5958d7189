"""What a real engine, or its lack, makes of wrong circumstances."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from localstack_standalone.launcher import record
from targets.docker import cli
from testbed import settings

NOWHERE = "http://127.0.0.1:9/simple"  # the discard port: nobody listens


def up(state_dir: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """`make up` with a state folder and a port of its own."""
    own = {"STATE_DIR": str(state_dir), "PORT": "auto", **variables}
    return subprocess.run(
        [sys.executable, "-m", "scripts.up"],
        cwd=settings.ROOT,
        env={**os.environ, **own},
        capture_output=True,
        text=True,
        check=False,
    )


def down(state_dir: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "scripts.down"],
        cwd=settings.ROOT,
        env={**os.environ, "STATE_DIR": str(state_dir)},
        capture_output=True,
        check=True,
    )


def test_no_engine(tmp_path: Path) -> None:
    """TARGET=docker without an engine fails at once, and says what to do."""
    done = up(tmp_path, TARGET="docker", DOCKER_HOST=f"unix://{tmp_path}/none.sock")
    assert 1 == done.returncode
    assert "error: no Docker engine answers" in done.stderr
    assert "TARGET=embedded" in done.stderr


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become a user without permission")
def test_no_permission(tmp_path: Path) -> None:
    """A user outside the group docker is told which group that is."""
    done = subprocess.run(
        ["/bin/sh", "-c", 'exec docker version --format "{{.Server.Version}}"'],
        cwd="/",
        user=65534,
        group=65534,
        extra_groups=[],
        env={"PATH": os.environ["PATH"], "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert 0 != done.returncode
    assert "usermod -aG docker" in str(cli.refusal(done.stderr))


@pytest.mark.timeout(300)  # pip tries several times
def test_a_build_without_network(tmp_path: Path) -> None:
    """TARGET=docker fails with the end of the build's log; auto says so and runs embedded."""
    offline = {"PIP_INDEX_URL": NOWHERE, "IMAGE_TAG": "offline"}
    insisting = up(tmp_path, TARGET="docker", **offline)
    assert 1 == insisting.returncode
    assert "the image could not be built (no network?" in insisting.stderr
    assert record.read(tmp_path) is None
    try:
        easy = up(tmp_path, TARGET="auto", **offline)
        assert 0 == easy.returncode, easy.stderr
        assert "Docker could not be used: the image could not be built" in easy.stderr
        assert "target embedded instead" in easy.stderr
    finally:
        down(tmp_path)


def test_a_taken_port(tmp_path: Path) -> None:
    """The port's owner is named before anything is built or started."""
    with socket.socket() as squatter:
        squatter.bind(("127.0.0.1", 0))
        squatter.listen()
        port = squatter.getsockname()[1]
        done = up(tmp_path, TARGET="docker", PORT=str(port))
    assert 1 == done.returncode
    assert f"port {port} is taken by process {os.getpid()}" in done.stderr
