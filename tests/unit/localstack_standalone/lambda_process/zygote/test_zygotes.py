"""The zygotes of an emulator: one for each Python, there when it is asked."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import psutil
import pytest

from localstack_standalone.lambda_process.zygote.process import ZygoteError
from localstack_standalone.lambda_process.zygote.zygotes import Zygote, Zygotes
from testbed import waiting
from tests.unit.localstack_standalone.lambda_process.conftest import PYTHON


@pytest.fixture
def zygotes() -> Iterator[Zygotes]:
    made = Zygotes({"python3.13": str(PYTHON)})
    yield made
    made.stop()


def test_a_runtime_has_one_zygote(zygotes: Zygotes) -> None:
    """Whoever asks is given the same."""
    assert zygotes.of("python3.13") is zygotes.of("python3.13")


def test_other_programs_are_started_by_any_python() -> None:
    """Node's and a bootstrap's processes have the zygote of a Python, or LocalStack's own."""
    here = Zygotes({"nodejs22.x": "/bin/node", "python3.13": str(PYTHON)})
    assert here.of("nodejs22.x") is here.of("provided.al2023") is here.of("python3.13")
    assert sys.executable == Zygotes({}).of("provided.al2").python


def test_a_runtime_that_is_not_here_is_refused(zygotes: Zygotes) -> None:
    """The message names it, what there is, and the setting that adds more."""
    with pytest.raises(ZygoteError, match=r"python3\.8 .*here: python3\.13.*LAMBDA_PROCESS_RUN"):
        zygotes.of("python3.8")


def test_a_warm_zygote_is_there_until_the_stop(zygotes: Zygotes) -> None:
    """Its imports are done before a worker is asked for, and nothing is left of it."""
    before = set(psutil.Process().children())
    zygotes.of("python3.13").warm()

    def new() -> tuple[psutil.Process | None, str]:
        found = set(psutil.Process().children()) - before
        return next(iter(found), None), "no process"

    process = waiting.until(new, "a zygote", timeout_s=20)
    zygotes.stop()
    assert not process.is_running()


def test_one_that_was_never_asked_has_nothing_to_end() -> None:
    """No process is started to be told that it is not needed."""
    never = Zygote("/no/such/python")
    never.release("/tmp/folder")  # noqa: S108 - nobody writes there
    never.abandon()
    never.stop()
