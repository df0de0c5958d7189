"""Findings for people, for machines, and for code hosts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from localstack_standalone.lint import report
from localstack_standalone.lint.codes import CODES, ERROR, NOTE, WARNING
from localstack_standalone.lint.finding import Finding

HERE = Path("/project")
ENDPOINT = Finding(HERE / "a b.py", 3, 5, "LS301", "http://localhost is this machine")
NAME = Finding(HERE / "t.yaml", 1, 1, "LS402", "images may be somebody else's")


def test_a_line_has_place_level_code_and_what_to_do() -> None:
    first, mend, *_, summary = report.text([ENDPOINT, NAME], HERE).splitlines()
    assert first.startswith("a b.py:3:5: error LS301: An emulator's address is written down: http")
    assert mend.strip() == CODES["LS301"].mend
    assert summary == "1 error, 1 note"


def test_nothing_found_is_said() -> None:
    assert "nothing found that AWS would take otherwise" == report.text([], HERE)


def test_json_has_what_the_text_has() -> None:
    [told] = json.loads(report.as_json([ENDPOINT], HERE))
    assert ("a b.py", 3, 5, "LS301", "error") == tuple(
        told[name] for name in ("path", "line", "column", "code", "level")
    )
    assert told["mend"] == CODES["LS301"].mend


def test_sarif_has_what_code_scanning_reads() -> None:
    """Version, rules with help, results that point to them and to a place (SARIF 2.1.0)."""
    log = json.loads(report.sarif([ENDPOINT], HERE))
    assert "2.1.0" == log["version"]
    [run] = log["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert list(CODES) == [rule["id"] for rule in rules]
    assert all(rule["help"]["text"] and rule["shortDescription"]["text"] for rule in rules)
    [result] = run["results"]
    assert ("LS301", "error") == (rules[result["ruleIndex"]]["id"], result["level"])
    [place] = result["locations"]
    assert {
        "artifactLocation": {"uri": "a%20b.py"},
        "region": {"startLine": 3, "startColumn": 5},
    } == place["physicalLocation"]


@pytest.mark.parametrize(("findings", "fails"), [([], False), ([NAME], False), ([ENDPOINT], True)])
def test_notes_alone_fail_nothing(findings: list[Finding], *, fails: bool) -> None:
    assert fails == report.fails(findings)


@pytest.mark.parametrize("code", CODES)
def test_a_code_says_why_and_what_to_do(code: str) -> None:
    known = CODES[code]
    assert known.level in (ERROR, WARNING, NOTE)
    assert all(
        text.strip() in report.explained(code) for text in (known.title, known.why, known.mend)
    )
    assert f"## {code}\n" in report.page()
