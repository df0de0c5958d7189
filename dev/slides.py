"""`make slides`: the course's slides, made from docs/teaching.md and the labs, as single pages.

Each heading begins a slide. What is long is for the speaker: of a paragraph the first sentence
is shown, the rest is in the notes. A page has all that it needs in it: a memory stick will do.
"""

from __future__ import annotations

import dataclasses
import re
from typing import TYPE_CHECKING, Final

from markdown_it import MarkdownIt
from markupsafe import Markup

from testbed import settings, terminal
from testbed.errors import TestbedError
from views.markup import Templates

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from markdown_it.token import Token

FOLDER: Final = settings.ROOT / "reports" / "slides"
COURSE: Final = settings.ROOT / "docs" / "teaching.md"
LABS: Final = settings.ROOT / "labs"
# Markup in a source is shown as text: what is handed on holds no stranger's scripts.
MARKDOWN: Final = MarkdownIt("commonmark", {"html": False}).enable("table")
_TEMPLATES: Final = Templates(settings.ROOT / "dev" / "templates")
_SENTENCE: Final = re.compile(r"(?<=[.!?:])\s+(?=[A-Z`*\[])")
_SHOWN_CHARACTERS: Final = 160
_DEEPEST: Final = 3


@dataclasses.dataclass
class Slide:
    """One of them.

    Attributes:
        title: as HTML.
        level: of its heading, 1 for the deck's own.
        body: what is shown, as HTML.
        notes: what the speaker has beside, as HTML.
    """

    title: Markup
    level: int
    body: Markup = dataclasses.field(default_factory=Markup)
    notes: Markup = dataclasses.field(default_factory=Markup)


def main() -> None:
    """Write a page for each source, and one that lists them."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    listed = {}
    for source in sources():
        with terminal.step(f"slides of {source.relative_to(settings.ROOT)}"):
            deck = slides(source.read_text(encoding="utf-8"))
            name = page_name(source)
            (FOLDER / name).write_text(page(deck), encoding="utf-8")
            listed[name] = deck[0].title
    index = _TEMPLATES.render("slides_index.html", decks=listed)
    (FOLDER / "index.html").write_text(index, encoding="utf-8")
    terminal.out.print(f"{(FOLDER / 'index.html').relative_to(settings.ROOT)}")


def sources() -> list[Path]:
    """The course, and the labs that there are, in their order."""
    labs = LABS.glob("[0-9]*/README.md")
    return [COURSE, *sorted(labs, key=lambda lab: int(lab.parent.name.partition("-")[0]))]


def page_name(source: Path) -> str:
    """How the page of *source* is called."""
    return "course.html" if source == COURSE else f"lab-{source.parent.name}.html"


def page(deck: list[Slide]) -> str:
    """*deck* as a page that needs nothing else."""
    return str(_TEMPLATES.render("slides.html", slides=deck, title=deck[0].title.striptags()))


def slides(text: str) -> list[Slide]:
    """The slides of the Markdown *text*, one a heading down to the third level.

    Raises:
        TestbedError: it does not begin with a heading.
    """
    deck: list[Slide] = []
    for block in _blocks(MARKDOWN.parse(text)):
        first = block[0]
        level = int(first.tag[1]) if first.type == "heading_open" else 0
        if level and level <= _DEEPEST:
            deck.append(Slide(_inline(block[1].content), level))
        elif not deck:
            raise TestbedError("slides need a source that begins with a heading")
        elif first.type == "paragraph_open":
            shown, spoken = told(block[1].content)
            deck[-1].body += Markup("<p>{}</p>").format(_inline(shown))
            if spoken:
                deck[-1].notes += Markup("<p>{}</p>").format(_inline(spoken))
        else:
            deck[-1].body += _html(block)
    return deck


def told(paragraph: str) -> tuple[str, str]:
    """What of a *paragraph* is shown, and what is only spoken: all of a short one is shown."""
    flat = " ".join(paragraph.split())
    if len(flat) <= _SHOWN_CHARACTERS:
        return flat, ""
    first, *rest = _SENTENCE.split(flat, maxsplit=1)
    return first, "".join(rest)


def _blocks(tokens: list[Token]) -> Iterator[list[Token]]:
    """The tokens of each block of the document."""
    block: list[Token] = []
    depth = 0
    for token in tokens:
        block.append(token)
        depth += token.nesting
        if depth == 0:
            yield block
            block = []


def _html(block: list[Token]) -> Markup:
    return Markup(MARKDOWN.renderer.render(block, MARKDOWN.options, {}))  # noqa: S704 - it escapes


def _inline(text: str) -> Markup:
    return Markup(MARKDOWN.renderInline(text))  # noqa: S704 - it escapes


if __name__ == "__main__":
    terminal.run(main)
