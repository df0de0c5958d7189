from __future__ import annotations

import io

from rich.console import Console

from conformance import show
from conformance.check import Check
from conformance.report import CheckResult, Findings, Verdict

HOSTILE = "<script>alert(1)</script> [red]no[/] | `x` ``y``"


def report(*verdicts: Verdict, why: str = HOSTILE) -> Findings:
    results = tuple(
        CheckResult(
            Check("S3", f"thing {n}", "does it", "https://aws.example/x", lambda _: None),
            verdict,
            "" if verdict is Verdict.PASSES else why,
            0.1,
        )
        for n, verdict in enumerate(verdicts)
    )
    return Findings("http://127.0.0.1:1", "2026-01-01T00:00:00+00:00", results)


def printed(what: object) -> str:
    out = io.StringIO()
    Console(file=out, width=200).print(what)
    return out.getvalue()


def test_the_matrix_counts_by_feature() -> None:
    text = printed(show.matrix(report(Verdict.PASSES, Verdict.DIFFERS)))
    assert ["S3", "1", "of", "2", "all", "1", "of", "2"] == text.split()[4:]


def test_what_differs_is_told_with_what_aws_does() -> None:
    """And where that is written; what passes is not."""
    text = printed(show.differences(report(Verdict.PASSES, Verdict.REFUSED)))
    assert "thing 0" not in text
    for part in ("refused", "S3: thing 1", HOSTILE, "AWS: does it", "https://aws.example/x"):
        assert part in text


def test_a_page_has_each_check_and_an_emulators_words_as_text() -> None:
    page = str(show.page(report(Verdict.PASSES, Verdict.HANGS)))
    assert "<script>" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "S3: thing 0" in page
    assert '<a href="https://aws.example/x">' in page


def test_a_source_that_is_no_address_is_no_link() -> None:
    check = Check("S3", "a", "b", "javascript:alert(1)", lambda _: None)
    result = CheckResult(check, Verdict.PASSES, "", 0.1)
    page = str(show.page(Findings("http://127.0.0.1:1", "2026", (result,))))
    assert "href" not in page


def test_several_engines_stand_side_by_side() -> None:
    """A row for each check that differs somewhere, then why, engine by engine."""
    text = show.markdown(
        {
            "one": report(Verdict.PASSES, Verdict.PASSES),
            "two": report(Verdict.PASSES, Verdict.BROKEN, why="`x` ``y``"),
        }
    )
    lines = text.splitlines()
    assert "| S3 | 2 of 2 | 1 of 2 |" in lines
    assert "| S3: thing 1 | passes | broken |" in lines
    assert not any(line.startswith("| S3: thing 0") for line in lines)
    assert lines.index("Every check passes.") < lines.index("### two")
    assert "- **S3: thing 1** (broken): `` `x` ` `y` ` ``" in lines
