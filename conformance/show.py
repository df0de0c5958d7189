"""A report as people see it: tables in a terminal, a page, and Markdown for several engines."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from rich.table import Table
from rich.text import Text

from conformance.report import MEANINGS, Verdict
from views import theme
from views.markup import Templates

if TYPE_CHECKING:
    from collections.abc import Mapping

    from markupsafe import Markup

    from conformance.report import FeatureLine, Findings

TEMPLATES: Final = Templates(Path(__file__).parent / "templates")
COLOURS: Final = {
    Verdict.PASSES: "green",
    Verdict.DIFFERS: "yellow",
    Verdict.REFUSED: "red",
    Verdict.HANGS: "red",
    Verdict.BROKEN: "red",
}


def matrix(report: Findings) -> Table:
    """How many checks of each feature pass."""
    table = Table("feature", box=None, pad_edge=False)
    table.add_column("as on AWS", justify="right")
    for line in report.features:
        style = "green" if line.passes == line.checks else "yellow" if line.passes else "red"
        table.add_row(line.feature, Text(count(line), style))
    return table


def differences(report: Findings) -> Table:
    """Each check that does not pass, what AWS does, and what was seen."""
    table = Table(box=None, pad_edge=False, show_header=False)
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for each in report.results:
        if each.verdict is not Verdict.PASSES:
            name = f"{each.check.feature}: {each.check.name}"
            why = Text.assemble(each.why, "\n", (f"AWS: {each.check.aws}\n", "dim"))
            why.append(each.check.source, "dim")
            table.add_row(Text(each.verdict.value, COLOURS[each.verdict]), Text(name), why)
    return table


def page(report: Findings) -> Markup:
    """All of it as one HTML file."""
    return TEMPLATES.render(
        "report.html", report=report, count=count, meanings=MEANINGS, theme=theme
    )


def markdown(reports: Mapping[str, Findings]) -> str:
    """Tables of several engines' *reports*, by the engines' names: features, then what differs."""
    names, all_reports = list(reports), list(reports.values())
    lines = [
        _row(["feature", *names]),
        _row(["---", *("---:" for _ in names)]),
        *(
            _row([rows[0].feature, *(count(row) for row in rows)])
            for rows in zip(*(each.features for each in all_reports), strict=True)
        ),
        "",
        _row(["check", *names]),
        _row(["---", *("---" for _ in names)]),
        *(
            _row([f"{same[0].check.feature}: {same[0].check.name}", *(r.verdict for r in same)])
            for same in zip(*(each.results for each in all_reports), strict=True)
            if any(r.verdict is not Verdict.PASSES for r in same)
        ),
    ]
    for name, report in reports.items():
        failed = [each for each in report.results if each.verdict is not Verdict.PASSES]
        lines += ["", f"### {name}", ""]
        lines += [
            f"- **{each.check.feature}: {each.check.name}** ({each.verdict}): {_code(each.why)}"
            for each in failed
        ] or ["Every check passes."]
    return "\n".join(lines) + "\n"


def count(line: FeatureLine) -> str:
    """Such as ``21 of 22``."""
    return f"{line.passes} of {line.checks}"


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _code(text: str) -> str:
    """*text* of an emulator as Markdown shows it, whatever it says."""
    fence = "``" if "`" in text else "`"
    inner = text.replace("``", "` `")
    return f"{fence}{' ' if fence == '``' else ''}{inner}{' ' if fence == '``' else ''}{fence}"
