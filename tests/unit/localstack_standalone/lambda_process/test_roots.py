"""The folders of a version: made once, held while they are used, gone afterwards."""

from __future__ import annotations

import dataclasses
import os
import uuid
from pathlib import Path
from typing import Any

import pytest

from localstack_standalone.lambda_process import roots


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
def key() -> str:
    return uuid.uuid4().hex


def tree(folder: Path, **files: str) -> Code:
    for name, text in files.items():
        path = folder / name.replace("__", "/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return Code(folder)


def test_code_and_layers_are_apart(tmp_path: Path, key: str) -> None:
    """Code at the task root; layers over each other, the last on top; all of it read-only."""
    layers: list[Any] = [
        Layer(tree(tmp_path / "one", python__a="1", python__b="1")),
        Layer(tree(tmp_path / "two", python__b="2")),
    ]
    roots.prepare(key, tree(tmp_path / "code", app="x"), layers)
    held = roots.hold(key)
    assert held.opt is not None
    assert ["1", "2"] == [(held.opt / "python" / name).read_text() for name in "ab"]
    assert "x" == (held.task / "app").read_text()
    assert not (held.task / "app").stat().st_mode & 0o222
    roots.remove(key)
    assert held.task.exists()
    roots.drop(key)
    assert not held.home.exists()


def test_a_link_in_the_code_opens_no_file_elsewhere(tmp_path: Path, key: str) -> None:
    """Modes are set on what was unpacked, and never through a link."""
    secret = tmp_path / "secret"
    secret.write_text("mine")
    secret.chmod(0o640)
    code = tree(tmp_path / "code", app="x")
    (code.folder / "link").symlink_to(secret)
    roots.prepare(key, code, [])
    assert 0o640 == secret.stat().st_mode & 0o777
    roots.remove(key)
    assert "mine" == secret.read_text()


def test_hot_code_stays_where_it_is(tmp_path: Path, key: str) -> None:
    """The user's own folder, to be loaded anew when it changes, and never removed."""
    code = dataclasses.replace(tree(tmp_path / "mine", app="x"), hot=True)
    made = roots.prepare(key, code, [])
    assert (code.folder, True) == (made.task, made.hot)
    roots.remove(key)
    assert os.access(code.folder / "app", os.W_OK)
