"""Settings as a person gives them, to make itself."""

from __future__ import annotations

import os
import subprocess

import pytest

from testbed import settings


def make(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run make in the checkout, as from a shell of its own."""
    environment = {
        name: text
        for name, text in os.environ.items()
        if name not in ("MAKEFLAGS", "MAKELEVEL", "MAKEOVERRIDES", "TESTBED_GIVEN")
    }
    return subprocess.run(
        ["make", *arguments],
        cwd=settings.ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize(
    ("arguments", "meant"),
    [
        (("up", "PROT=4600"), "PORT"),
        (("process", "size=64"), "SIZE"),
        (("down", "STATEDIR=x"), "STATE_DIR"),
        (("doctor", "jason=1"), "JSON"),
        (("status", "TUNNING=off", "PORT=a b'$$c"), "TUNING"),
    ],
    ids=lambda one: " ".join(one) if isinstance(one, tuple) else one,
)
def test_a_misspelt_setting_is_refused(arguments: tuple[str, ...], meant: str) -> None:
    """By every command, before it does anything; the message says what was meant."""
    done = make(*arguments)
    assert 2 == done.returncode
    assert f"did you mean {meant}?" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("up", "PORT=http"), "PORT must be a number"),
        (("console", "CONSOLE_PORT=x"), "CONSOLE_PORT must be"),
        (("package", "ARCH=vax"), "ARCH must be one of x86_64, arm64"),
        (("load-test", "N=many"), "N must be a whole number"),
        (("up", "TARGET=embedded", "STATE_DIR=tests"), "no testbed's folder"),
    ],
    ids=lambda one: " ".join(one) if isinstance(one, tuple) else one,
)
def test_a_value_that_is_none_is_refused(arguments: tuple[str, ...], words: str) -> None:
    """With what it must be."""
    done = make(*arguments)
    assert done.returncode
    assert words in done.stderr.replace("\n", " ")
