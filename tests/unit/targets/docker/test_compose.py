from __future__ import annotations

import pytest

from localstack_standalone.launcher.record import Record
from targets.docker import compose
from targets.docker.cli import DockerError
from tests.unit.targets.docker.conftest import FakeDocker

RECORD = Record("docker", 4600, {"project": "p"}, {"IMAGE_TAG": "local", "MEMORY": "1g"})
RUNNING = '{"Status": "running", "OOMKilled": false, "Pid": 7, "Health": {"Status": "healthy"}} 2'


def test_a_container_is_read_as_the_engine_tells_it(fake_docker: FakeDocker) -> None:
    """State, health and restarts; and nothing where there is none."""
    fake_docker(f"echo '{RUNNING}'")
    expected = compose.Container(
        state="running", health="healthy", restarts=2, out_of_memory=False, pid=7
    )
    assert expected == compose.inspect(RECORD)
    fake_docker("echo 'Error: No such container: p-testbed-1' >&2; exit 1")
    assert compose.inspect(RECORD) is None


def test_a_log_comes_line_by_line(fake_docker: FakeDocker) -> None:
    """Both streams, of the project's one container."""
    fake_docker('echo "$@"; echo oops >&2')
    assert ["logs --tail 5 p-testbed-1\n", "oops\n"] == list(compose.log(RECORD, lines=5))


def test_compose_is_told_what_was_set(fake_docker: FakeDocker) -> None:
    """Port, memory, tag and switches; SERVICES is added to in the container."""
    fake_docker('echo "$PORT $MEMORY $IMAGE_TAG $TUNING $SERVICES" >&2; exit 1')
    known = Record("docker", 4600, {"project": "p"}, {**RECORD.settings, "TUNING": "off"})
    with pytest.raises(DockerError, match="4600 1g local off"):
        compose.down(known)


def test_what_is_kept_goes_when_all_goes(fake_docker: FakeDocker) -> None:
    """`make down` leaves the volume, `make clean` does not."""
    fake_docker('echo "$@" >&2; exit 1')
    with pytest.raises(DockerError) as down:
        compose.down(RECORD)
    assert "--volumes" not in str(down.value)
    with pytest.raises(DockerError, match="down --remove-orphans --volumes --rmi all"):
        compose.down(RECORD, image=True)
    with pytest.raises(DockerError, match="volume rm --force p_kept"):
        compose.remove_volume("p")
