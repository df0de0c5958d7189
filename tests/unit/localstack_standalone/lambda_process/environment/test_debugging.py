"""Debugging is asked for by a port, and gives a person time."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from localstack_standalone.lambda_process.environment import debugging

# Tells what is asked of it.
DEBUGPY = """
def configure(**options): print("configure", options)
def listen(address): print("listen", *address)
def wait_for_client(): print("wait")
"""


@pytest.mark.parametrize("prepared", [{}, {"LOCALSTACK_DEBUG_PORT": "no number"}])
def test_nobody_debugs_unasked(prepared: dict[str, str]) -> None:
    """A function without a port, or with nonsense for one, runs as it is configured."""
    assert ("", 3.0) == (debugging.preload(prepared), debugging.timeout_s(prepared, 3.0))


def test_whoever_debugs_has_a_working_day() -> None:
    """The function's own limit is none."""
    prepared = {"LOCALSTACK_DEBUG_PORT": 5678, "LOCALSTACK_DEBUG_PATH": "/x"}
    assert debugging.TIMEOUT_S == debugging.timeout_s(prepared, 3.0)


def test_a_worker_waits_for_an_editor_at_the_port(tmp_path: Path) -> None:
    """With the debugpy of the folder that is named, whatever its name; its children do not."""
    folder = tmp_path / "it's here"
    folder.mkdir()
    (folder / "debugpy.py").write_text(DEBUGPY)
    prepared = {"LOCALSTACK_DEBUG_PORT": 5678, "LOCALSTACK_DEBUG_PATH": str(folder)}
    done = subprocess.run(
        [sys.executable, "-S", "-c", debugging.preload(prepared)],  # without a debugpy of its own
        capture_output=True,
        text=True,
        check=True,
    )
    assert [
        "configure {'subProcess': False}",
        "listen 127.0.0.1 5678",
        "debugpy waits for an editor on 127.0.0.1:5678",
        "wait",
    ] == done.stdout.splitlines()


def test_a_sandbox_has_debugpy_elsewhere() -> None:
    """And tells the editor's files from its own; without a port it has nothing of it."""
    prepared = {"LOCALSTACK_DEBUG_PORT": 5678, "LOCALSTACK_DEBUG_PATH": "/home/me/debugpy"}
    assert [("/home/me/debugpy", "/var/debugger")] == debugging.mounts(prepared)
    assert [] == debugging.mounts({"LOCALSTACK_DEBUG_PATH": "/home/me/debugpy"})
    ran = debugging.preload(prepared, [("/home/me/code", "/var/task")])
    assert "sys.path.append('/var/debugger')" in ran
    assert "setup_client_server_paths([('/home/me/code', '/var/task')])" in ran
