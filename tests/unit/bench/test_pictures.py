from pathlib import Path

from bench import pictures


def test_the_files_are_the_same_at_each_run(tmp_path: Path) -> None:
    """Figures of two runs can be compared."""
    folders = [tmp_path / "one", tmp_path / "two"]
    for folder in folders:
        folder.mkdir()
    one, two = (
        [path.read_bytes() for path in pictures.make(folder, (640, 480))] for folder in folders
    )
    assert one == two
