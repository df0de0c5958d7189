"""The docker target keeps the protocol that tests/integration/targets puts to the others."""

from __future__ import annotations

from pathlib import Path

from testbed.settings import Settings
from tests.support import target_contract


def test_it_keeps_the_protocol(tmp_path: Path) -> None:
    """Started, found, asked, kept, stopped: in the same words as every other."""
    target_contract.holds(Settings("docker", port=None, state_dir=tmp_path / "box"))
