from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path

import pytest

from targets import embedded
from testbed.aws import Aws
from tests.conftest import started
from tests.support.testbeds import ProvisionedTestbed


@dataclasses.dataclass(frozen=True)
class Configured:
    """An emulator with settings that only those files know that ask for it.

    Attributes:
        aws: clients of it.
        endpoint: its base URL.
        mock_file: Step Functions Local's mock configuration file, which is not there yet.
        kept_executions: how many ended executions it keeps.
    """

    aws: Aws
    endpoint: str
    mock_file: Path
    kept_executions: int


@pytest.fixture(scope="session")
def configured(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Configured]:
    """Started once for several settings, none of which changes what the others' tests see.

    Who asks for it is in `tests.support.spread`.
    """
    folder, kept = tmp_path_factory.mktemp("configured"), 5
    given = {
        "SERVICES": "secretsmanager",
        "SFN_MOCK_CONFIG": str(folder / "MockConfigFile.json"),
        "STANDALONE_KEPT_EXECUTIONS": str(kept),
        "LAMBDA_LIMITS_CONCURRENT_EXECUTIONS": "1",
    }
    with embedded.private(folder / "emulator", **given) as known:
        aws = Aws(endpoint=known.endpoint)
        yield Configured(aws, known.endpoint, folder / "MockConfigFile.json", kept)


@pytest.fixture(scope="session")
def untuned(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ProvisionedTestbed]:
    """A testbed with LocalStack's own server, and nothing tuned.

    Who asks for it is in `tests.support.spread`.
    """
    yield from started(tmp_path_factory.mktemp("untuned"), TUNING="off")
