"""LocalStack's names for what LocalEmu has: modules, what is in them, entry points, variables.

One module under two names: what is patched by the one is patched by the other.
"""

from __future__ import annotations

import functools
import importlib
import sys
from collections.abc import Callable, MutableMapping, Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType
from typing import Any, Final

import wrapt

ORIGINAL: Final = "localstack"
FORK: Final = "localemu"
# The same name as a module's, a text's, a class's, and a constant's or a variable's.
SPELLINGS: Final = {
    FORK: ORIGINAL,
    "LocalEmu": "LocalStack",
    "Localemu": "Localstack",
    "LOCALEMU": "LOCALSTACK",
}
# Modules that LocalEmu has elsewhere.
MOVED: Final = {
    f"{FORK}.services.stepfunctions.backend.store": f"{FORK}.services.stepfunctions.backend.models"
}


def install() -> None:
    """From here on LocalStack's names lead to LocalEmu, also those of patches that wait."""
    sys.meta_path[:0] = [Originals(), Forks()]
    register = wrapt.register_post_import_hook

    def renamed(hook: Callable[[ModuleType], Any] | str, name: str) -> None:
        register(hook, forks_name(name))

    wrapt.register_post_import_hook = renamed


def forks_name(name: str) -> str:
    """What LocalEmu calls a module; the *name* of what is not LocalStack's as it is."""
    if not _is_below(name, ORIGINAL):
        return name
    renamed = FORK + name.removeprefix(ORIGINAL)
    return MOVED.get(renamed, renamed)


def entry_points(index: dict[str, list[Any]]) -> None:
    """Offer to LocalEmu what the installed packages offer to LocalStack: groups of entry points."""
    for group in list(index):
        renamed = forks_name(group)
        if renamed != group:
            index[renamed] = [*index.get(renamed, []), *index[group]]


def originals_name(name: str) -> str:
    """What LocalStack calls *name*, of a class, a constant, a variable or a module."""
    return functools.reduce(lambda text, pair: text.replace(*pair), SPELLINGS.items(), name)


def variables(environ: MutableMapping[str, str]) -> None:
    """Give LocalEmu each variable of LocalStack's by its own name, where that says nothing."""
    for name, text in list(environ.items()):
        if name.startswith("LOCALSTACK_"):
            environ.setdefault(name.replace("LOCALSTACK_", "LOCALEMU_", 1), text)


class Originals(MetaPathFinder, Loader):
    """Finds LocalStack's modules: they are LocalEmu's."""

    def find_spec(
        self, fullname: str, _path: Sequence[str] | None, _target: ModuleType | None = None, /
    ) -> ModuleSpec | None:
        """Whatever is called as LocalStack's are; None for all else."""
        return ModuleSpec(fullname, self) if _is_below(fullname, ORIGINAL) else None

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        """Import LocalEmu's module."""
        module = importlib.import_module(forks_name(spec.name))
        spec.loader_state = module.__spec__
        return module

    def exec_module(self, module: ModuleType) -> None:
        """It has run already, and stays what it is."""
        alias = module.__spec__
        module.__spec__ = alias.loader_state if alias else None


class Forks(MetaPathFinder):
    """Finds LocalEmu's modules, and has each known by LocalStack's names as soon as it has run."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None, /
    ) -> ModuleSpec | None:
        """LocalEmu's module as Python finds it; None for all else."""
        spec = PathFinder.find_spec(fullname, path, target) if _is_below(fullname, FORK) else None
        if spec and spec.loader:
            run = spec.loader.exec_module

            def exec_module(module: ModuleType) -> None:
                run(module)
                _know(module)

            spec.loader.exec_module = exec_module  # type: ignore[method-assign]
        return spec


def _know(module: ModuleType) -> None:
    sys.modules.setdefault(originals_name(module.__name__), module)
    names = vars(module)
    for name in list(names):
        names.setdefault(originals_name(name), names[name])


def _is_below(name: str, package: str) -> bool:
    return name == package or name.startswith(f"{package}.")
