from __future__ import annotations

import json

import pytest

from conformance.check import Check
from conformance.report import (
    WHY_CHARACTERS,
    CheckResult,
    FeatureLine,
    Findings,
    Verdict,
    in_a_line,
)


def result(feature: str, verdict: Verdict = Verdict.PASSES, why: str = "") -> CheckResult:
    check = Check(feature, "a thing", "does it", "https://aws.example", lambda _: None)
    return CheckResult(check, verdict, why, 0.5)


def report(*results: CheckResult) -> Findings:
    return Findings("http://127.0.0.1:1", "2026-01-01T00:00:00+00:00", results)


def test_a_feature_has_a_line_with_what_passes() -> None:
    """In the order of the checks, and one for all."""
    found = report(result("S3"), result("Lambda"), result("S3", Verdict.HANGS)).features
    assert [FeatureLine("S3", 1, 2), FeatureLine("Lambda", 1, 1), FeatureLine("all", 2, 3)] == found


@pytest.mark.parametrize("verdict", [each for each in Verdict if each is not Verdict.PASSES])
def test_one_that_does_not_pass_is_enough(verdict: Verdict) -> None:
    assert report(result("S3")).passes
    assert not report(result("S3"), result("S3", verdict)).passes


def test_nothing_checked_is_nothing_passed() -> None:
    assert not report().passes


def test_all_of_it_is_json() -> None:
    told = json.loads(json.dumps(report(result("S3", Verdict.DIFFERS, "so")).as_json()))
    assert told["passes"] is False
    assert [
        {"feature": "S3", "passes": 0, "checks": 1},
        {"feature": "all", "passes": 0, "checks": 1},
    ] == told["features"]
    assert {
        "feature": "S3",
        "name": "a thing",
        "verdict": "differs",
        "why": "so",
        "seconds": 0.5,
        "aws": "does it",
        "source": "https://aws.example",
    } == told["checks"][0]


def test_an_emulators_words_are_one_line_without_controls() -> None:
    """Nothing of them moves a cursor, and none fills a screen."""
    assert "a b [31m c" == in_a_line("a\n\nb\x1b[31m\tc")
    long = in_a_line("x" * 10_000)
    assert WHY_CHARACTERS == len(long)
    assert long.endswith(" …")
