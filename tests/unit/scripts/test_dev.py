from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from infra import package
from infra.resources import state_machine
from scripts import dev
from testbed.errors import ProvisioningError


@pytest.fixture(autouse=True)
def copies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A function and a definition that a test may break."""
    monkeypatch.setattr(
        package, "SOURCE", Path(shutil.copytree(package.SOURCE, tmp_path / "lambda"))
    )
    definition = Path(shutil.copy(state_machine.DEFINITION, tmp_path))
    monkeypatch.setattr(state_machine, "DEFINITION", definition)
    return tmp_path


def test_files_that_are_well_are_taken() -> None:
    """Nothing is said of them."""
    dev.check()


def test_a_syntax_error_is_told_before_anything_is_switched(copies: Path) -> None:
    """With its file and line, as Python has them."""
    file = copies / "lambda" / "image_resize" / "handler.py"
    file.write_text(f"{file.read_text()}\ndef broken(:\n")
    line = len(file.read_text().splitlines())
    with pytest.raises(ProvisioningError, match=rf"handler\.py:{line}: no Python at"):
        dev.check()


def test_a_comma_too_few_in_the_definition_is_told(copies: Path) -> None:
    """In the words of `make provision`, which would refuse it later."""
    file = copies / state_machine.DEFINITION.name
    file.write_text(file.read_text().replace(",", "", 1))
    with pytest.raises(ProvisioningError, match=r"asl\.json:\d+: no JSON at .*delimiter"):
        dev.check()
