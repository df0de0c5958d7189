"""The table of functions that others wrote says of each what its test holds it to."""

from __future__ import annotations

import ast
import re

from testbed.settings import ROOT

TEXT = (ROOT / "plugin" / "README.md").read_text(encoding="utf-8")
TABLE = TEXT.partition("## Functions that others wrote\n")[2].partition("\n## ")[0]
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in TABLE.splitlines()
    if line.startswith("| ") and not line.startswith("| sample")
]
ELSEWHERE = {"test_custom_runtimes"}


def written() -> set[str]:
    """The names of all tests of samples."""
    files = (ROOT / "tests" / "samples").glob("test_*.py")
    trees = (ast.parse(file.read_text(encoding="utf-8")) for file in files)
    functions = (node for tree in trees for node in tree.body if isinstance(node, ast.FunctionDef))
    return {node.name for node in functions if node.name.startswith("test_")}


def test_every_sample_has_its_row() -> None:
    """And no row is of one that is gone."""
    folders = {path.name for path in (ROOT / "tests" / "samples").iterdir() if path.is_dir()}
    named = {row[0].strip("`") for row in ROWS} - {"-"}
    assert folders - {"__pycache__"} == named


def test_every_row_has_its_test() -> None:
    """And every test of samples is in a row."""
    named = [set(re.findall(r"`(test_[a-z_]+)`", row[4])) for row in ROWS]
    assert all(named)
    assert written() | ELSEWHERE == set().union(*named)


def test_enough_of_them_run() -> None:
    """What does not, says why."""
    refused = [row for row in ROWS if "**does not run**" in row[3]]
    assert len(ROWS) - len(refused) > 30
    assert all("**does not run**: " in row[3] for row in refused)
