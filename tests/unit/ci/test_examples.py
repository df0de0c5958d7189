"""The examples in docs/ci/ run what this project's own submissions must pass."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from testbed.settings import ROOT

OWN = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
EXAMPLES = sorted((ROOT / "docs" / "ci").glob("*.yml"))
COMMAND = re.compile(r"^ *(?:- |- run: |run: )((?:make|scripts/)\b.*)$", re.MULTILINE)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_every_command_is_one_that_is_proved(example: Path) -> None:
    """A line of an example is a line of .ci/run, so that it cannot go stale unnoticed."""
    commands = COMMAND.findall(example.read_text(encoding="utf-8"))
    assert {"make up TARGET=embedded", "make up TARGET=docker"} <= set(commands)
    assert set() == set(commands) - set(OWN.splitlines())


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_a_failure_leaves_evidence(example: Path) -> None:
    """Each example collects the evidence of a failed job, and keeps the folder."""
    text = example.read_text(encoding="utf-8")
    assert "make evidence" in text
    assert "reports/" in text


def test_no_script_names_a_mirror() -> None:
    """Packages come from where the machine's own apt sources point."""
    for script in sorted((ROOT / "dev" / "ci").iterdir()):
        text = script.read_text(encoding="utf-8")
        assert [] == re.findall(r"https?://[a-z0-9]", text), script
