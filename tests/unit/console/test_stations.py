"""The stations of a journey, drawn without a browser."""

from __future__ import annotations

import dataclasses
import io

import pytest
from PIL import Image

from client.fetch import StoredObject
from client.journey import Journey
from console.journey import Shown
from console.stations import Stations, told
from runs.model import Status
from tests.support.addresses import ON_AWS
from tests.support.journeys import NOTHING, TRIED, ran, refused
from tests.support.shown import Reader, read


def png(width: int, height: int) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (width, height)).save(file, "PNG")
    return file.getvalue()


PICTURE = StoredObject(
    bucket="originals",
    key="a.png",
    content=png(320, 200).ljust(12_000, b"\0"),
    content_type="image/png",
    cache_control="",
    metadata={},
    etag="e",
)


def drawn(*shown: Shown) -> Reader:
    """The stations after these, one after another."""

    def draw() -> None:
        stations = Stations(lambda: ON_AWS)
        for one in shown:
            stations.show(one)

    return read(draw)


def test_four_stations_wait_for_a_journey() -> None:
    """As the assignment draws them."""
    shown = drawn()
    named = [one["aria-label"] for tag, one in shown.elements if tag == "section"]
    assert ["API Gateway", "Step Functions", "Lambda", "S3"] == named
    assert "What is API Gateway?" in shown.values("aria-label")
    assert ["waiting"] * 4 == shown.values("data-status")


@pytest.mark.parametrize(
    ("journey", "where", "lights"),
    [
        (refused("INVALID_REQUEST"), "API Gateway", "failed not_reached not_reached not_reached"),
        (
            ran(Status.FAILED, error="INVALID_REQUEST"),
            "Step Functions",
            "done failed not_reached not_reached",
        ),
        (
            ran(Status.FAILED, TRIED, error="INVALID_REQUEST"),
            "Lambda",
            "done failed failed not_reached",
        ),
    ],
)
def test_a_refusal_stands_where_it_arose(journey: Journey, where: str, lights: str) -> None:
    """With its code and cause; the result names the station."""
    shown = drawn(Shown(journey=journey))
    assert f"Refused at {where}: INVALID_REQUEST" in shown.text
    assert lights.split() == shown.values("data-status")


def test_pictures_are_shown_side_by_side_at_the_end() -> None:
    """With where each lies, what kind of image it is and how large."""
    shown = drawn(Shown(journey=ran(Status.SUCCEEDED), before=PICTURE, after=PICTURE))
    assert ["Before: a.png", "After: a.png"] == shown.values("alt")
    assert 4 == shown.text.count("PNG · 320\u00d7200 pixels · 12 kB")
    assert "s3://originals/" in shown.text


def test_what_was_drawn_stays_while_it_is_the_same() -> None:
    """Whoever has unfolded something finds it so after the next look."""
    running = Shown(journey=ran(Status.RUNNING))
    assert 1 == drawn(running, running).text.count("Open this execution")
    assert "Open this execution" not in drawn(Shown(journey=Journey(job=NOTHING))).text


def test_an_object_that_is_no_image_is_told_by_its_size() -> None:
    """There are no pixels to tell."""
    given = dataclasses.replace(PICTURE, content=bytes(12_000))
    assert "not recognised as an image · 12 kB" == told(given)
