"""The fixtures in a pytest of somebody's, without an emulator behind them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from testbed import settings

# Forks that are none: what the fixtures make of them is what is tested here.
CONFTEST = """
import itertools, pytest
from localstack_standalone.launcher.record import Record

class Parent:
    ports = itertools.count(4600)
    def fork(self, state_dir):
        return Record("embedded", next(self.ports), {})

@pytest.fixture(scope="session")
def localstack_parent():
    return Parent()
"""
MAC = """
import types
import pytest
from localstack_standalone.launcher import forks
from localstack_standalone.launcher.emulator import Installation

forks.sys = types.SimpleNamespace(platform="darwin")

@pytest.fixture(scope="session")
def localstack_installation():
    return Installation("python", {})
"""


def _pytest(folder: Path, *words: str, **files: str) -> str:
    for name, text in files.items():
        (folder / f"{name}.py").write_text(text)
    (folder / "pytest.ini").touch()  # its own, wherever the folder is
    environ = os.environ | {"PYTHONPATH": str(settings.ROOT / "plugin"), "AWS_PROFILE": "work"}
    done = subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "-p", "localstack_standalone.pytest_plugin"),
            *("-p", "no:cacheprovider", "-rP", *words),
        ],
        cwd=folder,
        env=environ,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout + done.stderr


def test_who_asks_for_nothing_pays_nothing(tmp_path: Path) -> None:
    """Every pytest of the environment loads the plugin; the launcher waits for a fixture."""
    code = """
import sys
def test_it():
    assert "localstack_standalone.pytest_plugin" in sys.modules
    assert not [name for name in sys.modules if "standalone.launcher" in name or name == "boto3"]
"""
    assert "1 passed" in _pytest(tmp_path, test_it=code)


def test_a_tests_environment_variables_lead_to_its_fork(tmp_path: Path) -> None:
    """Code that makes clients of its own finds that emulator, and the next test another."""
    code = """
import os
def test_first(localstack_fork):
    assert localstack_fork.endpoint == os.environ["AWS_ENDPOINT_URL"]
    assert "AWS_PROFILE" not in os.environ
    print("fork", localstack_fork.endpoint)
def test_second(localstack_fork):
    print("fork", localstack_fork.endpoint)
def test_none():
    assert "AWS_ENDPOINT_URL" not in os.environ
    assert "work" == os.environ["AWS_PROFILE"]
"""
    said = _pytest(tmp_path, conftest=CONFTEST, test_it=code)
    assert "3 passed" in said
    assert "fork http://127.0.0.1:4600" in said
    assert "fork http://127.0.0.1:4601" in said


def test_a_session_has_one(tmp_path: Path) -> None:
    """The same for every test, and nobody's environment variables change for it."""
    code = """
import os
def test_first(localstack):
    assert "http://127.0.0.1:4600" == localstack.endpoint
def test_second(localstack):
    assert "http://127.0.0.1:4600" == localstack.endpoint
    assert "AWS_ENDPOINT_URL" not in os.environ
"""
    assert "2 passed" in _pytest(tmp_path, conftest=CONFTEST, test_it=code)


def test_a_system_without_forks_is_named(tmp_path: Path) -> None:
    """Slower by a start for each test is to be known, with the reason."""
    code = "def test_it(localstack_parent): pass"
    said = _pytest(tmp_path, conftest=MAC, test_it=code)
    assert "1 passed, 1 warning" in said
    assert "a full start, not a fork: that is for Linux, and this is darwin" in said
