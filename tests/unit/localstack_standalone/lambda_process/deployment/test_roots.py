"""The folders of a version: made once, held while they are used, gone afterwards."""

from __future__ import annotations

import dataclasses
import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

import pytest

from localstack_standalone.lambda_process.deployment.roots import (
    RemovedError,
    Roots,
    RootsByVersion,
)

KEY = "arn/revision"


@dataclasses.dataclass
class Code:
    """What LocalStack has unpacked."""

    folder: Path
    hot: bool = False

    def is_hot_reloading(self) -> bool:
        return self.hot

    def prepare_for_execution(self) -> None:
        """It is there."""

    def get_unzipped_code_location(self) -> Path:
        return self.folder


@dataclasses.dataclass
class Layer:
    code: Code


@pytest.fixture
def roots(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> RootsByVersion:
    """Whose folders go with those of the test run, whatever a test leaves."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path_factory.mktemp("versions")))
    return RootsByVersion()


def tree(folder: Path, **files: str) -> Code:
    for name, text in files.items():
        path = folder / name.replace("__", "/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return Code(folder)


def test_code_and_layers_are_apart(tmp_path: Path, roots: RootsByVersion) -> None:
    """Code at the task root; layers over each other, the last on top; all of it read-only."""
    layers: list[Any] = [
        Layer(tree(tmp_path / "one", python__a="1", python__b="1")),
        Layer(tree(tmp_path / "two", python__b="2")),
    ]
    roots.prepare(KEY, tree(tmp_path / "code", app="x"), layers)
    held = roots.hold(KEY)
    assert held.opt is not None
    assert ["1", "2"] == [(held.opt / "python" / name).read_text() for name in "ab"]
    assert "x" == (held.task / "app").read_text()
    assert not (held.task / "app").stat().st_mode & 0o222
    roots.remove(KEY)
    assert held.task.exists()
    roots.drop(KEY)
    assert not held.home.exists()


def test_a_sandbox_has_them_at_awss_paths(tmp_path: Path, roots: RootsByVersion) -> None:
    """Whoever else is on this machine may not enter them, nor leave bytecode there."""
    layers: list[Any] = [Layer(tree(tmp_path / "one", python__a="1"))]
    roots.prepare(KEY, tree(tmp_path / "code", app="x"), layers, sandboxed=True)
    held = roots.hold(KEY)
    assert [(str(held.task), "/var/task"), (str(held.opt), "/opt")] == held.mounts()
    seen = ["/var/task", "/opt/python/lib/python3.13/site-packages", "/opt/python"]
    assert seen == held.seen().path("python3.13")
    assert 0o700 == held.home.stat().st_mode & 0o777
    assert [("/x", "/var/task")] == dataclasses.replace(held, task=Path("/x"), opt=None).mounts()


def test_links_of_hot_code_lead_somewhere(tmp_path: Path, roots: RootsByVersion) -> None:
    """A sandbox has what the user's own links lead to; a broken one is nothing there either."""
    mine = tree(tmp_path / "mine", app="x").folder
    (mine / "linked").symlink_to(tree(tmp_path / "elsewhere", a="y").folder)
    (mine / "broken").symlink_to(tmp_path / "nowhere")
    roots.prepare(KEY, Code(mine, hot=True), [])
    expected = [
        ("", "/var/task"),
        (str(tmp_path / "elsewhere"), "/var/task/linked"),
        (str(mine / "app"), "/var/task/app"),
    ]
    assert sorted(expected) == sorted(roots.hold(KEY).mounts())


def test_a_link_in_the_code_opens_no_file_elsewhere(tmp_path: Path, roots: RootsByVersion) -> None:
    """Modes are set on what was unpacked, and never through a link."""
    secret = tmp_path / "secret"
    secret.write_text("mine")
    secret.chmod(0o640)
    code = tree(tmp_path / "code", app="x")
    (code.folder / "link").symlink_to(secret)
    roots.prepare(KEY, code, [])
    assert 0o640 == secret.stat().st_mode & 0o777
    roots.remove(KEY)
    assert "mine" == secret.read_text()


def test_hot_code_stays_where_it_is(tmp_path: Path, roots: RootsByVersion) -> None:
    """The user's own folder, to be loaded anew when it changes, and never removed."""
    code = dataclasses.replace(tree(tmp_path / "mine", app="x"), hot=True)
    roots.prepare(KEY, code, [])
    held = roots.hold(KEY)
    assert (code.folder, True) == (held.task, held.hot)
    roots.drop(KEY)
    roots.remove(KEY)
    assert not held.home.exists()
    assert os.access(code.folder / "app", os.W_OK)


def test_a_fork_has_its_own_copy(
    tmp_path: Path, roots: RootsByVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Made before it moved into a copy of its parent's folder: the parent's is not touched."""
    parent, fork, own = tmp_path / "parent", tmp_path / "fork", tmp_path / "own"
    parent.mkdir()
    own.symlink_to(parent)
    monkeypatch.setattr(tempfile, "tempdir", str(own))
    roots.prepare(KEY, tree(tmp_path / "code", app="x"), [])
    shutil.copytree(parent, fork)
    own.unlink()
    own.symlink_to(fork)
    assert fork in roots.hold(KEY).task.parents
    roots.drop(KEY)
    roots.remove(KEY)
    assert ([], 1) == (list(fork.iterdir()), len(list(parent.iterdir())))


def test_a_version_that_was_replaced_is_told_from_a_fault(
    tmp_path: Path, roots: RootsByVersion
) -> None:
    """An invocation may come when its version is just gone."""
    roots.prepare(KEY, Code(tmp_path), [])
    roots.remove(KEY)
    with pytest.raises(RemovedError, match=KEY):
        roots.hold(KEY)


def test_extensions_of_layers_are_found(tmp_path: Path) -> None:
    """Files in /opt/extensions, in order; and a function's /opt is where the layers are."""
    opt = tmp_path / "opt"
    (opt / "extensions" / "folder").mkdir(parents=True)
    for name in "ba":
        (opt / "extensions" / name).touch()
    roots = Roots(tmp_path, tmp_path / "task", opt)
    assert [str(opt / "extensions" / name) for name in "ab"] == roots.extensions(roots)
    seen = Roots(tmp_path, Path("/var/task"), Path("/opt"))
    assert ["/opt/extensions/a", "/opt/extensions/b"] == roots.extensions(seen)
    assert "/opt/wrapper" == seen.place_of("/opt/wrapper")
    assert str(opt / "wrapper") == roots.place_of("/opt/wrapper")
    assert str(tmp_path / "task" / "wrapper") == roots.place_of("/var/task/wrapper")
    assert ["", "/bin/sh"] == [roots.place_of(path) for path in ("", "/bin/sh")]
    bare = Roots(tmp_path, tmp_path / "task", None)
    assert [] == bare.extensions(bare)
