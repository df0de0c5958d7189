"""What the editor draws into a definition."""

from __future__ import annotations

from console import definition_editor
from views.definition_text import DefinitionText, LineMistake

TEXT = '{"States": {\n "A": {"Type": "Pass",\n "n": 1}}}'


def test_the_lines_of_the_chosen_state_are_marked() -> None:
    """All of them, and no others; none where none is chosen."""
    text = DefinitionText(TEXT)
    marked = definition_editor.marks(text, [], "A")
    assert [2, 3] == [one["line"] for one in marked if one.get("class") == "of-state"]
    for selected in (None, "gone"):
        marked = definition_editor.marks(text, [], selected)
        assert [] == [one for one in marked if one.get("class") == "of-state"]


def test_a_mistake_stands_below_its_line() -> None:
    """Behind the line's last character, with a symbol that is no colour."""
    mistakes = [LineMistake(2, "bad"), LineMistake(3, "odd", "WARNING", "C")]
    drawn = definition_editor.marks(DefinitionText(TEXT), mistakes, None)
    widgets = [one for one in drawn if one["kind"] == "widget"]
    assert [
        (TEXT.index(",\n") + 1, "✗ bad", "mistake error"),
        (len(TEXT), "⚠ odd (C)", "mistake warning"),
    ] == [(one["position"], one["text"], one["class"]) for one in widgets]
    assert [(2, "has-error"), (3, "has-warning")] == [
        (one["line"], one["class"]) for one in drawn if one["kind"] == "line"
    ]


def test_tokens_are_coloured_where_they_are() -> None:
    """In a text that is no JSON, too; a very long one stays plain."""
    marks = definition_editor.marks(DefinitionText('{"a": 1'), [], None)
    assert [(1, 4, "k"), (6, 7, "n")] == [
        (one["from"], one["to"], one["class"]) for one in marks if one["kind"] == "mark"
    ]
    long = "1\n" * definition_editor.MOST_COLOURED
    assert [] == definition_editor.marks(DefinitionText(long), [], None)
