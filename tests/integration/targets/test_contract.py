"""The targets that need no Docker keep the protocol; tests/docker does the same with the third."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import pytest

from testbed.settings import Settings
from tests.support import target_contract


@pytest.mark.parametrize("name", ["embedded", "aws"])
def test_it_keeps_the_protocol(name: Literal["embedded", "aws"], tmp_path: Path) -> None:
    """Started, found, asked, kept, stopped: in the same words as every other."""
    target_contract.holds(Settings(name, port=None, state_dir=tmp_path / "state dir"))
