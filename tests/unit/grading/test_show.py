from __future__ import annotations

from rich.console import Console

from grading import show
from tests.unit.grading.examples import ALTERED, EVIL, FULL, GRADE


def printed(what: object) -> str:
    console = Console(width=120, force_terminal=False)
    with console.capture() as captured:
        console.print(what)
    return captured.get()


def test_what_is_not_met_is_told_with_a_hint() -> None:
    """And what is met takes one line."""
    text = printed(show.table(GRADE))
    assert "Look at bad." in text
    assert "Look at good." not in text
    assert EVIL in text
    assert "Lab 7, An example: 3 of 9 points" in printed(show.summary(GRADE))


def test_a_hidden_test_is_a_line_without_a_word() -> None:
    """What it is, what it saw: nothing of it."""
    for text in (printed(show.table(GRADE)), str(show.page(GRADE))):
        assert "A hidden test" in text
        assert "secret" not in text
        assert "Look at hidden." not in text


def test_a_page_is_whole_and_escapes() -> None:
    """One file without anything from elsewhere; no script, whatever the submission is."""
    page = str(show.page(GRADE))
    assert EVIL not in page
    assert "&lt;script&gt;" in page
    assert "3 of 9 points" in page
    for word in ("http://", "https://", "src=", "@import", "<script"):
        assert word not in page


def test_a_page_says_why_there_are_no_points() -> None:
    """Before the criteria."""
    page = str(show.page(ALTERED))
    assert "0 of 9 points" in page
    assert "the function was changed while it was graded" in page


def test_the_overview_has_a_line_each() -> None:
    """With what was missed."""
    lines = printed(show.overview([GRADE, FULL])).splitlines()
    assert ["ann", "3/9", "1.5", "bad,", "hidden"] == lines[1].split()
    assert ["bob", "3/3", "0.0"] == lines[2].split()
