"""The whole pipeline survives a kill -9: the next request works, at the same address."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from infra import provision
from tests.support.kept import KeptEmulator, kept_emulator
from testbed import names
from testbed.outputs import Outputs

SAMPLE = Path("samples/club2.png")


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KeptEmulator]:
    with kept_emulator(tmp_path_factory.mktemp("kept")) as made:
        yield made


@pytest.fixture(scope="module")
def outputs(kept: KeptEmulator) -> Outputs:
    return provision.provision(kept.aws, "embedded")
