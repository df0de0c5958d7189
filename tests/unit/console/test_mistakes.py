"""The ready-made mistakes."""

from __future__ import annotations

import pytest

from client.journey import Station
from console import mistakes
from console.mistakes import Mistake
from runs.model import Status
from tests.support import journeys


@pytest.mark.parametrize("mistake", mistakes.everything(), ids=lambda one: one.title)
def test_mistakes_say_what_should_happen(mistake: Mistake) -> None:
    """In the very words in which what happened is told."""
    at_the_api = journeys.refused(mistake.code)
    at_the_function = journeys.ran(Status.FAILED, journeys.TRIED, error=mistake.code)
    journey = at_the_api if mistake.station is Station.API else at_the_function
    assert mistake.expected == mistakes.happened(journey)


def test_what_is_not_refused_went_through() -> None:
    """Which no mistake expects."""
    assert "it went through" == mistakes.happened(journeys.ran(Status.SUCCEEDED))


def test_no_two_mistakes_share_an_object() -> None:
    """They may be tried at the same time."""
    keys = [one.job.key for one in mistakes.everything() if one.job.image is not None]
    assert len(set(keys)) == len(keys)
