"""Puts the console together and serves it on 127.0.0.1."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from nicegui import app, background_tasks, ui
from starlette.middleware.trustedhost import TrustedHostMiddleware

from console import HOST, files, theme
from console.own_pages import OwnPagesOnly
from console.pages import execution, executions, mistakes, objects, resources, run
from console.place import Place

if TYPE_CHECKING:
    from console.place import Find

ICON: Final = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" '
    'rx="7" fill="#0b57c2"/><path d="M6 24l7-9 5 6 4-5 5 8z" fill="#fff"/><circle cx="22" cy="10" '
    'r="3" fill="#fff"/></svg>'
)


def serve(find: Find, *, port: int) -> None:
    """Serve until interrupted.

    Args:
        find: finds the testbed; asked again and again, so that it may come and go.
        port: where to listen on 127.0.0.1.
    """
    place = Place(find)
    app.on_startup(lambda: background_tasks.create(place.watch(), name="watch the testbed"))
    # A page elsewhere that has its name point to 127.0.0.1 is not served.
    app.add_middleware(OwnPagesOnly)
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=[HOST, "localhost"])
    ui.add_css(theme.STYLE, shared=True)
    for page in (run, executions, execution, objects, resources, mistakes):
        page.register(place)
    files.register(place)
    ui.run(
        host=HOST,
        port=port,
        title="Image pipeline console",
        favicon=ICON,
        language="en-US",
        dark=None,
        reload=False,
        show=False,
        show_welcome_message=False,
        tailwind=False,
        reconnect_timeout=30,
    )
