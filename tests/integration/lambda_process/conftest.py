from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.conftest import Emulator
from tests.support import functions, meeting
from tests.support.meeting import Meeting

MakeFunction = Callable[..., str]


@pytest.fixture
def met() -> Iterator[Meeting]:
    """Where functions meet, and wait for a word."""
    with meeting.held() as held:
        yield held


@pytest.fixture
def make_function(emulator: Emulator) -> Iterator[MakeFunction]:
    """Creates functions that are deleted after the test, with their log groups.

    LocalStack adds up all that was ever logged whenever log groups are described: what one test
    leaves would slow down all that come after it.
    """
    made: list[str] = []

    def make(code: str | dict[str, str], **settings: Any) -> str:
        made.append(functions.make(emulator.aws, code, **settings))
        return made[-1]

    yield make
    aws = emulator.aws
    for name in made:
        aws.lambda_.delete_function(FunctionName=name)
        with contextlib.suppress(aws.logs.exceptions.ResourceNotFoundException):
            aws.logs.delete_log_group(logGroupName=f"/aws/lambda/{name}")
