"""When a worker is a fork of its zygote, and when it has to be a new interpreter."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from localstack_standalone.lambda_process import guest


@pytest.fixture
def worker(monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    """The guest's module, imported as the zygote does: by its folder."""
    monkeypatch.syspath_prepend(next(iter(guest.__path__)))
    import _lambda_worker  # type: ignore[import-not-found]  # noqa: PLC0415

    monkeypatch.setattr(sys, "platform", "linux")
    yield _lambda_worker
    for name in _lambda_worker.OWN_MODULES:
        sys.modules.pop(name, None)


def spec(**wanted: Any) -> dict[str, Any]:
    return {"fork": True, "preload": "", "environment": {}, "path": [], "mounts": [], **wanted}


def test_a_fork_will_do(worker: ModuleType, tmp_path: Path) -> None:
    """For a function that brings what the zygote does not have."""
    (tmp_path / "module_of_its_own.py").write_text("")
    assert not worker.must_exec(spec(path=[str(tmp_path), str(tmp_path / "missing")]))


@pytest.mark.parametrize(
    "wanted",
    [
        {"fork": False},
        {"preload": "import debugpy"},
        {"environment": {"PYTHONHASHSEED": "0"}},
        {"environment": {"LD_PRELOAD": "x"}},
    ],
)
def test_what_counts_at_an_interpreters_start_has_one(
    worker: ModuleType, wanted: dict[str, Any]
) -> None:
    """A debugger, a variable that is read once, or a tuning that is off."""
    assert worker.must_exec(spec(**wanted))


def test_a_sandboxs_own_variables_are_the_zygotes(worker: ModuleType) -> None:
    """It was started with them: a fork sees them too. Others, and other values, it does not."""
    at_aws = {"PYTHONPATH": "/var/runtime", "LD_LIBRARY_PATH": worker.root.LIBRARY_PATH}
    mounts = [("/home/task", "/var/task")]
    assert not worker.must_exec(spec(environment=at_aws, mounts=mounts))
    assert worker.must_exec(spec(environment=at_aws))
    assert worker.must_exec(spec(environment={"PYTHONPATH": "/opt"}, mounts=mounts))


def test_a_module_of_the_functions_goes_before_the_zygotes(
    worker: ModuleType, tmp_path: Path
) -> None:
    """A fork would have the other, imported already."""
    (tmp_path / "json.py").write_text("")
    (tmp_path / "logging").mkdir()
    assert {"json", "logging"} == worker.shadows([str(tmp_path)])
    assert worker.must_exec(spec(path=[str(tmp_path)]))
