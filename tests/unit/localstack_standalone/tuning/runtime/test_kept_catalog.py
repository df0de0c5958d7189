from __future__ import annotations

import json
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from localstack_standalone.tuning.runtime import kept_catalog

NAME = "service-catalog-4_14_0-1_42_54.dill"
INDEX = {"services": ["s3"]}
GIVES_NAME = "_get_catalog_filename"


class Spec:
    """What LocalStack's module does with its catalogue, as far as that is concerned."""

    def __init__(self, folder: Path) -> None:
        self.built = 0
        module: Any = ModuleType("spec")
        module.config = SimpleNamespace(dirs=SimpleNamespace(static_libs=str(folder / "static")))
        setattr(module, GIVES_NAME, lambda: NAME)
        module.load_service_index_cache = lambda file: json.loads(Path(file).read_bytes())
        module.build_service_index_cache = self.build
        self.module = module

    def name(self) -> str:
        """The index's file, or its name alone."""
        given: str = getattr(self.module, GIVES_NAME)()
        return given

    def build(self, file: str) -> Any:
        self.built += 1
        Path(file).write_bytes(json.dumps(INDEX).encode())
        return INDEX


@pytest.fixture
def prefix(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "environment"
    folder.mkdir()
    monkeypatch.setattr(sys, "prefix", str(folder))
    return folder


@pytest.fixture
def spec(tmp_path: Path, prefix: Path) -> Spec:
    made = Spec(tmp_path)
    kept_catalog.tune(made.module)
    return made


def test_it_is_built_beside_the_interpreter(spec: Spec, prefix: Path) -> None:
    file = Path(spec.name())
    assert file.parent.parent == prefix
    assert spec.module.build_service_index_cache(str(file)) == INDEX
    assert spec.module.load_service_index_cache(str(file)) == INDEX
    assert [file] == list(file.parent.iterdir())


def test_it_appears_whole(spec: Spec) -> None:
    """Another emulator that starts meanwhile finds all of it or none."""
    file = Path(spec.name())
    seen: list[bool] = []
    build = spec.build

    def watched(name: str) -> Any:
        made = build(name)
        seen.append(file.exists())
        return made

    spec.module.build_service_index_cache = watched
    kept_catalog.tune(spec.module)
    spec.module.build_service_index_cache(str(file))
    assert [False] == seen
    assert file.exists()


def test_one_that_cannot_be_read_is_built_anew(spec: Spec) -> None:
    file = Path(spec.name())
    file.write_bytes(b"torn")
    assert spec.module.load_service_index_cache(str(file)) == INDEX
    assert json.loads(file.read_bytes()) == INDEX


def test_one_of_the_image_is_used(spec: Spec, tmp_path: Path) -> None:
    (tmp_path / "static").mkdir()
    (tmp_path / "static" / NAME).write_bytes(json.dumps(INDEX).encode())
    assert spec.name() == NAME


def test_nothing_is_kept_where_nothing_can_be_written(
    spec: Spec, prefix: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "prefix", str(prefix / "a-file" / "below"))
    (prefix / "a-file").touch()
    assert spec.name() == NAME
