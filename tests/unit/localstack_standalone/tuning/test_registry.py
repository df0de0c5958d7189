from __future__ import annotations

from pathlib import Path

import pytest

from localstack_standalone.patching import switch
from localstack_standalone.tuning import registry
from localstack_standalone.tuning.registry import Option
from testbed import settings
from tests.support import patches

PACKAGE = Path(registry.__file__).parent


def test_every_module_is_a_tuning() -> None:
    """One that is not listed would never be made."""
    modules = {f"{path.parent.name}.{path.stem}" for path in PACKAGE.glob("*/[!_]*.py")}
    assert modules == {patch.path for patch in registry.PATCHES}


@pytest.mark.parametrize("name", sorted(registry.names()))
def test_a_tuning_is_in_the_decision_record(name: str) -> None:
    """What is patched, and what for, is written down."""
    record = settings.ROOT / "docs" / "decisions" / "0006-tuning.md"
    assert f"`{name}`" in record.read_text(encoding="utf-8")


def test_every_tuning_says_what_it_saves() -> None:
    """Each module tells what LocalStack does and has the function `tune`."""
    paths = [patch.path for patch in registry.PATCHES]
    for path, told in patches.imported(str(registry.__package__), "tune", paths).items():
        assert told["callable"], path
        assert "LocalStack" in told["doc"], path


@pytest.mark.parametrize(
    ("setting", "wanted"), [("off", set()), ("all", set(Option)), ("log_batches", {"log_batches"})]
)
def test_options_are_switched_as_patches_are(setting: str, wanted: set[str]) -> None:
    """One setting names both."""
    assert wanted == switch.wanted(setting, registry.names(), name="TUNING") & set(Option)
