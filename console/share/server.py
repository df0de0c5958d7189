"""Serves the class's pages beside the console, in its event loop, for as long as it runs."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import uvicorn
from nicegui import app, background_tasks

from console.share import pages

if TYPE_CHECKING:
    from collections.abc import Iterator

    from console.share.link import ClassLink
    from console.watch import WatchedTestbed


class _Beside(uvicorn.Server):
    """One that leaves Ctrl-C to the server that it stands beside."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Take none."""
        yield


def serve(watch: WatchedTestbed, link: ClassLink) -> None:
    """Listen at the address of *link* from the console's start to its end."""
    served = pages.app(watch, link)
    server = _Beside(
        uvicorn.Config(
            served, host=link.address, port=link.port, lifespan="off", log_level="warning"
        )
    )

    def end() -> None:
        server.should_exit = True

    app.on_startup(lambda: background_tasks.create(server.serve(), name="the class's pages"))
    app.on_shutdown(end)
