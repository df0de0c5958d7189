"""Try it wrong: ready-made mistakes, what each should get, and whether it did."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Final

from botocore.exceptions import ClientError
from nicegui import ui

from console import mistakes, parts, pretty
from console.commands import Cli
from console.frame import frame
from console.journey import Journey
from testbed.errors import TestbedError

if TYPE_CHECKING:
    from console.mistakes import Mistake
    from console.place import Place

LEDE: Final = (
    "Every pipeline is sent wrong things. Each of these is refused with a code that says why, and "
    "nothing is written; see whether that is so."
)


def register(place: Place) -> None:
    """Serve the page."""

    @ui.page("/wrong")
    def page() -> None:
        with frame(place, path="/wrong", title="Try it wrong", lede=LEDE):
            with parts.box(classes="row").style("margin-bottom:1rem"):
                parts.button("Try all", lambda: _all(cards), classes="primary")
                summary = parts.text("", "span").props("role=status")
            with parts.box(classes="cards"):
                cards = [_Card(place, mistake) for mistake in mistakes.everything()]

        async def _all(cards: list[_Card]) -> None:
            for card in cards:
                await card.go()
            right = sum(card.right for card in cards)
            summary.set_content(f"{right} of {len(cards)} were refused as they should be")


class _Card:
    """One mistake."""

    def __init__(self, place: Place, mistake: Mistake) -> None:
        self._place, self._mistake = place, mistake
        self.right = False
        with parts.box("section", "card") as card:
            card.props["data-mistake"] = mistake.title
            parts.text(mistake.title, "h2")
            parts.text(mistake.why, "p", "dim")
            parts.text(f"What should happen: {mistake.expected}", "p", "should")
            with parts.box("details"):
                parts.text("What is sent", "summary")
                parts.code(mistake.errand.body, f"Body: {mistake.title}")
                if mistake.errand.content is not None:
                    size = pretty.size(len(mistake.errand.content))
                    parts.text(f"with an object of {size}", "p", "dim")
                if place.up:
                    cli = Cli(place.found.outputs)
                    parts.command(cli.post(mistake.errand.body, mistake.errand.content_type))
            parts.button("Try", self.go, name=f"Try: {mistake.title}")
            self._result = parts.box().props("role=status")

    async def go(self) -> None:
        """Send it, and say what happened."""
        self._result.clear()
        with self._result:
            parts.text("under way", "p", "dim")
        journey = Journey(place=self._place, errand=self._mistake.errand)
        try:
            await journey.go()
        except (TestbedError, ClientError) as error:
            self._tell(str(error), journey, right=False)
            return
        seen = mistakes.happened(journey)
        self._tell(seen, journey, right=seen == self._mistake.expected)

    def _tell(self, seen: str, journey: Journey, *, right: bool) -> None:
        self.right = right
        self._result.clear()
        with self._result:
            colour, word = ("good", "✓ As it should") if right else ("bad", "✗ Not as it should")
            parts.html(f'<b class="{colour}">{word}</b>: {escape(seen)}', "p")
            if journey.refusal:
                parts.text(journey.refusal[1], "p", "dim")
            if journey.execution is not None:
                name = journey.execution.name
                parts.link("Open the execution", f"/executions/{name}", "button small")
