"""What goes into a bundle, what it says of itself, and that it comes out the same again."""

from __future__ import annotations

import os
import platform
import tarfile
from pathlib import Path

import pytest

from dev import bundle
from testbed import bundled, settings
from testbed.errors import TestbedError
from tests.support import clones

LOCK = """\
# comment
boto3==1.2.3 \\
    --hash=sha256:aaaa
    # via -r x.in
moto-ext[all]==5.1.24 \\
    --hash=sha256:bbbb
Pillow==13.0.0 \\
    --hash=sha256:cccc
"""


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository with a file, a program and a link, and two commits."""
    folder = tmp_path / "re po"
    folder.mkdir()
    clones.git(folder, "init", "--quiet", "--initial-branch=main")
    (folder / "file").write_text("before")
    clones.git(folder, "add", "--all")
    clones.commit(folder)
    (folder / "file").write_text("text")
    (folder / "program").write_text("#!/bin/sh\n")
    (folder / "program").chmod(0o755)
    (folder / "link").symlink_to("file")
    clones.git(folder, "add", "--all")
    clones.commit(folder)
    return folder


def _checked_out(repository: Path, folder: Path) -> Path:
    bundle.check_out(repository, clones.git(repository, "rev-parse", "HEAD").strip(), folder)
    return folder


def test_the_pins_of_a_lock_are_read() -> None:
    """Extras are the resolver's business: what they bring is pinned as well."""
    assert [("boto3", "1.2.3"), ("moto-ext", "5.1.24"), ("Pillow", "13.0.0")] == bundle.pins(LOCK)


def test_each_lock_of_this_checkout_is_read_whole() -> None:
    """A line that names a package is one pin."""
    for lock in (settings.ROOT / "requirements").glob("*.lock"):
        text = lock.read_text(encoding="utf-8")
        named = [line for line in text.splitlines() if "==" in line and not line.startswith(" ")]
        assert len(named) == len(bundle.pins(text)) > 0, lock


def test_a_lock_is_of_the_files_that_are_there(tmp_path: Path) -> None:
    """Whichever way names are written, and one hash for each wheel, no other."""
    wheels = tmp_path / "wheels"
    wheels.mkdir()
    names = [
        "boto3-1.2.3-py3-none-any.whl",
        "moto_ext-5.1.24-py3-none-any.whl",
        "pillow-13.0.0-cp313-cp313-manylinux_2_28_x86_64.whl",
        "pillow-13.0.0-cp313-cp313-manylinux_2_28_aarch64.whl",
        "pillow-12.0.0-cp313-cp313-manylinux_2_28_x86_64.whl",
    ]
    for name in names:
        (wheels / name).write_text(name)
    lock = tmp_path / "a.lock"
    lock.write_text(LOCK)
    bundle.write_locks({"sub/a.lock": lock}, wheels, tmp_path / "locks")
    boto3, moto, pillow = (tmp_path / "locks/sub/a.lock").read_text().splitlines()
    assert f"boto3==1.2.3 --hash=sha256:{bundled.digest(wheels / names[0])}" == boto3
    assert f"moto-ext==5.1.24 --hash=sha256:{bundled.digest(wheels / names[1])}" == moto
    assert {bundled.digest(wheels / name) for name in names[2:4]} == {
        word.removeprefix("--hash=sha256:") for word in pillow.split()[1:]
    }


def test_a_package_without_a_wheel_is_named(tmp_path: Path) -> None:
    """Nothing is packed that could not be installed."""
    (tmp_path / "wheels").mkdir()
    lock = tmp_path / "a.lock"
    lock.write_text(LOCK)
    with pytest.raises(TestbedError, match=r"a\.lock names boto3==1\.2\.3, of which there"):
        bundle.write_locks({"a.lock": lock}, tmp_path / "wheels", tmp_path / "locks")


@pytest.mark.parametrize(
    ("wheels", "needed"),
    [
        (["a-1-py3-none-any.whl"], ""),
        (["a-1-cp313-abi3-manylinux_2_34_x86_64.whl"], "2.34"),
        # The older of its two tags is enough.
        (["a-1-cp313-cp313-manylinux_2_17_x86_64.manylinux_2_28_x86_64.whl"], "2.17"),
        # 9 is before 28; another processor's counts for nothing here.
        (
            [
                "a-1-cp313-cp313-manylinux_2_9_x86_64.whl",
                "b-1-cp313-cp313-manylinux_2_28_x86_64.whl",
                "b-1-cp313-cp313-manylinux_2_39_aarch64.whl",
            ],
            "2.28",
        ),
    ],
)
def test_the_glibc_that_is_needed_is_the_newest_of_all(
    wheels: list[str], needed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each wheel runs with the oldest that it names."""
    monkeypatch.setattr(platform, "machine", lambda: "x86_64")
    assert needed == bundle.glibc(wheels)


def test_what_is_not_committed_is_refused(repository: Path) -> None:
    """A class is to know what it has."""
    bundle.refuse_uncommitted(repository)
    (repository / "new.txt").write_text("")
    with pytest.raises(TestbedError, match=r"commit or stash first:\n  \?\? new\.txt"):
        bundle.refuse_uncommitted(repository)


def test_the_checkout_is_a_repository_of_its_commit(repository: Path, tmp_path: Path) -> None:
    """Clean, with the modes and links of its files, and without the way to this machine."""
    made = _checked_out(repository, tmp_path / "made")
    assert clones.git(repository, "rev-parse", "HEAD") == clones.git(made, "rev-parse", "HEAD")
    assert "1\n" == clones.git(made, "rev-list", "--count", "HEAD")
    assert "" == clones.git(made, "status", "--porcelain")
    assert os.access(made / "program", os.X_OK)
    assert Path("file") == (made / "link").readlink()
    told = [path for path in (made / ".git").rglob("*") if path.is_file()]
    assert not [path for path in told if str(repository).encode() in path.read_bytes()]


def test_the_same_commit_gives_the_same_bytes(repository: Path, tmp_path: Path) -> None:
    """Whoever packs it, whenever."""
    archives: list[Path] = []
    for name in ("one", "two"):
        folder = _checked_out(repository, tmp_path / name / "x")
        os.utime(folder / "file", (len(archives), len(archives)))
        path = tmp_path / f"{name}.tar.gz"
        bundle.write_archive(folder, path, date_s=1_700_000_000)
        archives.append(path)
    assert archives[0].read_bytes() == archives[1].read_bytes()
    with tarfile.open(archives[0]) as packed:
        entries = packed.getmembers()
    assert {("", "", 0, 0, 1_700_000_000)} == {
        (one.uname, one.gname, one.uid, one.gid, int(one.mtime)) for one in entries
    }
    assert sorted(one.name for one in entries) == [one.name for one in entries]


def test_a_python_of_uvs_is_carried(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The newest; the machine's own cannot be moved and is not."""
    monkeypatch.setenv("UV_PYTHON_INSTALL_DIR", str(tmp_path / "uv"))
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path / "pyenv"))
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    for home in ("bin/..", "pyenv/versions/3.13.4"):
        _python(tmp_path / home)
    assert bundle.carried("3.13") is None
    for patch in (9, 11):
        _python(tmp_path / "uv" / f"cpython-3.13.{patch}-linux-x86_64-gnu")
    found = bundle.carried("3.13")
    assert found is not None
    assert "cpython-3.13.11-linux-x86_64-gnu" == found.name


def _python(home: Path) -> None:
    path = home / "bin" / "python3.13"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("")
    path.chmod(0o755)
