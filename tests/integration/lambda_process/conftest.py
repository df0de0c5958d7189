from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.conftest import Emulator
from tests.support import functions

MakeFunction = Callable[..., str]


@pytest.fixture
def make_function(emulator: Emulator) -> Iterator[MakeFunction]:
    """Creates functions that are deleted after the test."""
    made: list[str] = []

    def make(code: str | dict[str, str], **settings: Any) -> str:
        made.append(functions.make(emulator.aws, code, **settings))
        return made[-1]

    yield make
    for name in made:
        emulator.aws.lambda_.delete_function(FunctionName=name)
