"""What a container of the testbed cannot do, seen from inside and from the host."""

from __future__ import annotations

import subprocess

import psutil
import pytest

from targets.docker import cli, compose
from tests.docker.conftest import Box
from tests.support import functions

STATUS = "import pathlib; print(pathlib.Path('/proc/1/status').read_text())"


def test_every_process_is_unprivileged(box: Box) -> None:
    """User and group 10001, no capability, and no way to gain one; a worker is AWS's user."""
    name = functions.make(
        box.place.aws, "def handler(e, c):\n    return open('/proc/self/status').read()"
    )
    worker = functions.invoke(box.place.aws, name).payload
    for status, uid, gid in (
        (box.run("python", "-c", STATUS), "10001", "10001"),
        (worker, "993", "990"),
    ):
        said = dict(line.split(":\t", 1) for line in status.splitlines() if ":\t" in line)
        assert [uid] * 4 == said["Uid"].split()
        assert [gid] * 4 == said["Gid"].split()
        assert {0} == {int(said[f"Cap{kind}"], 16) for kind in ("Inh", "Prm", "Eff", "Bnd", "Amb")}
        assert "1" == said["NoNewPrivs"]
        assert "2" == said["Seccomp"]


@pytest.mark.parametrize("folder", ["/", "/opt/testbed", "/opt/emulator", "/etc", "/usr/local/bin"])
def test_the_root_is_read_only(box: Box, folder: str) -> None:
    """Nothing of the image can be changed in a running container, whatever its permissions."""
    done = cli.run("exec", "--user", "0", box.container, "touch", f"{folder}/new")
    assert "Read-only file system" in done.stderr


def test_nothing_of_the_host_is_mounted(box: Box) -> None:
    """No folder, no device and least of all Docker's socket; its own volume, for what it keeps."""
    found = box.inspect()
    host = found["HostConfig"]
    kept = compose.volume(str(box.record.identity["project"]))
    assert [("volume", kept)] == [(each["Type"], each["Name"]) for each in found["Mounts"]]
    assert not host["Binds"]
    assert not host["Devices"]
    assert not host["Privileged"]
    assert "" == box.run("sh", "-c", "find / -name 'docker*.sock' 2>/dev/null || true")


def test_memory_and_processes_are_limited(box: Box) -> None:
    """MEMORY of .env is the container's limit, and a fork bomb ends at 8192 processes."""
    host = box.inspect()["HostConfig"]
    assert 4 * 1024**3 == host["Memory"]
    assert 8192 == host["PidsLimit"]


def test_it_listens_on_loopback_alone(box: Box) -> None:
    """Of the host's addresses only 127.0.0.1 has the testbed's port."""
    bound = [c.laddr for c in psutil.net_connections("tcp") if c.status == psutil.CONN_LISTEN]
    assert {"127.0.0.1"} == {where.ip for where in bound if where and where.port == box.record.port}


def test_the_locks_are_those_of_the_embedded_target(box: Box) -> None:
    """Both environments hold the very packages that the checkout's own ones hold."""
    listing = (
        "import importlib.metadata as m\n"
        "print(sorted({(d.name.lower(), d.version) for d in m.distributions()}))"
    )
    for name in ("emulator", "lambda-runtime"):
        inside = box.run(f"/opt/{name}/bin/python", "-c", listing)
        outside = subprocess.run(
            [f".envs/{name}/bin/python", "-c", listing], capture_output=True, text=True, check=True
        ).stdout.strip()
        assert outside == inside
