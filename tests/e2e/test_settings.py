"""Settings as a person gives them, to make itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.commands import make


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
        (("up", "TARGET=embedded", "STATE_DIR=tests"), "no emulator's folder"),
    ],
    ids=lambda one: " ".join(one) if isinstance(one, tuple) else one,
)
def test_a_value_that_is_none_is_refused(arguments: tuple[str, ...], words: str) -> None:
    """With what it must be."""
    done = make(*arguments)
    assert done.returncode
    assert words in done.stderr.replace("\n", " ")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("up", "SIZE=64"), "SIZE means nothing to `make up`; it is for `make process`"),
        (("process", "TUNING=off"), "TUNING means nothing to `make process`"),
        (("check", "QUICK=1"), "QUICK means nothing to `make check`; it is for `make bench`"),
        (("doctor", "IMAGE=a.png"), "IMAGE means nothing to `make doctor`"),
        (("down", "FOLLOW=1"), "FOLLOW means nothing to `make down`; it is for `make logs`"),
        (("format", "N=1"), "N means nothing to `make format`; it is for `make load-test`"),
    ],
    ids=lambda one: " ".join(one) if isinstance(one, tuple) else one,
)
def test_a_setting_of_another_command_is_refused(arguments: tuple[str, ...], words: str) -> None:
    """It would be ignored; in the environment or in .env it may wait for that command."""
    done = make(*arguments)
    assert 2 == done.returncode
    assert words in done.stderr


def test_a_value_arrives_as_it_was_typed(tmp_path: Path) -> None:
    """Neither make nor a shell reads it: a file's name from somewhere else must run nothing."""
    odd = 'bob\'s "a" $HOME $(shell id) `id` \\ # [red] ü.png'
    done = make("process", f"IMAGE={odd}", f"STATE_DIR={tmp_path}")
    assert f"there is no image file at {odd!r}" in done.stderr


@pytest.mark.parametrize("setting", ["REPORT", "SECONDS"])
def test_no_shell_reads_a_value(tmp_path: Path, setting: str) -> None:
    """What a recipe is given is no part of its text."""
    trap = tmp_path / "trap"
    command = {"REPORT": "test", "SECONDS": "fuzz"}[setting]
    done = make("--dry-run", command, f"{setting}=; touch {trap} #")
    assert str(trap) not in done.stdout
