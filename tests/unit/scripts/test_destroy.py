"""What `make destroy` keeps of the addresses on AWS."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from scripts import destroy, on_aws
from targets import state
from testbed import outputs
from testbed.errors import NotRunningError
from tests.support.addresses import EMULATED


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A state folder with addresses on AWS, which is what the command is about."""
    monkeypatch.setenv("TARGET", "aws")
    monkeypatch.setenv("STATE_DIR", str(tmp_path))
    with state.held(tmp_path):
        outputs.write(tmp_path, dataclasses.replace(EMULATED, target="aws", endpoint=None))
    return tmp_path


def test_a_pipeline_that_is_gone_has_no_addresses(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The status is 0."""
    monkeypatch.setattr(on_aws, "remove", lambda _aws, _wanted: 0)
    assert 0 == destroy.main()
    with pytest.raises(NotRunningError):
        outputs.read(folder)


def test_what_is_left_keeps_its_addresses(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The status says that something is."""
    monkeypatch.setattr(on_aws, "remove", lambda _aws, _wanted: 1)
    assert 1 == destroy.main()
    assert "aws" == outputs.read(folder).target
