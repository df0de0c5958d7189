from __future__ import annotations

import contextlib
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from localstack_standalone.launcher import environ
from targets.docker import container
from testbed import settings
from testbed.aws import EMULATOR_ACCESS_KEY, EMULATOR_SECRET_KEY

SERVICES = ("s3", "sts")
SUPERVISE = (
    "import os, sys; from targets.docker import container; "
    "sys.exit(container.supervise(sys.argv[1:], os.environ))"
)


def test_clients_are_told_the_published_port() -> None:
    """Inside it is always 4566; addresses that LocalStack gives out carry the host's port."""
    made = container.environment({"PUBLISHED_PORT": "4600"}, SERVICES)
    assert "0.0.0.0:4566" == made["GATEWAY_LISTEN"]
    assert "127.0.0.1:4600" == made["LOCALSTACK_HOST"]


def test_what_the_container_is_given_goes_first() -> None:
    """A variable of `docker run -e` overrides ours, but not the one writable home."""
    made = container.environment({"DEBUG": "1", "LS_LOG": "warn", "HOME": "/"}, SERVICES)
    assert ("1", "warn", container.HOME) == (made["DEBUG"], made["LS_LOG"], made["HOME"])


@pytest.mark.parametrize("off", ["0", "off", "no", "false"])
def test_state_is_kept_in_the_volume_unless_that_is_off(off: str) -> None:
    """As `docker compose up` by hand has it too."""
    assert container.KEPT == container.environment({}, SERVICES)[environ.KEEPS_IN]
    assert container.KEPT == container.environment({"PERSIST": ""}, SERVICES)[environ.KEEPS_IN]
    assert environ.KEEPS_IN not in container.environment({"PERSIST": off}, SERVICES)


def test_the_pipelines_services_stay() -> None:
    """SERVICES adds to them in a container as in a process; it cannot take one away."""
    made = container.environment({"SERVICES": "sqs, s3"}, SERVICES)
    assert [*SERVICES, "sqs"] == made["SERVICES"].split(",")


def test_the_credentials_are_the_emulators_own() -> None:
    """The container's entry point has no boto3, and so a copy of them."""
    made = environ.common(listen="a:1", reached_at="b:2", runtimes={"python3.13": "python"})
    expected = (EMULATOR_ACCESS_KEY, EMULATOR_SECRET_KEY)
    assert expected == (made["AWS_ACCESS_KEY_ID"], made["AWS_SECRET_ACCESS_KEY"])


@pytest.mark.parametrize(
    ("text", "expected"), [("low 0\noom_kill 2\n", True), ("oom_kill 0", False)]
)
def test_kills_for_memory_are_counted(tmp_path: Path, text: str, expected: bool) -> None:  # noqa: FBT001
    """The kernel's own count tells whether a kill was for memory."""
    file = tmp_path / "events"
    file.write_text(text, encoding="ascii")
    assert expected is container.killed_for_memory([tmp_path / "missing", file])


@pytest.mark.parametrize(("code", "expected"), [("exit 3", 3), ("kill -9 $$", 137)])
def test_the_exit_code_is_the_childs(code: str, expected: int) -> None:
    """Also where a signal ended it: Docker restarts on anything but 0."""
    with _supervise(code) as supervised:
        assert expected == supervised.wait(timeout=10)


def test_a_signal_is_passed_on() -> None:
    """`docker stop` reaches LocalStack, which can end in order."""
    with _supervise("trap 'exit 5' TERM; echo ready; sleep 20 >/dev/null & wait") as supervised:
        assert supervised.stdout is not None
        assert "ready\n" == supervised.stdout.readline()
        supervised.send_signal(signal.SIGTERM)
        assert 5 == supervised.wait(timeout=10)


def test_orphans_of_others_do_not_end_it() -> None:
    """An adopted process that ends is reaped, and is not taken for LocalStack."""
    reaper = (
        "import ctypes, os, sys; ctypes.CDLL(None).prctl(36, 1); "  # PR_SET_CHILD_SUBREAPER
        "from targets.docker import container; "
        "orphan = '(sleep 0.1 &) ; sleep 0.5; exit 4'; "
        "sys.exit(container.supervise(['sh', '-c', orphan], os.environ))"
    )
    done = subprocess.run(
        [sys.executable, "-c", reaper], cwd=settings.ROOT, timeout=20, check=False
    )
    assert 4 == done.returncode


@contextlib.contextmanager
def _supervise(code: str) -> Iterator[subprocess.Popen[str]]:
    """A supervisor of a shell that runs *code*; it does not outlive the test."""
    supervised = subprocess.Popen(
        [sys.executable, "-c", SUPERVISE, "sh", "-c", code],
        cwd=settings.ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield supervised
    finally:
        supervised.kill()
        supervised.communicate()
