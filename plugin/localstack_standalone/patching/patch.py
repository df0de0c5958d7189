"""Patches that wait for their module: services load when first used, which keeps a start short."""

from __future__ import annotations

import dataclasses
import functools
import importlib
import logging
from collections.abc import Collection, Iterable
from types import ModuleType

import wrapt

LOG = logging.getLogger(__name__)


@dataclasses.dataclass(frozen=True)
class Patch:
    """What is done to modules of LocalStack as soon as they are imported.

    Attributes:
        path: of the module that does it, below the package of its kind: ``service.name``.
        module: the module that it gets.
        others: further modules that it gets, each when it is imported.
    """

    path: str
    module: str
    others: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """What a switch calls it."""
        return self.path.rpartition(".")[2]


def apply(patches: Iterable[Patch], wanted: Collection[str], package: str, function: str) -> None:
    """Have the *wanted* ones of *patches* made: at once where a module is loaded already.

    Who imports a module gets it patched, and gets the error if that fails.

    Args:
        patches: in the order in which they are made.
        wanted: names.
        package: that their modules lie below.
        function: of such a module; it is called with the module to patch.
    """
    for patch in patches:
        if patch.name in wanted:
            for module in (patch.module, *patch.others):
                make = functools.partial(_make, f"{package}.{patch.path}", function)
                wrapt.register_post_import_hook(make, module)


def _make(path: str, function: str, module: ModuleType) -> None:
    getattr(importlib.import_module(path), function)(module)
    LOG.debug("%s patched %s", path, module.__name__)
