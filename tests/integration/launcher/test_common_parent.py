"""What lends one parent to all workers of a test run, with a parent that forks nothing."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from localstack_standalone.launcher.emulator import Installation
from localstack_standalone.launcher.forks import Parent
from localstack_standalone.launcher.record import Record
from testbed.outputs import Outputs
from tests.support.addresses import EMULATED
from tests.support.common_parent import CommonParentError, Lender, lent

INSTALLED = Installation(Path("python"), {})
RECORD = Record("embedded", 4600, {"pid": 7, "created": 1.0})


class Maker:
    """Makes parents, and knows how often; the first *failing* times it cannot."""

    def __init__(self, failing: int = 0) -> None:
        self.made = self.ended = 0
        self._failing = failing
        self.asked: socket.socket

    @contextlib.contextmanager
    def __call__(self) -> Iterator[tuple[Parent, Outputs]]:
        self.made += 1
        if self.made <= self._failing:
            raise ValueError("no room")
        control, self.asked = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with control, self.asked:
            yield Parent(INSTALLED, RECORD, control, lambda _record, _folder: None), EMULATED
        self.ended += 1


@contextlib.contextmanager
def lending(folder: Path, maker: Maker) -> Iterator[Path]:
    lender = Lender(folder / "lender", maker)
    try:
        yield lender.address
    finally:
        lender.close()


def test_all_who_ask_get_the_same(tmp_path: Path) -> None:
    """It is made once; what each sends on its control socket comes to the one parent."""
    maker = Maker()
    with lending(tmp_path, maker) as address:
        for word in (b"one", b"two"):
            with lent(address, INSTALLED) as (parent, known):
                assert (RECORD, EMULATED) == (parent.emulator, known)
                assert parent.control is not None
                parent.control.send(word)
            assert word == maker.asked.recv(10)
    assert (1, 1) == (maker.made, maker.ended)


def test_nobody_who_asks_for_none_pays_for_one(tmp_path: Path) -> None:
    """Tests without an emulator start none."""
    maker = Maker()
    with lending(tmp_path, maker):
        pass
    assert 0 == maker.made


def test_why_it_cannot_be_made_is_told(tmp_path: Path) -> None:
    """To whoever asked; the next may have more luck."""
    with lending(tmp_path, Maker(failing=1)) as address:
        with (
            pytest.raises(CommonParentError, match="ValueError: no room"),
            lent(address, INSTALLED),
        ):
            pass
        with lent(address, INSTALLED) as (parent, _):
            assert RECORD == parent.emulator
