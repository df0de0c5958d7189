from __future__ import annotations

import importlib
import inspect
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from localstack_standalone.parity.on_import import when_imported


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A package `shop_…` with two modules, of which `till` takes `price` from the other."""
    name = f"shop_{tmp_path.name.replace('-', '_')}"
    (tmp_path / name).mkdir()
    (tmp_path / name / "__init__.py").touch()
    (tmp_path / name / "goods.py").write_text("def price(): return 1\n")
    (tmp_path / name / "till.py").write_text(f"from {name}.goods import price\n")
    monkeypatch.syspath_prepend(tmp_path)
    yield name
    for loaded in [module for module in sys.modules if module.startswith(name)]:
        del sys.modules[loaded]


def _dearer(module: ModuleType) -> None:
    module.__dict__["price"] = lambda: 2


def test_a_module_is_not_loaded_for_its_patch(package: str) -> None:
    """Waiting costs nothing: the module stays out until someone imports it."""
    when_imported(f"{package}.goods", _dearer)
    assert f"{package}.goods" not in sys.modules


def test_who_takes_names_from_a_module_gets_the_patched_ones(package: str) -> None:
    """The callback is done before the importing module goes on."""
    when_imported(f"{package}.goods", _dearer)
    assert 2 == importlib.import_module(f"{package}.till").price()


def test_a_loaded_module_is_patched_at_once(package: str) -> None:
    """For what LocalStack imports before hooks run."""
    goods = importlib.import_module(f"{package}.goods")
    when_imported(f"{package}.goods", _dearer)
    assert 2 == goods.price()


def test_callbacks_run_in_order_and_once(package: str) -> None:
    """Two patches may wait for one module."""
    seen: list[str] = []
    when_imported(f"{package}.goods", lambda _module: seen.append("first"))
    when_imported(f"{package}.goods", lambda _module: seen.append("second"))
    importlib.reload(importlib.import_module(f"{package}.goods"))
    assert ["first", "second"] == seen


def test_the_module_keeps_its_own_loader(package: str) -> None:
    """Source code is found as ever, for tracebacks and inspection."""
    when_imported(f"{package}.goods", lambda _module: None)
    goods = importlib.import_module(f"{package}.goods")
    assert "return 1" in inspect.getsource(goods)
    assert goods.__spec__ is not None
    assert goods.__spec__.loader is goods.__loader__
    assert "on_import" not in type(goods.__loader__).__module__


def test_a_failing_callback_fails_the_import(package: str) -> None:
    """A patch that does not fit is an error where its module is wanted, not a silent gap."""

    def fail(_module: ModuleType) -> None:
        raise AttributeError("no such function")

    when_imported(f"{package}.goods", fail)
    with pytest.raises(AttributeError, match="no such function"):
        importlib.import_module(f"{package}.till")
