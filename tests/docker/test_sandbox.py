"""Each environment's sandbox within the container, by the seccomp profile, without a capability."""

from __future__ import annotations

import json
import os
import platform
from pathlib import Path
from typing import Any

import pytest
import requests

from localstack_standalone.launcher import ports
from targets.docker import compose, container, target
from testbed.aws import Aws
from tests.docker.conftest import Box, docker_compose
from tests.support import functions

LOOK = """
    import os, pwd, socket
    def handler(event, context):
        found = {place: os.path.exists(place) for place in event}
        found["task"] = (os.getcwd(), __file__, sorted(os.listdir("/var/task")))
        found["user"] = (os.getuid(), pwd.getpwuid(os.getuid()).pw_name)
        found["processes"] = [int(name) for name in os.listdir("/proc") if name.isdigit()]
        found["machine"] = os.listdir("/mnt") + os.listdir("/opt")
        found["host"] = socket.gethostname()
        return found
"""
CONTAINERS = (
    "/opt/testbed",
    "/opt/emulator",
    "/var/lib/testbed",
    container.HOME,
    "/etc/localstack",
)
# A process that calls the kernel with numbers; prints the error, 0 if there was none.
CALL = (
    "import ctypes, sys\n"
    "libc = ctypes.CDLL(None, use_errno=True)\n"
    "numbers = [ctypes.c_long(int(each)) for each in sys.argv[1:]]\n"
    "print(ctypes.get_errno() if libc.syscall(*numbers) < 0 else 0)"
)
NEW_USER, NEW_NET, NEW_CGROUP = 0x1000_0000, 0x4000_0000, 0x200_0000
SIGCHLD, EPERM = 17, 1
UNSHARE, CLONE = {"x86_64": (272, 56), "aarch64": (97, 220)}[platform.machine()]
# One number on every processor.
IO_URING_SETUP, FSOPEN, MOUNT_SETATTR = 425, 430, 442


def test_functions_have_sandboxes(box: Box) -> None:
    """As the emulator tells, `make status` shows and `LAMBDA_SANDBOX=require` asks."""
    expected = {"sandboxed": True, "why": "", "advice": ""}
    assert expected == sandbox(box.place.endpoint)
    host = box.inspect()["HostConfig"]
    assert not host["CapAdd"]
    assert ["ALL"] == host["CapDrop"]


def test_a_function_sees_awss_paths_and_nothing_of_the_container(box: Box) -> None:
    """Its code at /var/task, AWS's user, its own processes; no file of the image or the volume."""
    name = functions.make(box.place.aws, LOOK)
    found = functions.invoke(box.place.aws, name, list(CONTAINERS)).payload
    assert ["/var/task", "/var/task/app.py", ["app.py"]] == found["task"]
    assert [993, "sbx_user1051"] == found["user"]
    assert not [place for place in CONTAINERS if found[place]]
    assert 2 == len(found["processes"])
    assert [] == found["machine"]
    assert "testbed" != found["host"]


@pytest.mark.parametrize(
    ("numbers", "error"),
    [
        ((UNSHARE, NEW_USER), 0),
        ((UNSHARE, NEW_USER | NEW_NET), EPERM),
        ((UNSHARE, NEW_USER | NEW_CGROUP), EPERM),
        ((CLONE, NEW_USER | SIGCHLD), EPERM),
        ((IO_URING_SETUP, 1, 0), EPERM),
        ((FSOPEN, 0, 0), EPERM),
        ((MOUNT_SETATTR, 0, 0, 0, 0, 0), EPERM),
    ],
)
def test_the_profile_is_in_force(box: Box, numbers: tuple[int, ...], error: int) -> None:
    """What sandboxes need goes through, and what they do not need is refused."""
    assert str(error) == box.run("python", "-c", CALL, *map(str, numbers))


def test_with_dockers_own_profile_functions_are_processes_and_it_says_so(tmp_path: Path) -> None:
    """Without our security options the container works as ever, and names what would help."""
    port = ports.free_port()
    project = target.project_name(tmp_path)
    environment = {**os.environ, "PORT": str(port), "COMPOSE_PROJECT_NAME": project, "MEMORY": "1g"}
    read = docker_compose(environment, "--file", str(compose.FILE), "config", "--format", "json")
    wanted = json.loads(read)
    service = wanted["services"][compose.SERVICE]
    service["security_opt"] = ["no-new-privileges"]
    file = tmp_path / "docker-compose.json"
    file.write_text(json.dumps(wanted), encoding="utf-8")
    try:
        docker_compose(environment, "--file", str(file), "up", "--no-build", "--wait")
        endpoint = f"http://127.0.0.1:{port}"
        said = sandbox(endpoint)
        assert not said["sandboxed"]
        assert "unshare: Operation not permitted" in said["why"]
        assert "--security-opt seccomp=targets/docker/seccomp.json" in said["advice"]
        assert "--security-opt systempaths=unconfined" in said["advice"]
        log = docker_compose(environment, "--file", str(file), "logs", "--no-log-prefix")
        assert "run without a sandbox" in log
        aws = Aws(endpoint=endpoint)
        name = functions.make(aws, "import os\ndef handler(e, c):\n    return os.getuid()")
        assert 10001 == functions.invoke(aws, name).payload
    finally:
        docker_compose(environment, "--file", str(file), "down", "--volumes")


def sandbox(endpoint: str) -> Any:
    """What the emulator says of its functions' sandboxes."""
    return requests.get(f"{endpoint}/_localstack/standalone", timeout=10).json()["sandbox"]
