from __future__ import annotations

import io
import os
import zipfile
from pathlib import Path

import pytest

from grading import submission
from grading.submission import Submission, SubmissionError


@pytest.fixture
def handed_in(tmp_path: Path) -> Submission:
    return Submission(tmp_path)


def test_a_comma_too_few_is_told_with_its_line(handed_in: Submission) -> None:
    """The commonest mistake of all."""
    (handed_in.folder / "a.json").write_text('{\n  "a": 1\n  "b": 2\n}\n')
    with pytest.raises(SubmissionError, match=r"a\.json:3: no JSON near '\"b\": 2'"):
        handed_in.json("a.json")


@pytest.mark.parametrize("text", ["", "{", "[1,"])
def test_an_end_too_soon_is_told(text: str, handed_in: Submission) -> None:
    """There is no line to show."""
    (handed_in.folder / "a.json").write_text(text)
    with pytest.raises(SubmissionError, match="at the end of the file"):
        handed_in.json("a.json")


def test_what_is_nested_without_end_is_refused(handed_in: Submission) -> None:
    """And ends nobody's process."""
    (handed_in.folder / "a.json").write_text("[" * 200_000)
    with pytest.raises(SubmissionError):
        handed_in.json("a.json")


def test_no_text_is_refused(handed_in: Submission) -> None:
    """Another encoding is told with its place."""
    (handed_in.folder / "a.vtl").write_bytes(b"ab\xff")
    with pytest.raises(SubmissionError, match="UTF-8 at byte 2"):
        handed_in.text("a.vtl")


def test_a_missing_file_is_named(handed_in: Submission) -> None:
    """With what to do."""
    with pytest.raises(SubmissionError, match=r"a\.json is not there; the lab's README"):
        handed_in.json("a.json")


@pytest.mark.parametrize("trap", ["link", "folder", "pipe", "above"])
def test_only_plain_files_of_the_folder_are_read(trap: str, tmp_path: Path) -> None:
    """No link out of it, and nothing that blocks."""
    (tmp_path / "secret").write_text("secret")
    folder = tmp_path / "handed-in"
    folder.mkdir()
    name = "a.json"
    if trap == "link":
        (folder / name).symlink_to(tmp_path / "secret")
    elif trap == "folder":
        (folder / name).mkdir()
    elif trap == "pipe":
        os.mkfifo(folder / name)
    else:
        name = "../secret"
    with pytest.raises(SubmissionError):
        Submission(folder).text(name)


def test_a_file_without_end_is_refused(
    handed_in: Submission, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before it is read whole."""
    monkeypatch.setattr(submission, "MOST_BYTES", 3)
    (handed_in.folder / "a").write_bytes(b"abcd")
    with pytest.raises(SubmissionError, match="more than"):
        handed_in.text("a")


def test_a_folder_becomes_a_zip(handed_in: Submission) -> None:
    """With what is below it, and without what Python left there."""
    for name in ("f/app.py", "f/inner/more.py", "f/__pycache__/app.pyc", "beside.py"):
        (handed_in.folder / name).parent.mkdir(parents=True, exist_ok=True)
        (handed_in.folder / name).write_text("pass")
    with zipfile.ZipFile(io.BytesIO(handed_in.zipped("f/"))) as archive:
        assert ["app.py", "inner/more.py"] == archive.namelist()


def test_a_folder_of_too_many_files_is_refused(
    handed_in: Submission, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A virtual environment that was handed in along, say."""
    monkeypatch.setattr(submission, "MOST_FILES", 1)
    (handed_in.folder / "f").mkdir()
    for name in ("a.py", "b.py"):
        (handed_in.folder / "f" / name).write_text("pass")
    with pytest.raises(SubmissionError, match="more than 1 files"):
        handed_in.zipped("f/")


def test_all_problems_are_told_at_once(handed_in: Submission) -> None:
    """A student mends them in one go."""
    (handed_in.folder / "a.json").write_text("{")
    (handed_in.folder / "c.vtl").write_text("")
    found = handed_in.problems(("a.json", "b.json", "c.vtl", "function/"))
    assert ["a.json:1", "b.json", "function/"] == [each.split(": ")[0].split()[0] for each in found]
