"""Puts the console together and serves it on 127.0.0.1."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from nicegui import app, background_tasks, ui
from starlette.middleware.trustedhost import TrustedHostMiddleware

from console import HOST, batch_routes, elements, files, frame, theme
from console.pages import PAGES, many
from console.same_origin import SameOriginOnly
from console.share import server
from console.watch import WatchedTestbed

if TYPE_CHECKING:
    from console.share.link import ClassLink
    from console.watch import Find

STATIC_FILES: Final = Path(__file__).with_name("static")
ICON: Final = Path(__file__).with_name("icon.svg")


def serve(find: Find, *, port: int, class_link: ClassLink | None = None) -> None:
    """Serve until interrupted.

    Args:
        find: finds the testbed; asked again and again, so that it may come and go.
        port: where to listen on 127.0.0.1.
        class_link: what is to be open elsewhere, too.
    """
    watch = WatchedTestbed(find)
    if class_link is not None:
        watch.class_link = class_link
        server.serve(watch, class_link)
    app.on_startup(lambda: background_tasks.create(watch.watch(), name="watch the testbed"))
    app.on_shutdown(watch.close)
    # A page elsewhere that has its name point to 127.0.0.1 is not served.
    app.add_middleware(SameOriginOnly)
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=[HOST, "localhost"])
    for style in theme.STYLES:
        ui.add_css(style, shared=True)
    for page in PAGES:
        frame.serve(page, watch)
    frame.serve_missing(watch)
    app.include_router(files.routes(watch))
    app.include_router(batch_routes.routes(watch, many.BATCHES))
    app.add_static_files(elements.STATIC, STATIC_FILES)
    app.add_static_files("/samples", files.SAMPLES)
    ui.run(
        host=HOST,
        port=port,
        title="Image pipeline console",
        favicon=ICON.read_text(),
        language="en-US",
        dark=None,
        reload=False,
        show=False,
        show_welcome_message=False,
        tailwind=False,
        reconnect_timeout=30,
    )
