"""Findings as people, machines and code hosts read them."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from localstack_standalone import __version__
from localstack_standalone.lint.codes import CODES, NOTE, LintCode
from localstack_standalone.lint.finding import Finding

SARIF: Final = "https://json.schemastore.org/sarif-2.1.0.json"


def fails(findings: Sequence[Finding]) -> bool:
    """Whether any is more than a note."""
    return any(CODES[each.code].level != NOTE for each in findings)


def text(findings: Sequence[Finding], folder: Path) -> str:
    """Each with its place and what to do, as editors and terminals find it; then how many."""
    told = [
        f"{_shown(each.path, folder)}:{each.line}:{each.column}: {CODES[each.code].level}"
        f" {each.code}: {CODES[each.code].title}: {each.message}\n    {CODES[each.code].mend}"
        for each in findings
    ]
    count = Counter(CODES[each.code].level for each in findings)
    summary = ", ".join(f"{number} {level}{'s' * (number > 1)}" for level, number in count.items())
    return "\n".join([*told, summary or "nothing found that AWS would take otherwise"])


def as_json(findings: Sequence[Finding], folder: Path) -> str:
    """A list of objects."""
    return json.dumps(
        [
            {
                "path": _shown(each.path, folder),
                "line": each.line,
                "column": each.column,
                "code": each.code,
                "level": CODES[each.code].level,
                "title": CODES[each.code].title,
                "message": each.message,
                "mend": CODES[each.code].mend,
            }
            for each in findings
        ],
        indent=2,
    )


def sarif(findings: Sequence[Finding], folder: Path) -> str:
    """A log in SARIF 2.1.0 (OASIS), which GitHub's code scanning takes."""
    order = list(CODES)
    driver = {
        "name": "localstack-standalone",
        "version": __version__,
        "rules": [_rule(code, CODES[code]) for code in order],
    }
    results = [
        {
            "ruleId": each.code,
            "ruleIndex": order.index(each.code),
            "level": CODES[each.code].level,
            "message": {"text": f"{CODES[each.code].title}: {each.message}"},
            "locations": [
                {
                    "physicalLocation": {
                        "artifactLocation": {"uri": quote(_shown(each.path, folder))},
                        "region": {"startLine": each.line, "startColumn": each.column},
                    }
                }
            ],
        }
        for each in findings
    ]
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    return json.dumps({"$schema": SARIF, "version": "2.1.0", "runs": [run]}, indent=2)


def explained(code: str) -> str:
    """What *code* means, why, and what to do."""
    known = CODES[code]
    return f"{code} ({known.level}): {known.title}\n\n{known.why}\n\n{known.mend}"


def page() -> str:
    """All codes as a page of Markdown."""
    parts = [
        f"## {code}\n\n**{known.title}** ({known.level})\n\n{known.why}\n\n"
        f"To mend it: {known.mend}\n"
        for code, known in CODES.items()
    ]
    return "\n".join(parts)


def _rule(code: str, known: LintCode) -> dict[str, Any]:
    return {
        "id": code,
        "name": known.name,
        "shortDescription": {"text": known.title},
        "fullDescription": {"text": known.why},
        "help": {"text": f"{known.why} {known.mend}", "markdown": f"{known.why}\n\n{known.mend}"},
        "defaultConfiguration": {"level": known.level},
    }


def _shown(path: Path, folder: Path) -> str:
    return path.relative_to(folder).as_posix() if path.is_relative_to(folder) else path.as_posix()
