"""The link for a class."""

from __future__ import annotations

from console.share.link import ClassLink


def test_each_link_has_a_secret_of_its_own() -> None:
    """Long enough not to be guessed."""
    one, other = ClassLink.new("192.168.1.20", 8765), ClassLink.new("192.168.1.20", 8765)
    assert one.token != other.token
    assert len(one.token) >= 22
    assert f"http://192.168.1.20:8765/{one.token}/" == one.url


def test_only_its_own_secret_is_admitted() -> None:
    """Of whatever letters another one is."""
    link = ClassLink("192.168.1.20", 8765, "secret")
    assert link.admits("secret")
    assert not link.admits("")
    assert not link.admits("sécret")


def test_it_is_drawn_as_a_code() -> None:
    """Dark on light, with the border that cameras want."""
    drawn = ClassLink("192.168.1.20", 8765, "secret").qr()
    assert drawn.startswith("<svg")
    assert 'stroke="#000"' in drawn
    assert 'fill="#fff"' in drawn
