"""What is asked before it is done."""

from __future__ import annotations

import io

import pytest

from testbed import confirmation
from testbed.errors import DeclinedError, UnconfirmedError


class Terminal(io.StringIO):
    """Somebody who types what is in it."""

    def isatty(self) -> bool:
        return True


def types(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr("sys.stdin", Terminal(text))


@pytest.mark.parametrize("answer", ["y\n", "Yes\n", " YES \n"])
def test_yes_goes_on(monkeypatch: pytest.MonkeyPatch, answer: str) -> None:
    """In full or by its letter."""
    types(monkeypatch, answer)
    confirmation.ask("Make it?", agreed=False, by="YES=1")


@pytest.mark.parametrize("answer", ["n\n", "\n", "yep\n", ""])
def test_all_else_is_no(monkeypatch: pytest.MonkeyPatch, answer: str) -> None:
    """A mere Enter, and an input that ends, too."""
    types(monkeypatch, answer)
    with pytest.raises(DeclinedError, match="nothing was changed"):
        confirmation.ask("Make it?", agreed=False, by="YES=1")


def test_who_agreed_before_is_not_asked(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """But the log says so."""
    monkeypatch.setattr("sys.stdin", io.StringIO())
    confirmation.ask("Make it?", agreed=True, by="YES=1")
    assert "Make it? yes (YES=1)\n" == capsys.readouterr().out


def test_nobody_there_to_ask_is_a_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    """With how to agree beforehand."""
    monkeypatch.setattr("sys.stdin", io.StringIO("y\n"))
    with pytest.raises(UnconfirmedError, match="YES=1"):
        confirmation.ask("Make it?", agreed=False, by="YES=1")
