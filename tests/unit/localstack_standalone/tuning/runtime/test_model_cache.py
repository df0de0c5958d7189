from __future__ import annotations

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import ModuleType
from typing import Any

import botocore.loaders
import pytest

from localstack_standalone.tuning.runtime import model_cache

LOADERS = 8


class Watched(botocore.loaders.ExtrasProcessor):
    """Merges as botocore does, and sees whether two do so at once."""

    def __init__(self) -> None:
        self.together = 0
        self._busy = threading.Lock()
        self._other = threading.Barrier(2, timeout=0.2)

    def process(self, original_model: Any, extra_models: Any) -> None:
        if not self._busy.acquire(blocking=False):
            self.together += 1
            return
        try:
            self._other.wait()  # gives another loader the time to come in
        except threading.BrokenBarrierError:
            self._other.reset()
        super().process(original_model, extra_models)
        self._busy.release()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A service with a model and extras."""
    home = tmp_path / "shop" / "2026-01-01"
    home.mkdir(parents=True)
    (home / "service-2.json").write_text(json.dumps({"shapes": {"Tea": {"type": "string"}}}))
    extras = {"version": 1.0, "merge": {"shapes": {"Tea": {"documentation": "hot"}}}}
    (home / "service-2.sdk-extras.json").write_text(json.dumps(extras))
    return tmp_path


@pytest.fixture
def tuned() -> Any:
    """Botocore's loaders, tuned; the real ones stay as they are."""
    module: Any = ModuleType("loaders")
    module.JSONFileLoader = type("JSONFileLoader", (botocore.loaders.JSONFileLoader,), {})
    module.Loader = type("Loader", (botocore.loaders.Loader,), {})
    model_cache.tune(module)
    return module


def loader(tuned: Any, folder: Path) -> Any:
    made = tuned.Loader(file_loader=tuned.JSONFileLoader(), include_default_search_paths=False)
    made.search_paths.append(str(folder))
    return made


def test_a_file_is_read_once_for_all_loaders(tuned: Any, folder: Path) -> None:
    """They share what was read, its extras included."""
    first, second = loader(tuned, folder), loader(tuned, folder)
    model = first.load_service_model("shop", "service-2")
    assert model is second.load_service_model("shop", "service-2")
    assert {"type": "string", "documentation": "hot"} == model["shapes"]["Tea"]


def test_extras_are_merged_by_one_loader_at_a_time(tuned: Any, folder: Path) -> None:
    """The model is shared, and merging writes to it."""
    watched = Watched()
    loaders = [loader(tuned, folder) for _ in range(LOADERS)]
    for each in loaders:
        each._extras_processor = watched  # noqa: SLF001 - botocore makes its own
    with ThreadPoolExecutor(LOADERS) as pool:
        list(pool.map(lambda each: each.load_service_model("shop", "service-2"), loaders))
    assert 0 == watched.together
