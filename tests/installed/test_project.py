"""A project that has nothing to do with this one uses the plugin, as plugin/README.md says."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from testbed import settings, waiting
from tests.installed.conftest import COMMANDS, Stranger

pytestmark = pytest.mark.timeout(600)  # an environment is made, of packages from the index

FAILS = "def test_it_fails(localstack_fork): assert False\n"
TWICE = """
import os

def test_first(localstack_fork): print("fork", localstack_fork.endpoint)

def test_second(localstack_fork): print("fork", localstack_fork.endpoint)
"""
WAITS = """
import os, signal, sys

def test_it_waits(localstack_fork):
    sys.__stderr__.write(f"up {os.getpid()}\\n")
    signal.pause()
"""


@pytest.fixture(autouse=True)
def nothing_left(stranger: Stranger) -> Iterator[None]:
    """Whatever a test does, nothing of the stranger's runs after it."""
    yield
    left = waiting.until(
        lambda: (None if (found := stranger.processes()) else True, str(found)),
        "the end of all that was started",
        timeout_s=20,
    )
    assert left


def test_every_command_of_the_readme_works(stranger: Stranger) -> None:
    """In its order, each one does what it is there for."""
    assert {"up", "status", "down", "exec -- pytest"} <= {
        command.removeprefix("localstack-standalone ") for command in COMMANDS
    }
    for command in COMMANDS[1:]:
        # Port 4566 may be somebody's on the machine that runs these tests.
        own = command.replace("localstack-standalone up", "localstack-standalone up --port 0")
        done = stranger.run(own)
        assert 0 == done.returncode, f"{command}: {done.stdout}"
        if "pytest" in command:
            assert "3 passed" in done.stdout
            assert "warning" not in done.stdout


def test_an_emulator_stays_until_it_is_stopped(stranger: Stranger) -> None:
    """`up` tells the address, `status` and `logs` answer, and git sees nothing of it."""
    told = stranger.run("localstack-standalone up --port 0")
    export = told.stdout.splitlines()[-1]
    assert export.startswith("export AWS_ACCESS_KEY_ID=test ")
    listed = stranger.run(
        f"{export}; python -c 'import boto3; boto3.client(\"s3\").list_buckets()'"
    )
    assert 0 == listed.returncode, listed.stdout
    assert "ready: http://127.0.0.1:" in stranger.run("localstack-standalone status").stdout
    assert "Ready." in stranger.run("localstack-standalone logs").stdout
    assert "" == stranger.run("git init -q . && git status --porcelain .loc*").stdout
    assert "stopped\n" == stranger.run("localstack-standalone down").stdout
    assert 3 == stranger.run("localstack-standalone status").returncode
    assert "Ready." in stranger.run("localstack-standalone logs").stdout


@pytest.mark.parametrize("status", [0, 5])
def test_the_exit_status_is_the_commands(stranger: Stranger, status: int) -> None:
    """Whoever calls `exec` in a CI job sees what the command said, and its own words."""
    done = stranger.run(
        f"localstack-standalone exec -- sh -c 'echo $AWS_ENDPOINT_URL; exit {status}'"
    )
    assert status == done.returncode
    assert "http://127.0.0.1:" in done.stdout


def test_a_failing_test_fails_the_command(stranger: Stranger, tmp_path: Path) -> None:
    """With pytest alone, and with pytest beside an emulator."""
    (tmp_path / "test_it.py").write_text(FAILS)
    assert 1 == stranger.run("pytest", tmp_path).returncode
    assert 1 == stranger.run("localstack-standalone exec -- pytest", tmp_path).returncode


def test_a_start_that_fails_is_told_apart(stranger: Stranger) -> None:
    """The command does not run, the status is one that no test run has, and the reason is shown."""
    done = stranger.run("localstack-standalone exec --setting TUNING=all,-nonsense -- echo ran")
    assert 125 == done.returncode
    assert "'-nonsense' is not known" in done.stdout
    assert "ran\n" not in done.stdout


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_the_emulator_ends_with_the_command_line(
    stranger: Stranger, number: signal.Signals
) -> None:
    """Asked to end or killed, `exec` leaves no emulator (see `nothing_left`)."""
    with stranger.start("localstack-standalone exec -- sh -c 'echo up $$; exec sleep 300'") as ours:
        assert ours.stdout is not None
        command = psutil.Process(int(ours.stdout.readline().split()[1]))
        ours.send_signal(number)
        if number == signal.SIGKILL:
            command.kill()
        assert ours.wait(30) in (128 + number, -number)


def test_killed_tests_leave_nothing(stranger: Stranger, tmp_path: Path) -> None:
    """After `kill -9` neither the parent nor a fork runs on (see `nothing_left`)."""
    (tmp_path / "test_it.py").write_text(WAITS)
    with subprocess.Popen(
        ["pytest", "-s", str(tmp_path / "test_it.py")],
        env=stranger.environ,
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
    ) as ours:
        assert ours.stderr is not None
        assert f"up {ours.pid}\n" == ours.stderr.readline()
        os.kill(ours.pid, signal.SIGKILL)


@pytest.mark.parametrize(
    ("tuning", "warned"), [("all,-model_cache", 0), ("all,-threaded_gateway", 1)]
)
def test_tests_are_told_where_they_have_no_forks(
    stranger: Stranger, tmp_path: Path, tuning: str, warned: int
) -> None:
    """A switch that has nothing to do with forks keeps them; one that has says so, once."""
    (tmp_path / "test_it.py").write_text(TWICE)
    (tmp_path / "pytest.ini").write_text(f"[pytest]\nlocalstack_settings =\n    TUNING={tuning}\n")
    done = stranger.run("pytest -rP", tmp_path)
    assert 0 == done.returncode, done.stdout
    assert warned == done.stdout.count("FullStartWarning: each fresh emulator is a full start")
    assert 2 == len({line for line in done.stdout.splitlines() if line.startswith("fork ")})


def test_both_distributions_are_whole(tmp_path: Path) -> None:
    """The wheel, and the sdist that others build it from, have locks, licence and entry points."""
    uv = shutil.which("uv") or settings.ENVS / "uv" / "bin" / "uv"
    plugin = settings.ROOT / "plugin"
    subprocess.run([uv, "build", "--quiet", "--out-dir", tmp_path, plugin], check=True)
    (wheel,), (sdist,) = tmp_path.glob("*.whl"), tmp_path.glob("*.tar.gz")
    for needed in ("lambda-runtime.lock", "py.typed", "LICENSE"):
        assert needed in _listed("unzip", "-l", wheel)
        assert needed in _listed("tar", "tzf", sdist)


def _listed(*command: str | Path) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout
