"""A guided tour of the first run: what it points at on the page Run, and what it says there.

It shows itself once to each browser, which remembers it; Esc or a button leaves it, and a button
starts it again. `static/tour.js` goes through the steps.
"""

from __future__ import annotations

import dataclasses
from typing import Final

from console import elements


@dataclasses.dataclass(frozen=True)
class TourStep:
    """One thing to look at.

    Attributes:
        target: a CSS selector of it.
        title: what it is.
        says: what to do there, or what will be seen.
    """

    target: str
    title: str
    says: str


STEPS: Final = (
    TourStep(
        "[data-tour=choice]",
        "1. Choose an image",
        "A sample, or a file of your own. It is only chosen: nothing is sent yet.",
    ),
    TourStep(
        "[data-tour=send]",
        "2. Send it",
        "The image goes to the bucket of originals, then its key to the API. Press Send now, if "
        "you like: the tour waits.",
    ),
    TourStep(
        "[data-station=API]",
        "3. API Gateway",
        "It checks the request and turns it into a call of Step Functions. Request and answer "
        "stand here.",
    ),
    TourStep(
        "[data-station=MACHINE]",
        "4. Step Functions",
        "It goes from state to state. Green is done, red has failed; the way that was taken is "
        "drawn bold.",
    ),
    TourStep(
        "[data-station=FUNCTION]",
        "5. Lambda",
        "Your code runs here. Its log lines, its time and its memory are shown.",
    ),
    TourStep(
        "[data-station=STORAGE]",
        "6. S3",
        "The original came from one bucket, the thumbnail is in the other.",
    ),
    TourStep(
        "nav.pages a[href='/executions']",
        "7. What stays",
        "Each run is an execution: open one to see its timeline, inputs, outputs and events. A ? "
        "explains a word, wherever it stands.",
    ),
    TourStep(
        "nav.pages a[href='/wrong']",
        "8. Try it wrong",
        "Ready-made mistakes, and what each of them should get. That is the end of the tour.",
    ),
)


def offer() -> None:
    """The button that starts the tour, and its steps, unseen until then."""
    elements.script("tour.js")
    button = elements.box("button", "button small").props("type=button data-tour-start")
    with button:
        elements.text("Show me around", "span")
    with elements.box("ol", "tour").props("hidden data-tour-steps"):
        for step in STEPS:
            with elements.box("li") as shown:
                shown.props["data-target"] = step.target
                elements.text(step.title, "b")
                elements.text(step.says, "p")
