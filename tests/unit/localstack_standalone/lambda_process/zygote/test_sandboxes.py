"""Whether functions have sandboxes: what is asked for, and what a machine allows."""

from __future__ import annotations

import logging
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from localstack_standalone.lambda_process.zygote import sandboxes
from localstack_standalone.lambda_process.zygote.sandboxes import (
    Confinement,
    Sandboxes,
    SandboxSettingError,
)
from tests.unit.localstack_standalone.lambda_process.conftest import PYTHON

FORBIDDEN = Confinement(sandboxed=False, why="unshare: not permitted", advice="ask root")


@pytest.fixture
def forbidden(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine whose kernel allows none."""
    monkeypatch.setattr(sandboxes, "try_out", lambda _python: FORBIDDEN)


def test_one_that_is_not_asked_for_is_taken_where_it_can_be() -> None:
    """Three words are known; any other is named, with them."""
    assert sandboxes.AUTO == sandboxes.wanted({}) == sandboxes.wanted({"LAMBDA_SANDBOX": ""})
    assert sandboxes.OFF == sandboxes.wanted({"LAMBDA_SANDBOX": "off"})
    with pytest.raises(SandboxSettingError, match="'on': use one of auto, require, off"):
        sandboxes.wanted({"LAMBDA_SANDBOX": "on"})


@pytest.mark.skipif(sys.platform != "linux", reason="Linux alone has namespaces")
def test_this_machine_allows_it() -> None:
    """A sandbox is made for real; where that is forbidden, the tests of sandboxes mean nothing."""
    assert Confinement(sandboxed=True) == sandboxes.try_out(str(PYTHON))


def test_a_trial_that_fails_says_why(tmp_path: Path) -> None:
    """A Python that is none is no reason to stop: functions run as processes then."""
    found = sandboxes.try_out(str(tmp_path / "python"))
    assert not found.sandboxed
    assert "No such file" in found.why


@pytest.mark.skipif(sys.platform != "linux", reason="Linux alone has namespaces")
def test_a_zygote_that_could_not_start_again_is_no_sandbox(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The trial goes the zygote's own way, also into the interpreter that its root has."""
    guest = shutil.copytree(sandboxes.PROBE.parent, tmp_path / "guest")
    code, built = guest / "_lambda_sandbox.py", "python = root.build(place)"
    assert built in code.read_text()
    code.write_text(code.read_text().replace(built, f'{built} + "-gone"'))
    monkeypatch.setattr(sandboxes, "PROBE", guest / sandboxes.PROBE.name)
    found = sandboxes.try_out(str(PYTHON))
    assert not found.sandboxed
    assert "No such file or directory: '/var/lang/bin/python3.13-gone'" in found.why


@pytest.mark.parametrize(
    ("profile", "named"),
    [
        ("docker-default (enforce)\n", "AppArmor's docker-default"),
        ("unconfined\n", ""),
        (None, ""),
    ],
)
def test_a_container_is_told_of_all_that_forbids_it(
    tmp_path: Path, profile: str | None, named: str
) -> None:
    """Its seccomp profile, and its AppArmor profile where the kernel has one in force."""
    current = tmp_path / "current"
    if profile is not None:
        current.write_text(profile)
    code = (
        f"import sys; sys.path.insert(0, {str(sandboxes.PROBE.parent)!r}); "
        "import _lambda_probe as probe; probe.SYSTEM_SETTINGS = (); "
        f"probe.IN_CONTAINER = ('/',); probe.CONFINED_BY = {str(current)!r}; print(probe.advice())"
    )
    said = subprocess.run([PYTHON, "-I", "-c", code], capture_output=True, text=True, check=True)
    assert "seccomp=targets/docker/seccomp.json" in said.stdout
    assert named in said.stdout
    assert bool(named) is ("apparmor=unconfined" in said.stdout)


@pytest.mark.usefixtures("forbidden")
def test_where_there_is_none_the_log_says_so_once(caplog: pytest.LogCaptureFixture) -> None:
    """With the reason, and what would change it."""
    with caplog.at_level(logging.WARNING):
        found = Sandboxes("python", sandboxes.AUTO)
        assert FORBIDDEN == found.confinement() == found.confinement()
    (said,) = caplog.messages
    assert "without a sandbox: unshare: not permitted; ask root" in said


@pytest.mark.usefixtures("forbidden")
def test_what_is_required_and_cannot_be_is_an_error() -> None:
    """Not a fallback; the message names the setting and the reason."""
    with pytest.raises(SandboxSettingError, match="LAMBDA_SANDBOX=require: unshare: not permitted"):
        Sandboxes("python", sandboxes.REQUIRE).refuse_missing()
    Sandboxes("python", sandboxes.AUTO).refuse_missing()


def test_off_is_not_even_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    """And is no warning: it was asked for."""
    monkeypatch.setattr(sandboxes, "try_out", lambda _python: pytest.fail("it was tried"))
    found = Sandboxes("python", sandboxes.OFF).confinement()
    assert Confinement(sandboxed=False, why="LAMBDA_SANDBOX=off") == found


def test_a_fork_finds_out_for_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """What its parent was about to find out nobody would tell it; what was known stays."""
    tried: list[str] = []

    def try_out(python: str) -> Confinement:
        tried.append(python)
        return FORBIDDEN

    monkeypatch.setattr(sandboxes, "try_out", try_out)
    found = Sandboxes("python", sandboxes.AUTO)
    found.confinement()
    found.renew()
    assert ["python"] == tried
