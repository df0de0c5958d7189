"""Which slides a source makes, and what of it is shown."""

from __future__ import annotations

import pytest

from dev import slides
from testbed.errors import TestbedError

SOURCE = """\
# A *course*

It is short.

## First

One sentence is shown. {long} And `code` in the third one.

- a point
- another

### Deeper

```sh
make demo <now>
```

#### Not a slide

| a | b |
|---|---|
| 1 | <script>alert(1)</script> |
""".format(long="The second one goes on and on, " * 8 + "and ends.")


def test_each_heading_down_to_the_third_level_is_a_slide() -> None:
    """What stands below it is on it."""
    deck = slides.slides(SOURCE)
    assert ["A <em>course</em>", "First", "Deeper"] == [slide.title for slide in deck]
    assert [1, 2, 3] == [slide.level for slide in deck]
    assert "<li>another</li>" in deck[1].body
    assert "<h4>Not a slide</h4>" in deck[2].body
    assert "<table>" in deck[2].body


def test_of_a_long_paragraph_the_first_sentence_is_shown() -> None:
    """The rest is for the speaker; of a short one all is shown."""
    first, second, _ = slides.slides(SOURCE)
    assert first.body == "<p>It is short.</p>"
    assert "" == first.notes
    assert "<p>One sentence is shown.</p>" in second.body
    assert "goes on" not in second.body
    assert "goes on" in second.notes
    assert "<code>code</code>" in second.notes


@pytest.mark.parametrize(
    ("paragraph", "shown"),
    [
        ("Short. Both are shown.", "Short. Both are shown."),
        ("Version 3.13 is wanted " + "x" * 200 + ". Then more.", "Version 3.13 is wanted xxx"),
        ("No end " + "x" * 200, "No end xxx"),
    ],
)
def test_a_sentence_ends_where_another_begins(paragraph: str, shown: str) -> None:
    """A point in a number ends none."""
    assert slides.told(paragraph)[0].startswith(shown)
    assert " ".join(filter(None, slides.told(paragraph))) == paragraph


def test_markup_of_a_source_is_text() -> None:
    """What a lab's author writes runs nowhere."""
    page = slides.page(slides.slides(SOURCE))
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "make demo &lt;now&gt;" in page
    assert 1 == page.count("<script>")


def test_a_page_asks_nobody() -> None:
    """It works from a memory stick, in a room without network."""
    page = slides.page(slides.slides(SOURCE))
    assert "default-src 'none'" in page
    for asked in ("src=", "@import", "url(", "<link"):
        assert asked not in page


def test_a_source_without_a_heading_is_refused() -> None:
    with pytest.raises(TestbedError, match="begins with a heading"):
        slides.slides("Only words.")


def test_the_course_has_its_four_sessions() -> None:
    """The page that is there, as it is."""
    deck = slides.slides(slides.COURSE.read_text(encoding="utf-8"))
    sessions = [slide.title for slide in deck if slide.title.startswith("Session")]
    assert ["Session 1", "Session 2", "Session 3", "Session 4"] == [
        title.partition(":")[0] for title in sessions
    ]


def test_labs_come_in_their_order() -> None:
    """The tenth behind the ninth; each has a page of its own name."""
    names = [slides.page_name(source) for source in slides.sources()]
    assert "course.html" == names[0]
    assert len(names) == len(set(names))
    numbers = [int(name.split("-")[1]) for name in names[1:]]
    assert sorted(numbers) == numbers
