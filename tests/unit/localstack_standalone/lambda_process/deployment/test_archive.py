"""Archives from strangers: what is unpacked, and what is refused."""

from __future__ import annotations

import io
import os
import stat
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from localstack_standalone.lambda_process.deployment import archive
from localstack_standalone.lambda_process.deployment.archive import UnsafeArchiveError

Entry = tuple[str, bytes, int]
FILE, LINK, FOLDER = stat.S_IFREG | 0o644, stat.S_IFLNK | 0o777, stat.S_IFDIR | 0o755


def zipped(*entries: Entry) -> io.BytesIO:
    """An archive of (name, content, mode)."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, content, mode in entries:
            info = zipfile.ZipInfo(name)
            info.create_system, info.external_attr = 3, mode << 16
            opened.writestr(info, content)
    buffer.seek(0)
    return buffer


def unpacked(folder: Path) -> dict[str, str]:
    """What lies in *folder*: contents, and where links lead to."""
    found = {}
    for path in sorted(folder.rglob("*")):
        name = str(path.relative_to(folder))
        if path.is_symlink():
            found[name] = f"-> {path.readlink()}"
        elif path.is_file():
            found[name] = path.read_text()
    return found


def test_files_folders_and_links_are_unpacked(tmp_path: Path) -> None:
    """Links that stay inside are links still: wheels and node_modules have them."""
    made = zipped(
        ("app.py", b"x", FILE),
        ("lib/", b"", FOLDER),
        ("lib/a/b.py", b"y", FILE),
        ("lib/same.py", b"a/b.py", LINK),
        ("./bin/up", b"../lib/a", LINK),
        ("dangling", b"nothing/here", LINK),
    )
    archive.check(made)
    archive.unpack(made, tmp_path)
    assert {
        "app.py": "x",
        "bin/up": "-> ../lib/a",
        "dangling": "-> nothing/here",
        "lib/a/b.py": "y",
        "lib/same.py": "-> a/b.py",
    } == unpacked(tmp_path)
    assert "y" == (tmp_path / "bin" / "up" / "b.py").read_text()


def test_whoever_runs_it_can_read_it(tmp_path: Path) -> None:
    """Whatever modes the archive has: a worker is another user."""
    archive.unpack(zipped(("d/app.py", b"x", stat.S_IFREG | 0o600)), tmp_path)
    modes = [stat.S_IMODE(path.stat().st_mode) for path in (tmp_path, *tmp_path.rglob("*"))]
    assert [0o755, 0o755, 0o644] == modes


def test_a_program_is_what_the_archive_says(tmp_path: Path) -> None:
    """A file that nobody may run in the archive cannot be run here, as on AWS."""
    program, text = stat.S_IFREG | 0o700, stat.S_IFREG | 0o664
    archive.unpack(zipped(("bootstrap", b"x", program), ("text", b"x", text)), tmp_path)
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()}
    assert {"bootstrap": 0o755, "text": 0o644} == modes


def test_of_two_with_a_name_the_last_counts(tmp_path: Path) -> None:
    """As zip tools have it."""
    with pytest.warns(UserWarning, match="Duplicate"):
        made = zipped(("a", b"1", FILE), ("a", b"2", FILE))
    archive.unpack(made, tmp_path)
    assert {"a": "2"} == unpacked(tmp_path)


@pytest.mark.parametrize(
    "entries",
    [
        [("/etc/evil", b"x", FILE)],
        [("../evil", b"x", FILE)],
        [("a/../../evil", b"x", FILE)],
        [("evil", b"/etc/passwd", LINK)],
        [("evil", b"../outside", LINK)],
        [("a/evil", b"../../outside", LINK)],
        [("d", b".", LINK), ("d2", b"d/..", LINK)],
        [("a/b/up", b"..", LINK), ("x", b"a/b/up/../../y", LINK)],
        [("l", b"dir", LINK), ("l/x", b"x", FILE)],
        [("l", b"elsewhere", LINK), ("l/x/y", b"x", FILE), ("elsewhere/z", b"", FILE)],
        [("f", b"x", FILE), ("f/x", b"x", FILE)],
        [("loop", b"loop", LINK)],
        [("a", b"b", LINK), ("b", b"a", LINK)],
        [("nothing", b"", LINK)],
        [("pipe", b"", stat.S_IFIFO | 0o644)],
        [("disk", b"", stat.S_IFBLK | 0o644)],
        [("n" * 300, b"x", FILE)],
    ],
    ids=lambda entries: " ".join(name[:20] for name, _, _ in entries),
)
@pytest.mark.parametrize("does", [archive.check, None], ids=["check", "unpack"])
def test_what_would_reach_out_is_refused(
    tmp_path: Path, entries: list[Entry], does: Callable[[io.BytesIO], None] | None
) -> None:
    """Before anything is written outside, and by the check as by the unpacking."""
    inside = tmp_path / "inside"
    inside.mkdir()
    (tmp_path / "outside").write_text("mine")
    with pytest.raises(UnsafeArchiveError):
        (does or (lambda made: archive.unpack(made, inside)))(zipped(*entries))
    assert {"outside": "mine"} == {
        name: text for name, text in unpacked(tmp_path).items() if not name.startswith("inside/")
    }


def test_a_damaged_archive_is_refused() -> None:
    """A wrong checksum, or half a file."""
    made = bytearray(zipped(("a", os.urandom(1000), FILE)).getvalue())
    made[200] ^= 0xFF
    with pytest.raises(UnsafeArchiveError, match="damaged"):
        archive.check(io.BytesIO(bytes(made)))


def test_a_bomb_is_counted_while_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever its headers say of its size, also over several files."""
    monkeypatch.setattr(archive, "LONGEST_TOTAL_BYTES", 1000)
    archive.check(zipped(("a", b"x" * 500, FILE), ("b", b"x" * 500, FILE)))
    with pytest.raises(UnsafeArchiveError, match="larger"):
        archive.check(zipped(("a", b"x" * 500, FILE), ("b", b"x" * 501, FILE)))


def test_a_layer_does_not_write_through_the_link_of_another(tmp_path: Path) -> None:
    """What was there under the name gives way."""
    below, above, merged = tmp_path / "below", tmp_path / "above", tmp_path / "merged"
    for folder in (below, above, merged):
        folder.mkdir()
    (below / "kept").mkdir()
    (below / "kept" / "mine.py").write_text("mine")
    (below / "python").symlink_to("kept")
    (below / "same").symlink_to("kept/mine.py")
    (above / "python").mkdir()
    (above / "python" / "mine.py").write_text("theirs")
    (above / "same").symlink_to("python/mine.py")
    archive.merge(below, merged)
    archive.merge(above, merged)
    assert {
        "kept/mine.py": "mine",
        "python/mine.py": "theirs",
        "same": "-> python/mine.py",
    } == unpacked(merged)
