from __future__ import annotations

import importlib
import inspect
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from localstack_standalone.patching import patch
from localstack_standalone.patching.patch import Patch


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


@pytest.fixture
def cures(package: str, tmp_path: Path) -> str:
    """A package with two patches for `goods`: `first.dearer` and `second.cheaper`."""
    name = f"cures_of_{package}"
    for room, module, price in (("first", "dearer", 2), ("second", "cheaper", 0)):
        folder = tmp_path / name / room
        folder.mkdir(parents=True)
        (folder / "__init__.py").touch()
        (folder / f"{module}.py").write_text(
            f"def cure(module):\n    module.seen = [*getattr(module, 'seen', []), '{module}']\n"
            f"    module.price = lambda: {price}\n"
        )
    (tmp_path / name / "__init__.py").touch()
    return name


def patches(package: str) -> tuple[Patch, ...]:
    goods = f"{package}.goods"
    return Patch("first.dearer", goods), Patch("second.cheaper", goods)


def test_a_module_is_not_loaded_for_its_patch(package: str, cures: str) -> None:
    """Waiting costs nothing: module and patch stay out until someone imports the module."""
    patch.apply(patches(package), {"dearer"}, cures, "cure")
    assert not {f"{package}.goods", f"{cures}.first.dearer"} & set(sys.modules)


def test_who_takes_names_from_a_module_gets_the_patched_ones(package: str, cures: str) -> None:
    """The patch is made before the importing module goes on."""
    patch.apply(patches(package), {"dearer"}, cures, "cure")
    assert 2 == importlib.import_module(f"{package}.till").price()


def test_a_loaded_module_is_patched_at_once(package: str, cures: str) -> None:
    """For what LocalStack imports before hooks run."""
    goods = importlib.import_module(f"{package}.goods")
    patch.apply(patches(package), {"dearer"}, cures, "cure")
    assert 2 == goods.price()


def test_patches_are_made_in_their_order_and_once(package: str, cures: str) -> None:
    """Two may wait for one module; one that is not wanted is not made."""
    patch.apply(patches(package), {"cheaper", "dearer"}, cures, "cure")
    goods = importlib.import_module(f"{package}.goods")
    assert (["dearer", "cheaper"], 0) == (goods.seen, goods.price())


def test_the_module_keeps_its_own_loader(package: str, cures: str) -> None:
    """Source code is found as ever, for tracebacks and inspection."""
    patch.apply(patches(package), {"dearer"}, cures, "cure")
    goods = importlib.import_module(f"{package}.goods")
    assert "price" in inspect.getsource(goods)
    assert goods.__loader__ is not None
    assert not type(goods.__loader__).__module__.startswith("wrapt")


def test_a_patch_that_does_not_fit_fails_the_import(package: str) -> None:
    """An error where its module is wanted, not a silent gap."""
    missing = Patch("none.such", f"{package}.goods")
    patch.apply([missing], {"such"}, package, "cure")
    with pytest.raises(ModuleNotFoundError, match=r"none"):
        importlib.import_module(f"{package}.till")
