from __future__ import annotations

from pathlib import Path

from localstack_standalone.parity import registry
from tests.support import patches

PACKAGE = Path(registry.__file__).parent
HELPERS = {
    "apigateway.media_types",
    "clock.pauses",
    "stepfunctions.states_failure",
    "stepfunctions.lambda_failures",
}


def test_every_module_is_a_patch_or_a_known_helper() -> None:
    """A patch that is not listed would never be made; one without module would fail late."""
    modules = {f"{path.parent.name}.{path.stem}" for path in PACKAGE.glob("*/[!_]*.py")}
    packages = (path.parent for path in PACKAGE.glob("*/*/__init__.py"))
    modules |= {f"{path.parent.name}.{path.name}" for path in packages}
    assert modules - HELPERS == {patch.path for patch in registry.PATCHES}


def test_names_are_unique() -> None:
    """A switch for two would be a switch for neither."""
    assert len(registry.names()) == len(registry.PATCHES)


def test_every_patch_says_what_both_do_and_has_a_cure() -> None:
    """Each module tells AWS's behaviour and LocalStack's, and has the function `cure`."""
    paths = [patch.path for patch in registry.PATCHES]
    for path, told in patches.imported(str(registry.__package__), "cure", paths).items():
        assert told["callable"], path
        assert "AWS" in told["doc"], path
        assert "LocalStack" in told["doc"], path


def test_the_table_of_differences_has_every_patch() -> None:
    """docs/differences.md names each patch."""
    root = next(parent for parent in PACKAGE.parents if (parent / "docs").is_dir())
    table = (root / "docs" / "differences.md").read_text(encoding="utf-8")
    assert [] == [name for name in sorted(registry.names()) if f"`{name}`" not in table]
