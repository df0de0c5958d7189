"""The page Run, drawn without a browser, and what its form sends."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from console.pages import run
from console.pages.run import Form
from testbed.errors import TestbedError
from tests.support.shown import read

if TYPE_CHECKING:
    from console.watch import WatchedTestbed


def test_only_what_was_chosen_is_sent() -> None:
    """The function has its own defaults for the rest."""
    chosen = Form(key="a.png", content=b"1", size=" 100 ", format="webp").job()
    assert {"key": "a.png", "size": 100, "format": "webp"} == json.loads(chosen.body)
    assert {"key": "a.png"} == json.loads(Form(key="a.png").job().body)


def test_a_size_that_is_no_whole_number_is_not_sent() -> None:
    """The person is told what was read."""
    with pytest.raises(TestbedError, match=r"'12\.5' is not a whole number"):
        Form(key="a.png", size="12.5").job()


def test_a_sample_is_chosen_from_the_start(watch: WatchedTestbed) -> None:
    """Whoever opens the page can send at once; the others are there to be chosen."""
    shown = read(lambda: run.draw(watch))
    assert "club2.png, 204 kB" in shown.text
    assert 1 == shown.values("aria-pressed").count("true")
    assert "/samples/moon.gif" in shown.values("src")
