from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from client.submit import Request
from scripts.process import read_arguments
from testbed.errors import TestbedError

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def image(tmp_path: Path) -> Path:
    path = tmp_path / "my picture.png"
    path.touch()
    return path


def test_the_key_is_the_files_name_unless_one_is_given(image: Path) -> None:
    """`make process IMAGE=…` needs nothing more."""
    assert (image, Request(key="my picture.png")) == read_arguments([], {"IMAGE": str(image)})


def test_variables_are_taken_literally(image: Path) -> None:
    """No shell reads them: quotes, dollars and spaces are part of the key."""
    variables = {
        "IMAGE": str(image),
        "KEY": "a b'\"$HOME`.png",
        "SIZE": "64",
        "FORMAT": "webp",
        "MODE": "copy",
    }
    request = Request(key="a b'\"$HOME`.png", size=64, format="webp", mode="copy")
    assert (image, request) == read_arguments([], variables)


def test_arguments_go_before_variables(image: Path) -> None:
    """What stands on the command line is meant."""
    _, request = read_arguments(["--key", "b"], {"IMAGE": str(image), "KEY": "a"})
    assert "b" == request.key


def test_empty_variables_count_as_unset(image: Path) -> None:
    """Make exports every variable of the target, also those that nobody set."""
    variables = {"IMAGE": str(image), "KEY": "", "SIZE": "", "FORMAT": "", "MODE": ""}
    assert Request(key="my picture.png") == read_arguments([], variables)[1]


@pytest.mark.parametrize(
    ("variables", "message"),
    [
        ({}, "which image"),
        ({"IMAGE": "no/such.png"}, "no image file at 'no/such.png'"),
        ({"IMAGE": "/"}, "'/' is a folder; IMAGE is one file$"),
        ({"IMAGE": "samples"}, "'samples' is a folder; IMAGE is one file, such as samples/"),
        ({"IMAGE": "~nobody-of-that-name/a"}, "IMAGE='~nobody-of-that-name/a' is not usable"),
        ({"IMAGE": __file__, "SIZE": "big"}, "SIZE='big' is not usable"),
    ],
)
def test_what_cannot_be_sent_is_named(variables: dict[str, str], message: str) -> None:
    """Before anything is uploaded."""
    with pytest.raises(TestbedError, match=message):
        read_arguments([], variables)
