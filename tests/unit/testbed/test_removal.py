from __future__ import annotations

from pathlib import Path

from testbed import removal


def test_what_is_known_goes_and_what_is_not_stays(tmp_path: Path) -> None:
    """By name and pattern; what was left is told."""
    for name in ("a.log", "b.log", "mine.txt"):
        (tmp_path / name).touch()
    assert [tmp_path / "mine.txt"] == removal.known(tmp_path, ["*.log"])
    assert ["mine.txt"] == [path.name for path in tmp_path.iterdir()]


def test_a_folder_that_is_empty_then_goes_too(tmp_path: Path) -> None:
    """Nothing of ours stays behind."""
    folder = tmp_path / "state"
    (folder / "deep" / "er").mkdir(parents=True)
    assert [] == removal.known(folder, ["deep"])
    assert not folder.exists()


def test_a_folder_that_is_not_there_leaves_nothing(tmp_path: Path) -> None:
    """A removal can be repeated."""
    assert [] == removal.known(tmp_path / "gone", ["*"])


def test_no_link_is_followed(tmp_path: Path) -> None:
    """Neither the folder's own nor one within it: what they lead to is somebody's."""
    theirs, folder = tmp_path / "theirs", tmp_path / "state"
    theirs.mkdir()
    (theirs / "kept").touch()
    folder.mkdir()
    (folder / "cache").symlink_to(theirs)
    assert [] == removal.known(folder, ["cache"])
    (tmp_path / "link").symlink_to(theirs)
    assert [tmp_path / "link"] == removal.known(tmp_path / "link", ["*"])
    assert (theirs / "kept").exists()
