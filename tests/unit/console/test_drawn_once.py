from __future__ import annotations

from typing import TYPE_CHECKING

from console.drawn_once import DrawnOnce
from testbed.errors import TestbedError
from tests.support.shown import read

if TYPE_CHECKING:
    from console.watch import Deployment, WatchedTestbed


def test_it_is_drawn_once_as_soon_as_there_is_an_answer(watch: WatchedTestbed) -> None:
    """A refusal is told and asked again; after the answer nobody is asked."""
    answers: list[str | TestbedError] = [TestbedError("not yet"), "here", "never"]
    told: list[str] = []

    def ask(_: Deployment) -> str:
        answer = answers.pop(0)
        if isinstance(answer, TestbedError):
            raise answer
        return answer

    async def draw(found: str) -> None:
        told.append(found)

    async def page() -> None:
        place = DrawnOnce(watch, ask, draw)
        await place.look()
        told.append(place.note.text)
        for _ in range(3):
            await place.look()

    read(page)
    assert ["not yet", "here"] == told
    assert ["never"] == answers


def test_what_is_drawn_stands_in_its_place(watch: WatchedTestbed) -> None:
    """Below the note, which the page may change."""
    places: list[DrawnOnce[str]] = []

    async def draw(found: str) -> None:
        places[0].note.set_text(f"{found} is known")

    async def page() -> None:
        places.append(DrawnOnce(watch, lambda _: "one", draw))
        await places[0].look()

    assert "one is known" in read(page).text
