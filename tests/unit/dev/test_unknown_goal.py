"""Which command was meant."""

from __future__ import annotations

import pytest

from dev import unknown_goal

MAKEFILE = """
.PHONY: up process setup
up: setup  ## Start it
\t@true
process: setup  ## Send an image (IMAGE=path)
\t@true
setup:
\t@true
"""


@pytest.mark.parametrize(
    ("goals", "expected"),
    [
        (["procces"], "there is no command `make procces`; did you mean `make process`?"),
        (["up", "xyz"], "there is no command `make xyz` (`make` alone lists them)"),
        (["a/club2.png"], "`make process IMAGE=a/club2.png` sends it"),
    ],
    ids=" ".join,
)
def test_told(goals: list[str], expected: str) -> None:
    assert expected in unknown_goal.told(goals, MAKEFILE)


def test_every_command_is_known() -> None:
    text = unknown_goal.MAKEFILE.read_text(encoding="utf-8")
    assert "did you mean `make demo`?" in unknown_goal.told(["demos"], text)
