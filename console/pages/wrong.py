"""Try it wrong: ready-made mistakes, what each should get, and whether it did."""

from __future__ import annotations

import dataclasses
import itertools
from typing import TYPE_CHECKING, Final

from console import elements, execution_groups, mistakes
from console import journey as journeys
from console.commands import Cli
from console.page import Page
from testbed.errors import TestbedError
from views import failure, sizes

if TYPE_CHECKING:
    from nicegui.elements.mixins.text_element import TextElement

    from client.journey import Journey
    from console.mistakes import Mistake
    from console.watch import Deployment, WatchedTestbed


async def draw(watch: WatchedTestbed) -> None:
    """A card a mistake, and a button that tries them all."""
    with elements.box(classes="row").style("margin-bottom:1rem"):
        elements.button("Try all", lambda: _all(cards, summary), classes="primary")
        summary = elements.text("", "span").props("role=status")
    # One row in the list of executions, however often they are tried here.
    group = execution_groups.new(execution_groups.GroupKind.MISTAKES)
    with elements.box(classes="cards"):
        cards = [
            _Card(watch, mistake, group, number)
            for number, mistake in enumerate(mistakes.everything(), start=1)
        ]


PAGE: Final = Page(
    route="/wrong",
    title="Try it wrong",
    lede="Every pipeline is sent wrong things. Each of these is refused with a code that says why, "
    "and nothing is written; see whether that is so.",
    draw=draw,
)


async def _all(cards: list[_Card], summary: TextElement) -> None:
    for card in cards:
        await card.go()
    right = sum(card.right for card in cards)
    summary.set_text(f"{right} of {len(cards)} were refused as they should be")


class _Card:
    """One mistake."""

    def __init__(self, watch: WatchedTestbed, mistake: Mistake, group: str, number: int) -> None:
        self._watch, self._mistake = watch, mistake
        self._names = (execution_groups.member(group, number, again) for again in itertools.count())
        self.right = False
        with elements.box("section", "card") as card:
            card.props["data-mistake"] = mistake.title
            elements.text(mistake.title, "h2")
            elements.text(mistake.why, "p", "dim")
            elements.text(f"What should happen: {mistake.expected}", "p", "should")
            with elements.box("details"):
                elements.text("What is sent", "summary")
                elements.code(mistake.job.body, f"Body: {mistake.title}")
                if isinstance(mistake.job.image, bytes):
                    size = sizes.length(len(mistake.job.image))
                    elements.text(f"with an object of {size}", "p", "dim")
                if watch.up:
                    cli = Cli(watch.found.outputs)
                    elements.command(cli.post(mistake.job.body, mistake.job.content_type))
            elements.button("Try", self.go, name=f"Try: {mistake.title}")
            self._result = elements.box().props("role=status")

    async def go(self) -> None:
        """Send it, and say what happened."""
        self._result.clear()
        with self._result:
            elements.text("under way", "p", "dim")
        try:
            job = dataclasses.replace(self._mistake.job, name=next(self._names))
            shown = await journeys.send(self._watch, job)
            await self._watch.call(self._remove)
        except TestbedError as error:
            self._tell(str(error), right=False)
            return
        seen = mistakes.happened(shown.journey)
        self._tell(seen, shown.journey, right=seen == self._mistake.expected)

    def _remove(self, found: Deployment) -> None:
        """The object that was sent is nobody's: the page Objects is for the student's own."""
        if self._mistake.job.image is not None:
            found.aws.s3.delete_object(
                Bucket=found.outputs.original_bucket, Key=self._mistake.job.key
            )

    def _tell(self, seen: str, journey: Journey | None = None, *, right: bool) -> None:
        self.right = right
        self._result.clear()
        with self._result:
            colour, word = ("good", "✓ As it should") if right else ("bad", "✗ Not as it should")
            with elements.box("p"):
                elements.text(word, "b", colour)
                elements.text(f": {seen}", "span")
            if journey and journey.setback:
                elements.text(failure.words(journey.setback.cause), "p", "dim")
            if journey and journey.execution:
                name = journey.execution.name
                elements.link("Open the execution", f"/executions/{name}", "button small")
