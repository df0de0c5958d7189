"""The commands in the labs' READMEs work as they stand, one after the other."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest

from grading import catalog
from testbed.settings import ROOT
from tests.labs import solutions

TIMEOUT_S = 240
BLOCK = re.compile(r"^( *)```sh\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)


def commands(page: Path) -> str:
    """All blocks of *page* that are for a shell, as one script."""
    text = page.read_text(encoding="utf-8")
    blocks = [
        "\n".join(line.removeprefix(indent) for line in block.splitlines())
        for indent, block in BLOCK.findall(text)
    ]
    return "\n".join(blocks)


def shell(script: str, more: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """What *script* says, with both streams in one; it ends where a command of it fails."""
    return subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        cwd=ROOT,
        env={**os.environ, "PORT": "auto", "TARGET": "embedded", **more},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=TIMEOUT_S,
        check=False,
    )


@pytest.mark.parametrize("lab", solutions.share(solutions.labs()))
def test_the_commands_work(lab: str, tmp_path: Path) -> None:
    """In order, with the reference solution handed in where the student's own would be."""
    state = tmp_path / "testbed"
    script = commands(catalog.find(lab).folder / "README.md").replace(".testbed/", f"{state}/")
    assert f"make grade LAB={lab}" in script
    environment = {
        "STATE_DIR": str(state),
        "FOLDER": str(solutions.lay_out(lab, tmp_path / "handed-in")),
        "HTML": str(tmp_path / "grade.html"),
    }
    try:
        done = shell(script, environment)
    finally:
        shell("make down", environment)
    assert 0 == done.returncode, done.stdout
    most = catalog.find(lab).points
    assert f"{most} of {most} points" in done.stdout
    assert f"{most} of {most} points" in (tmp_path / "grade.html").read_text(encoding="utf-8")
