"""A run in slow motion on a page: where it is held, and the button, or the key n, that goes on.

The emulator holds (the plugin's `slow_motion`), for as long as the page asks: when that is gone,
the run goes on by itself.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Final

from nicegui import ui

from console import elements
from testbed import slow_motion
from testbed.errors import TestbedError

if TYPE_CHECKING:
    from console.watch import Deployment, WatchedTestbed
    from testbed.slow_motion import Hold

LOOK_EVERY_S: Final = 0.5
# All holds of a run together; each has the emulator's own end (STANDALONE_HOLD_S).
PATIENCE_S: Final = 3600.0
WHY: Final = (
    "The run is held before API Gateway calls Step Functions, in each state before that does "
    "anything, and when the function has answered. The 29 s of API Gateway and the timeouts of "
    "Lambda, the task and the machine do not run meanwhile. Inside the function nothing is held, "
    "for its timeout would run. When this page is closed, the run goes on by itself."
)


def told(hold: Hold) -> str:
    """Where a run stands, and what comes next, in words."""
    if hold.place == "api":
        return "Held at API Gateway: the request is there; next it calls Step Functions."
    if hold.place == "answered":
        return (
            f"Held at S3, behind {hold.state}: the function has read the original and written what "
            "it had to; next its answer goes to Step Functions."
        )
    if hold.type == "Task":
        return f"Held at Lambda: {hold.state} was entered; next it calls the function."
    return f"Held at Step Functions: {hold.state} ({hold.type}) was entered; next it does its work."


class SlowRun:
    """What a page shows of a run that is held; unseen while none is.

    Drawn once, where the page wants it; `begin` is for each run.
    """

    def __init__(self, watch: WatchedTestbed) -> None:
        self._watch = watch
        self._name = ""
        self._hold: Hold | None = None
        with elements.box(classes="notice slow") as self._notice:
            self._where = elements.text("", "p").props("role=status")
            with elements.box(classes="row"):
                self._on = elements.button("Go on (n)", self._step, classes="primary")
                self._on.props["data-go-on"] = ""
                elements.button("Hold it no more", self.end)
        self._notice.set_visibility(False)
        self._timer = ui.timer(LOOK_EVERY_S, self._look, active=False)
        ui.context.client.on_disconnect(self.end)

    async def begin(self) -> str:
        """Have the next run held.

        Returns:
            What its execution is to be called.

        Raises:
            TestbedError: it cannot be held: on AWS, say.
        """
        name = str(uuid.uuid4())
        await self._watch.call(lambda found: slow_motion.watch(_endpoint(found), name))
        self._name = name
        self._timer.activate()
        return name

    async def end(self) -> None:
        """Hold it no more; it goes on by itself."""
        name, self._name = self._name, ""
        if not name:
            return
        self._timer.deactivate()
        self._show(None)
        try:
            await self._watch.call(lambda found: slow_motion.release(_endpoint(found), name))
        except TestbedError:
            return  # who does not answer does not hold it either

    async def _look(self) -> None:
        name = self._name
        if not name:
            return
        try:
            hold = await self._watch.call(lambda found: slow_motion.look(_endpoint(found), name))
        except TestbedError as error:
            self._where.set_text(str(error))
            return
        if name == self._name:
            self._show(hold)

    def _show(self, hold: Hold | None) -> None:
        self._hold = hold
        self._notice.set_visibility(hold is not None)
        if hold is not None:
            self._where.set_text(told(hold))

    async def _step(self) -> None:
        hold, name = self._hold, self._name
        if hold is None or not name:
            return
        self._show(None)
        try:
            await self._watch.call(
                lambda found: slow_motion.step(_endpoint(found), name, hold.number)
            )
        except TestbedError as error:
            ui.notify(str(error), type="negative")


def _endpoint(found: Deployment) -> str:
    endpoint = found.outputs.endpoint
    if endpoint is None:
        raise TestbedError("AWS holds nothing: slow motion is for an emulator")
    return endpoint
