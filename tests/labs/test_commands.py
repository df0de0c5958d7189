"""`make grade` and `make grade-all`, as people call them."""

from __future__ import annotations

import base64
import csv
import json
import os
import shutil
import subprocess
from pathlib import Path

from testbed.settings import ROOT
from tests.labs import solutions

HIDDEN = '''
from grading.criteria import Criterion, same

def probe(attempt):
    """Sees that the answers have an answer."""
    return same("answers", 11, len(attempt.submission.json("answers.json")))

CRITERIA = (Criterion("secret", "A very secret wish", 4, "eleven", "Count them.", probe),)
'''


def make(*words: str) -> subprocess.CompletedProcess[str]:
    """What make says, with both streams in one."""
    unset = ("LAB", "FOLDER", "HIDDEN", "JSON", "HTML")
    environment = {name: text for name, text in os.environ.items() if name not in unset}
    return subprocess.run(
        ["make", *words], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )


def test_a_lab_that_is_none_is_told() -> None:
    """With those that there are, and no emulator is started for that."""
    for words in (("LAB=12",), ()):
        done = make("grade", *words)
        assert 0 != done.returncode
        assert "LAB=1  1-send-an-image" in done.stderr
        assert "Traceback" not in done.stderr


def test_a_folder_that_is_a_file_is_told() -> None:
    """What, where, what next."""
    done = make("grade", "LAB=1", "FOLDER=README.md")
    assert "FOLDER: 'README.md' is a file; name the folder that it is in" in done.stderr


def test_a_comma_too_few_is_told_with_its_line(tmp_path: Path) -> None:
    """And the other file has its points all the same."""
    folder = solutions.lay_out("1", tmp_path / "one", "request-a-comma-too-few")
    done = make("grade", "LAB=1", f"FOLDER={folder}", f"HTML={tmp_path / 'page.html'}")
    assert 'note: request.json:3: no JSON near \'"format": "webp",\'' in done.stdout
    assert "17 of 21 points" in done.stdout


def test_each_format_is_written(tmp_path: Path) -> None:
    """With hidden tests in those that keep them from students."""
    folder = solutions.lay_out("1", tmp_path / "one")
    (tmp_path / "hidden").mkdir()
    (tmp_path / "hidden" / "checks.py").write_text(HIDDEN)
    files = {name: tmp_path / name for name in ("GRADESCOPE", "CLASSROOM", "HTML")}
    done = make(
        "grade",
        *("LAB=1", "JSON=1", f"FOLDER={folder}", f"HIDDEN={tmp_path / 'hidden'}"),
        *(f"{name}={path}" for name, path in files.items()),
    )
    told = json.loads(done.stdout)
    assert (21, 25, "secret") == (told["points"], told["of"], told["criteria"][-1]["id"])
    scope = json.loads(files["GRADESCOPE"].read_text())
    assert (21, "after_published") == (scope["score"], scope["tests"][-1]["visibility"])
    room = json.loads(base64.b64decode(base64.b64encode(files["CLASSROOM"].read_bytes())))
    assert (25, "A hidden test") == (room["max_score"], room["tests"][-1]["name"])
    assert "very secret" not in files["CLASSROOM"].read_text() + files["HTML"].read_text()


def test_a_class_is_graded(tmp_path: Path) -> None:
    """Folders with the files, checkouts, and one with nothing in it."""
    handed_in = tmp_path / "handed-in"
    solutions.lay_out("1", handed_in / "ann")
    solutions.lay_out("1", handed_in / "bob" / "labs" / "1-send-an-image", "every-run-cold")
    (handed_in / "eve").mkdir()
    done = make("grade-all", "LAB=1", f"FOLDER={handed_in}")
    assert 0 == done.returncode, done.stdout + done.stderr  # whatever they got
    into = ROOT / "reports" / "grades" / "lab-1"
    with (into / "grades.csv").open(encoding="utf-8") as file:
        rows = {row["submission"]: row for row in csv.DictReader(file)}
    assert {"ann": "21", "bob": "19", "eve": "0"} == {k: row["points"] for k, row in rows.items()}
    assert ("0", "3") == (rows["bob"]["cold-starts"], rows["bob"]["states"])
    assert "answers.json is not there" in rows["eve"]["notes"]
    assert "19 of 21 points" in (into / "bob.html").read_text()
    shutil.rmtree(into)
