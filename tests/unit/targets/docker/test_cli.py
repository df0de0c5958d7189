from __future__ import annotations

import pytest

from targets.docker import cli, compose
from targets.docker.cli import DockerError
from tests.unit.targets.docker.conftest import FakeDocker

WORKS = """
case "$1 $2" in
    "version --format") echo 28.2.2 ;;
    "compose version") echo 2.26.1 ;;
    *) echo "$SAYS" >&2; exit 1 ;;
esac
"""
NO_ENGINE = (
    "Cannot connect to the Docker daemon at unix:///var/run/docker.sock. "
    "Is the docker daemon running?"
)
NO_PERMISSION = (
    "permission denied while trying to connect to the Docker daemon socket at "
    "unix:///var/run/docker.sock: connect: permission denied"
)


def test_an_engine_with_compose_is_named(fake_docker: FakeDocker) -> None:
    """Both versions are said, so that a report has them."""
    fake_docker(WORKS)
    assert "Docker engine 28.2.2 with Compose 2.26.1" == cli.versions()


def test_no_docker_at_all_is_said(fake_docker: FakeDocker, monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine without the program is told apart from one without an engine."""
    monkeypatch.setenv("PATH", "")
    with pytest.raises(DockerError, match=r"no `docker` on PATH.*TARGET=embedded"):
        cli.versions()


@pytest.mark.parametrize(
    ("said", "advice"),
    [(NO_ENGINE, "start Docker Desktop"), (NO_PERMISSION, "usermod -aG docker")],
)
def test_an_engine_that_cannot_be_used_comes_with_advice(
    fake_docker: FakeDocker, said: str, advice: str
) -> None:
    """No engine and no permission have different cures; both name the target without Docker."""
    fake_docker(f"echo '{said}' >&2; exit 1")
    with pytest.raises(DockerError) as caught:
        cli.versions()
    assert advice in str(caught.value)
    assert cli.EITHER_WAY in str(caught.value)


@pytest.mark.parametrize(
    "compose_says",
    ["echo \"docker: 'compose' is not a docker command.\" >&2; exit 1", "echo 1.29.2"],
)
def test_no_compose_version_2_is_said(fake_docker: FakeDocker, compose_says: str) -> None:
    """An engine without Compose, or with version 1, cannot run the testbed."""
    fake_docker(f'[ "$1" = compose ] || {{ echo 28.2.2; exit; }}\n{compose_says}')
    with pytest.raises(DockerError, match="no Compose version 2"):
        cli.versions()


@pytest.mark.parametrize(
    "said",
    [
        "ERROR: failed to do request: dial tcp: lookup registry: server misbehaving",
        "error: Failed to fetch: error sending request for url (…)",
        "Temporary failure in name resolution",
    ],
)
def test_a_build_without_network_says_so(
    fake_docker: FakeDocker, monkeypatch: pytest.MonkeyPatch, said: str
) -> None:
    """Neither registry nor package index: the message says what is fetched and what helps."""
    monkeypatch.setenv("SAYS", said)
    fake_docker(WORKS)
    with pytest.raises(DockerError) as caught:
        compose.build("any")
    assert "could not be built (no network?" in str(caught.value)
    assert said in str(caught.value)
    assert "prepare-docker.sh" in str(caught.value)


def test_a_build_that_fails_shows_its_end(
    fake_docker: FakeDocker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Any other failure is shown as it is, without a guess."""
    monkeypatch.setenv("SAYS", "no space left on device")
    fake_docker(WORKS)
    with pytest.raises(DockerError, match=r"(?s)could not be built:.*no space left") as caught:
        compose.build("any")
    assert "network" not in str(caught.value)


def test_docker_that_does_not_answer_is_given_up(
    fake_docker: FakeDocker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A hanging engine does not hang `make up`."""
    monkeypatch.setattr(cli, "ANSWER_TIMEOUT_S", 0.2)
    fake_docker("exec /bin/sleep 60")
    with pytest.raises(DockerError, match=r"did not answer within 0\.2 s"):
        cli.versions()
