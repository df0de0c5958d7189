from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from localstack_standalone.lambda_process.zygote import runtimes


def test_the_setting_names_runtimes() -> None:
    """LAMBDA_PROCESS_RUNTIMES maps identifiers to interpreters."""
    expected = dict.fromkeys(("python3.13", "python3.12", "nodejs22.x"), sys.executable)
    setting = os.pathsep.join(f"{name}={path}" for name, path in expected.items())
    assert expected == runtimes.find({runtimes.SETTING: setting})


@pytest.mark.parametrize(
    "setting", ["python3.13", "=x", "nodejs18.x=/bin/sh", "ruby3.4=/bin/sh", "python3.13="]
)
def test_a_setting_that_cannot_be_read_is_quoted(setting: str) -> None:
    """The message has the part that is wrong and an example of a right one."""
    with pytest.raises(runtimes.RuntimeSettingError, match=r"python3\.13=/path/python") as caught:
        runtimes.find({runtimes.SETTING: setting})
    assert repr(setting) in str(caught.value)


def test_an_interpreter_that_is_not_there_is_named() -> None:
    """A wrong path is an error, not a runtime that is quietly missing."""
    with pytest.raises(runtimes.RuntimeSettingError, match="'/nowhere/python'"):
        runtimes.find({runtimes.SETTING: "python3.13=/nowhere/python"})


def test_pythons_without_the_client_are_no_runtimes(tmp_path: Path) -> None:
    """Of what is on PATH, only an interpreter with awslambdaric counts, and each Node.js."""
    (tmp_path / "python3.13").symlink_to(sys.executable)
    machine = {"PATH": str(tmp_path), "HOME": str(tmp_path), "HOMEBREW_PREFIX": "/nowhere"}
    assert {} == runtimes.find(machine)
    (tmp_path / "node").write_text("#!/bin/sh\necho v24.1.0\n")
    (tmp_path / "node").chmod(0o755)
    assert {"nodejs24.x": str(tmp_path / "node")} == runtimes.find(machine)
