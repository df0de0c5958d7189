"""Files on their way: the one that was chosen last is the one that is waited for and taken."""

from __future__ import annotations

import asyncio

import pytest

from console.incoming import Incoming


@pytest.fixture
def incoming() -> Incoming:
    return Incoming()


def settled(incoming: Incoming) -> bool:
    """Whether a click on Send would go on at once."""

    async def ask() -> bool:
        try:
            async with asyncio.timeout(0):
                await incoming.settled()
        except TimeoutError:
            return False
        return True

    return asyncio.run(ask())


def test_nothing_is_waited_for_at_first(incoming: Incoming) -> None:
    assert settled(incoming)
    assert not incoming.missing


def test_a_file_that_was_announced_is_waited_for_and_taken(incoming: Incoming) -> None:
    assert incoming.announce("a.png")
    assert not settled(incoming)
    assert incoming.arrive("a.png")
    assert settled(incoming)


def test_a_file_may_be_here_before_its_announcement(incoming: Incoming) -> None:
    assert incoming.arrive("a.png")
    assert not incoming.announce("a.png")
    assert settled(incoming)


def test_a_name_that_changed_on_its_way_is_still_that_file(incoming: Incoming) -> None:
    """Browsers write a quotation mark in a file's name as %22."""
    incoming.announce('a"b.png')
    assert incoming.arrive("a%22b.png")
    assert settled(incoming)


@pytest.mark.parametrize("order", [("a.png", "b.png"), ("b.png", "a.png")])
def test_of_two_the_later_choice_counts(incoming: Incoming, order: tuple[str, str]) -> None:
    """In whichever order they arrive."""
    incoming.announce("a.png")
    incoming.announce("b.png")
    taken = [name for name in order if incoming.arrive(name)]
    assert taken == ["b.png"]
    assert settled(incoming)


def test_another_choice_overrules_what_is_on_its_way(incoming: Incoming) -> None:
    incoming.announce("a.png")
    incoming.overrule()
    assert settled(incoming)
    assert not incoming.arrive("a.png")


def test_a_lost_file_is_missing_until_something_else_is_chosen(incoming: Incoming) -> None:
    incoming.announce("a.png")
    assert incoming.lose("a.png")
    assert settled(incoming)
    assert incoming.missing == "a.png"
    incoming.overrule()
    assert not incoming.missing


def test_the_loss_of_what_nobody_wants_changes_nothing(incoming: Incoming) -> None:
    incoming.announce("a.png")
    incoming.overrule()
    assert not incoming.lose("a.png")
    incoming.announce("b.png")
    assert not settled(incoming)
    assert not incoming.missing
