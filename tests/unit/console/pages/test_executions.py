"""The page Executions, drawn without a browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

from console.pages import executions
from tests.support.shown import read

if TYPE_CHECKING:
    from console.watch import WatchedTestbed
    from tests.support.fake_step_functions import StepFunctions


def test_each_execution_has_a_line(watch: WatchedTestbed, sfn: StepFunctions) -> None:
    """Status in symbol and word, key and name, and a link to its page."""
    sfn.start("some name", '{"key": "club2.png"}', "TIMED_OUT")
    shown = read(lambda: executions.draw(watch))
    assert "◷ TIMED OUT" in shown.text
    assert "club2.png some name" in shown.text
    assert "/executions/some%20name" in shown.values("href")
    assert "1 execution, page 1 of 1" in shown.text


def test_no_more_than_a_page_is_drawn(watch: WatchedTestbed, sfn: StepFunctions) -> None:
    """And only its keys are asked for."""
    for number in range(executions.ROWS + 1):
        sfn.start(f"number-{number}-")
    shown = read(lambda: executions.draw(watch))
    assert f"{executions.ROWS + 1} executions, page 1 of 2" in shown.text
    assert "number-0-" not in shown.text
    assert executions.ROWS == len(sfn.described)


def test_an_empty_list_says_what_to_do(watch: WatchedTestbed) -> None:
    """It is no dead end."""
    assert "Send an image on the page Run" in read(lambda: executions.draw(watch)).text
