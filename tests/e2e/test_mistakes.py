"""Thirty natural mistakes: each answer says what is wrong, where, and what next, in one screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.commands import make

if TYPE_CHECKING:
    from pathlib import Path

    from tests.e2e.client import RunningTestbed

SCREEN_LINES = 24
IMAGE = "IMAGE=samples/club2.png"
NO_TESTBED = "no testbed is up (nothing runs from {folder}); start one with `make up`"
MISTAKES = {
    "a command that is none": (["procces"], "did you mean `make process`?"),
    "a file in place of a command": (["club2.png"], "`make process IMAGE=club2.png` sends it"),
    "a command of another tool": (["deploy"], "`make` alone lists them"),
    "a setting in small letters": (["process", IMAGE, "size=64"], "did you mean SIZE?"),
    "a setting mistyped": (["up", "PROT=4600"], "did you mean PORT?"),
    "a setting of another command": (["up", "SIZE=64"], "it is for `make process`"),
    "a port that is no number": (["up", "PORT=http"], "a number from 1024 to 65535"),
    "a port of the system's": (["up", "PORT=80"], "a number from 1024 to 65535"),
    "a target that is none": (["up", "TARGET=local"], "one of auto, embedded, docker, aws"),
    "a folder of other things": (["up", "TARGET=embedded", "STATE_DIR=docs"], "emulator's folder"),
    "a switch by another word": (["up", "PERSIST=maybe"], "PERSIST"),
    "a size in words": (["process", IMAGE, "SIZE=big"], "a whole number of pixels, 16 to 2048"),
}
DOWN = {
    "an image, nothing up": (["process", IMAGE], "start one with `make up`"),
    "a trace, nothing up": (["trace"], NO_TESTBED),
    "definitions, nothing up": (["provision"], NO_TESTBED),
    "hot reload, nothing up": (["dev"], NO_TESTBED),
    "faults, nothing up": (["fault", "SCENARIO=s3-brownout"], NO_TESTBED),
    "a snapshot, nothing up": (["save", "NAME=lesson-1"], NO_TESTBED),
    "its log, nothing ever up": (["logs"], "no testbed was started yet; `make up`"),
    "how it is, nothing up": (
        ["status"],
        "no testbed is up (state folder {folder}); try `make up`",
    ),
}
UP = {
    "no image": (["process"], "make process IMAGE=samples/club2.png"),
    "an image that is not there": (["process", "IMAGE=club.png"], "no image file at 'club.png'"),
    "a folder of images": (["process", "IMAGE=samples"], "IMAGE is one file, such as samples/club"),
    "a text for an image": (
        ["process", "IMAGE=README.md"],
        "failed at Lambda: UNSUPPORTED_FORMAT: the content is",
    ),
    "a size beyond": (
        ["process", IMAGE, "SIZE=9999"],
        'failed at Lambda: INVALID_REQUEST: "size" must be 16',
    ),
    "a format beyond": (
        ["process", IMAGE, "FORMAT=gif"],
        "one of auto, jpeg, png, webp, not 'gif'",
    ),
    "an execution that is none": (["trace", "ID=nope"], "`make trace` without ID shows the last"),
    "a state that is none": (
        ["test-state", "STATE=Resize"],
        "there are ResizeImage, WasResizeSucc",
    ),
    "JSON with an end missing": (
        ["test-state", "STATE=ResizeImage", 'INPUT={"key":'],
        "INPUT must be JSON, or a file with JSON: Expecting value",
    ),
    "a scenario mistyped": (["fault", "SCENARIO=s3-brown"], "did you mean s3-brownout?"),
}


@pytest.mark.parametrize(("words", "expected"), MISTAKES.values(), ids=MISTAKES)
def test_of_the_command(words: list[str], expected: str, tmp_path: Path) -> None:
    folder = (
        [] if any(word.startswith("STATE_DIR") for word in words) else [f"STATE_DIR={tmp_path}"]
    )
    assert expected in answer(*words, *folder)


@pytest.mark.parametrize(("words", "expected"), DOWN.values(), ids=DOWN)
def test_before_make_up(words: list[str], expected: str, tmp_path: Path) -> None:
    folder = tmp_path / "none"
    assert expected.format(folder=folder) in answer(*words, f"STATE_DIR={folder}")
    assert not folder.exists()


@pytest.mark.parametrize(("words", "expected"), UP.values(), ids=UP)
def test_of_what_is_sent(testbed: RunningTestbed, words: list[str], expected: str) -> None:
    assert expected in answer(*words, f"STATE_DIR={testbed.state_dir}")


def answer(*words: str) -> str:
    """What is on the screen when make has refused: never a traceback."""
    done = make(*words)
    assert 0 != done.returncode
    told = done.stdout + done.stderr
    assert "Traceback" not in told
    return " ".join(" ".join(told.splitlines()[-SCREEN_LINES:]).split())
