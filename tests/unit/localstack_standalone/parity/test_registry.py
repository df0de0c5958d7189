from __future__ import annotations

import ast
from pathlib import Path

import pytest

from localstack_standalone.parity import registry

PACKAGE = Path(registry.__file__).parent
HELPERS = {"__init__", "media_types", "on_import", "plugin", "registry", "switch"}


def test_every_module_is_a_patch_or_a_known_helper() -> None:
    """A patch that is not listed would never be made; one without module would fail late."""
    modules = {path.stem for path in PACKAGE.glob("*.py")}
    assert modules - HELPERS == registry.names()


def test_names_are_unique() -> None:
    """A switch for two would be a switch for neither."""
    assert len(registry.names()) == len(registry.PATCHES)


@pytest.mark.parametrize("patch", registry.PATCHES, ids=lambda patch: patch.name)
def test_a_patch_says_what_both_do_and_has_a_cure(patch: registry.Patch) -> None:
    """Each module tells AWS's behaviour and LocalStack's, and has the function `cure`."""
    module = ast.parse((PACKAGE / f"{patch.name}.py").read_text(encoding="utf-8"))
    told = ast.get_docstring(module) or ""
    assert "AWS" in told
    assert "LocalStack" in told
    assert "cure" in {node.name for node in module.body if isinstance(node, ast.FunctionDef)}


def test_the_table_of_differences_has_every_patch() -> None:
    """docs/differences.md names each patch."""
    root = next(parent for parent in PACKAGE.parents if (parent / "docs").is_dir())
    table = (root / "docs" / "differences.md").read_text(encoding="utf-8")
    assert [] == [name for name in sorted(registry.names()) if f"`{name}`" not in table]
