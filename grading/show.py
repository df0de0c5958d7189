"""A grade as people see it: in a terminal, and as a page to hand in."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from rich.table import Table
from rich.text import Text

from grading.marks import MEANT, Grade, Met, in_a_line
from views import theme
from views.markup import Templates

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from markupsafe import Markup

    from grading.criteria import Lab

TEMPLATES: Final = Templates(Path(__file__).parent / "templates")
_COLOURS: Final = {Met.YES: "green", Met.NO: "red", Met.LATE: "red", Met.UNCLEAR: "yellow"}
_SIGNS: Final = {Met.YES: "✓", Met.NO: "✗", Met.LATE: "✗", Met.UNCLEAR: "?"}


def table(grade: Grade) -> Table:
    """Each criterion with its points; what was expected, seen, and a hint where it is not met."""
    made = Table(box=None, pad_edge=False, show_header=False)
    made.add_column(no_wrap=True)
    made.add_column(justify="right", no_wrap=True)
    made.add_column(overflow="fold")
    for mark in grade.marks:
        colour, got = _COLOURS[mark.met], f"{mark.points}/{mark.criterion.points}"
        told = Text(mark.title)
        if mark.met is not Met.YES and not mark.hidden:
            for name, words in told_of(mark.criterion.expected, mark.seen, mark.criterion.hint):
                told.append(f"\n{name:<9}", "dim").append(words)
        made.add_row(Text(_SIGNS[mark.met], colour), Text(got, colour), told)
    return made


def told_of(expected: str, seen: str, hint: str) -> Sequence[tuple[str, str]]:
    """What is said of a criterion that is not met."""
    return (("expected", expected), ("seen", seen), ("hint", hint))


def summary(grade: Grade) -> Text:
    """The whole in a line."""
    colour = "green" if grade.full else "yellow"
    return Text.assemble(
        f"Lab {grade.lab}, {grade.title}: ",
        (f"{grade.points} of {grade.most} points", colour),
        (f"  {grade.seconds:.1f} s", "dim"),
    )


def page(grade: Grade) -> Markup:
    """One HTML file to hand in."""
    return TEMPLATES.render("grade.html", grade=grade, meant=MEANT, signs=_SIGNS, theme=theme)


def index(
    lab: Lab, grades: Sequence[Grade], handed_in: int, page_of: Callable[[Grade], str]
) -> Markup:
    """A page on a whole class: how often each criterion is met, and a line for each submission.

    Args:
        lab: for which lab.
        grades: those that are graded so far.
        handed_in: how many there are in all.
        page_of: the address of a grade's own page.
    """
    met = [{mark.criterion.id for mark in each.marks if mark.met is Met.YES} for each in grades]
    return TEMPLATES.render(
        "class.html",
        lab=lab,
        grades=grades,
        handed_in=handed_in,
        criteria=[(each, sum(each.id in one for one in met)) for each in lab.criteria],
        rows=[(each, page_of(each), missed(each)) for each in grades],
        theme=theme,
    )


def missed(grade: Grade) -> str:
    """What it did not meet, and what is to be said beside that."""
    names = [mark.criterion.id for mark in grade.marks if mark.met is not Met.YES]
    return "; ".join([", ".join(names), *grade.notes]).strip("; ")


def overview(grades: Sequence[Grade]) -> Table:
    """A line for each submission."""
    made = Table("submission", box=None, pad_edge=False)
    made.add_column("points", justify="right")
    made.add_column("seconds", justify="right")
    made.add_column("not met", overflow="fold")
    for grade in grades:
        colour = "green" if grade.full else "yellow" if grade.points else "red"
        made.add_row(
            Text(in_a_line(grade.name)),
            Text(f"{grade.points}/{grade.most}", colour),
            f"{grade.seconds:.1f}",
            Text(missed(grade)),
        )
    return made
