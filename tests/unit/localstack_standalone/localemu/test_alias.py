from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import wrapt
from wrapt.importer import ImportHookFinder

from localstack_standalone.localemu import alias

FILES = {
    "localemu/__init__.py": "",
    "localemu/config.py": "LOCALEMU_HOST = 'here'\nEDGE = 1\n",
    "localemu/runtime/__init__.py": "",
    "localemu/runtime/hooks.py": "class LocalemuHook: pass\ndef run(): return 'LocalEmu'\n",
    "localemu/services/__init__.py": "",
    "localemu/services/stepfunctions/__init__.py": "",
    "localemu/services/stepfunctions/backend/__init__.py": "",
    "localemu/services/stepfunctions/backend/models.py": "STORE = {}\n",
}


@pytest.fixture(autouse=True)
def fork(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A small LocalEmu that can be imported, by LocalStack's names too; nothing of it stays."""
    for name, text in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    # At its first hook wrapt puts a finder there, once: among what is put back, it would be lost to
    # all tests that come later in this process.
    wrapt.register_post_import_hook(lambda _module: None, "a module that nobody imports")
    waiting = [one for one in sys.meta_path if isinstance(one, ImportHookFinder)]
    others = [one for one in sys.meta_path if one not in waiting]
    monkeypatch.setattr(sys, "meta_path", others)
    monkeypatch.setattr(wrapt, "register_post_import_hook", wrapt.register_post_import_hook)
    alias.install()
    sys.meta_path[:0] = waiting  # as in an emulator, whose patches come later
    yield
    for name in [name for name in sys.modules if name.split(".")[0] in ("localstack", "localemu")]:
        del sys.modules[name]


def test_a_module_has_both_names() -> None:
    """It is one: what is patched by the one name is patched by the other."""
    hooks = importlib.import_module("localstack.runtime.hooks")
    assert importlib.import_module("localemu.runtime.hooks") is hooks
    hooks.run = lambda: "patched"  # type: ignore[attr-defined]
    assert "patched" == sys.modules["localemu.runtime.hooks"].run()
    assert "localemu.runtime.hooks" == hooks.__name__


def test_what_the_fork_imports_is_known_by_the_other_name() -> None:
    """Without anybody asking for it: this plugin looks modules up that are loaded already."""
    module = importlib.import_module("localemu.config")
    assert module is sys.modules["localstack.config"]


def test_what_is_in_it_has_both_names() -> None:
    """Classes and constants bear the product's name, too."""
    assert "here" == importlib.import_module("localstack.config").LOCALSTACK_HOST
    hooks = importlib.import_module("localstack.runtime.hooks")
    assert hooks.LocalemuHook is hooks.LocalstackHook


def test_a_module_that_has_moved_is_found() -> None:
    store = importlib.import_module("localstack.services.stepfunctions.backend.store")
    assert importlib.import_module("localemu.services.stepfunctions.backend.models") is store


def test_a_module_that_is_nowhere_is_an_error() -> None:
    """It names what is missing."""
    with pytest.raises(ModuleNotFoundError, match=r"localemu\.none"):
        importlib.import_module("localstack.none")


def test_a_patch_waits_by_localstacks_name() -> None:
    """It is made when the fork imports the module."""
    patched: list[str] = []
    wrapt.register_post_import_hook(lambda m: patched.append(m.__name__), "localstack.config")
    assert [] == patched
    importlib.import_module("localemu.config")
    assert ["localemu.config"] == patched


def test_entry_points_are_offered_to_the_fork() -> None:
    """Beside its own; those of others stay as they are."""
    index = {"localstack.hooks": [1], "localemu.hooks": [2], "console_scripts": [3]}
    alias.entry_points(index)
    assert {
        "localstack.hooks": [1],
        "localemu.hooks": [2, 1],
        "console_scripts": [3],
    } == index


def test_variables_are_given_by_the_forks_name() -> None:
    """One that was set by that name stays."""
    environ = {"LOCALSTACK_HOST": "a", "LOCALSTACK_VOLUME_DIR": "b", "LOCALEMU_VOLUME_DIR": "c"}
    alias.variables(environ)
    assert ("a", "c") == (environ["LOCALEMU_HOST"], environ["LOCALEMU_VOLUME_DIR"])


@pytest.mark.parametrize("name", ["localstacks", "localstack_standalone.status", "json"])
def test_other_names_are_left_alone(name: str) -> None:
    assert name == alias.forks_name(name)
    assert alias.Originals().find_spec(name, None) is None
