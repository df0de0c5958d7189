"""The shell around every page: where one is, where one can go, whether the testbed is there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from fastapi.exception_handlers import http_exception_handler
from nicegui import Client, app, ui

from console import elements
from console.page import Page
from console.pages import PAGES
from runs import express

if TYPE_CHECKING:
    from fastapi import Request
    from fastapi.responses import Response
    from starlette.exceptions import HTTPException

    from console.watch import WatchedTestbed

THEME_COOKIE: Final = "console-theme"
_THEMES: Final = {"light": False, "dark": True}
# A page asks the testbed while it is built: a busy one is slow, and no server error.
BUILT_WITHIN_S: Final = 60.0
_REFRESH_S: Final = 0.5


def serve(page: Page, watch: WatchedTestbed) -> None:
    """Serve *page*, with the state of the testbed that it shows in its header."""

    @ui.page(page.route, response_timeout=BUILT_WITHIN_S)
    async def show() -> None:
        await draw(page, watch, **ui.context.client.request.path_params)


def serve_missing(watch: WatchedTestbed) -> None:
    """Serve, at every address that has no page, one that says so and has the navigation."""

    async def missing(_watch: WatchedTestbed) -> None:
        path = ui.context.client.request.url.path
        elements.text(f"Nothing of the console is at {path}.", "p", "mono")
        elements.link("Run an image", "/", "button primary")

    page = Page(route="", title="There is no such page", draw=missing)

    @app.exception_handler(404)
    async def show(request: Request, error: HTTPException) -> Response:
        if request.scope.get("endpoint") is not None:  # a file that is not there
            return await http_exception_handler(request, error)
        with Client(ui.page(""), request=request) as client:
            await draw(page, watch)
        return client.build_response(request, error.status_code)


async def draw(page: Page, watch: WatchedTestbed, **names: str) -> None:
    """Draw *page* below the navigation and its heading; *names* are those in its route."""
    # Of an ARN people want to read the name.
    title = page.title.format(**{key: express.name(name) for key, name in names.items()})
    ui.page_title(f"{title} · Image pipeline console")
    elements.script("page.js")
    elements.script("folds.js")
    elements.script("projector.js")
    _header(page, watch)
    with elements.box() as content:
        _banner(watch)
        _faults(watch)
        elements.text(title, "h1")
        if page.lede:
            elements.text(page.lede, "p", "lede")
        await page.draw(watch, **names)
    ui.skip_link("Skip to the content", target=content)


def _header(page: Page, watch: WatchedTestbed) -> None:
    with ui.header():
        elements.text("Image pipeline", "span", "brand")
        with elements.box("nav", "pages").props('aria-label="Pages"'):
            for entry in PAGES:
                if not entry.below:
                    made = elements.link(entry.title, entry.route)
                    if entry.route in (page.route, page.below):
                        made.props["aria-current"] = "page"
        with elements.box(classes="tools"):
            _health(watch)
            _projector()
            _theme()


def _health(watch: WatchedTestbed) -> None:
    with elements.box(classes="health").props("role=status"), elements.box("span"):
        chip = elements.Chip("lost")
        name = elements.text("", "span")
    # No part of the status: a screen reader would read out every number.
    queue = elements.text("", "span", "dim")
    queue.props('title="Invocations that wait for an execution environment"')

    def refresh() -> None:
        chip.show("up" if watch.up else "lost")
        name.set_text(f" {watch.found.outputs.target if watch.up else 'no testbed'}")
        waiting = watch.busy.waiting if watch.up and watch.busy else 0
        queue.set_text(f"{waiting} waiting" if waiting else "")
        queue.set_visibility(bool(waiting))

    refresh()
    ui.timer(_REFRESH_S, refresh)


def _banner(watch: WatchedTestbed) -> None:
    with elements.box(classes="banner").props("role=alert") as banner:
        elements.text("The testbed does not answer", "h2")
        why = elements.text(watch.seen, "p")
        elements.text(
            "Start it with `make up` in a terminal. This page goes on by itself when it is there.",
            "p",
        )

    def refresh() -> None:
        banner.set_visibility(not watch.up)
        why.set_text(watch.seen)

    refresh()
    ui.timer(_REFRESH_S, refresh)


def _faults(watch: WatchedTestbed) -> None:
    """What goes wrong because somebody asked for it."""
    with elements.box(classes="notice").props("role=status") as notice:
        told = elements.text("", "span")

    def refresh() -> None:
        notice.set_visibility(watch.up and bool(watch.faults))
        listed = ", ".join(map(str, watch.faults))
        told.set_text(f"⚡ Faults on: {listed}. `make fault OFF=1` switches them off.")

    refresh()
    ui.timer(_REFRESH_S, refresh)


def _projector() -> None:
    """Large type, and one thing at a time; `static/projector.js` does it."""
    toggle = elements.box("button", "button small").props("type=button data-projector-toggle")
    with toggle:
        elements.text("Projector", "span")


def _theme() -> None:
    """Light, dark, or as the system has it; kept in a cookie, so that no page flashes."""
    cookies = ui.context.client.request.cookies
    mode = ui.dark_mode(_THEMES.get(cookies.get(THEME_COOKIE, "")))
    toggle = ui.element("button").classes("button small").props("type=button")
    with toggle:
        elements.text("Light or dark", "span")
    toggle.on(
        "click",
        lambda event: mode.set_value(bool(event.args)),
        js_handler="() => { const dark = !document.body.classList.contains('body--dark');"
        f" document.cookie = '{THEME_COOKIE}=' + (dark ? 'dark' : 'light')"
        " + ';path=/;max-age=31536000;samesite=strict'; emit(dark); }",
    )
