"""The shell around every page: where one is, where one can go, whether the testbed is there."""

from __future__ import annotations

import contextlib
from html import escape
from typing import TYPE_CHECKING, Final

from nicegui import ui

from console import parts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from console.place import Place

PAGES: Final = {
    "/": "Run",
    "/executions": "Executions",
    "/objects": "Objects",
    "/resources": "Resources",
    "/wrong": "Try it wrong",
}
THEME_COOKIE: Final = "console-theme"
_THEMES: Final = {"light": False, "dark": True}
_REFRESH_S: Final = 0.5


@contextlib.contextmanager
def frame(place: Place, *, path: str, title: str, lede: str = "") -> Iterator[None]:
    """A page below the navigation, with its heading.

    Args:
        place: the testbed, for its state in the header.
        path: which entry of the navigation the page belongs to.
        title: the page's heading, and the name of the browser's tab.
        lede: a sentence on what the page is for.
    """
    ui.page_title(f"{title} · Image pipeline console")
    _header(place, path)
    with parts.box() as content:
        _banner(place)
        parts.text(title, "h1")
        if lede:
            parts.text(lede, "p", "lede")
        yield
    ui.skip_link("Skip to the content", target=content)


def _header(place: Place, path: str) -> None:
    with ui.header():
        parts.text("Image pipeline", "span", "brand")
        with parts.box("nav", "pages").props('aria-label="Pages"'):
            for target, name in PAGES.items():
                made = parts.link(name, target)
                if target == path:
                    made.props["aria-current"] = "page"
        _health(place)
        _theme()


def _health(place: Place) -> None:
    with parts.box(classes="health").props("role=status"):
        shown = parts.html("", "span")
    # No part of the status: a screen reader would read out every number.
    queue = parts.html("", "span", "dim")
    queue.props('title="Invocations that wait for an execution environment"')

    def refresh() -> None:
        state = "up" if place.up else "lost"
        name = place.found.outputs.target if place.up else "no testbed"
        shown.set_content(f"{parts.chip_html(state)} {name}")
        waiting = place.busy.waiting if place.up and place.busy else 0
        queue.set_content(f"{waiting} waiting" if waiting else "")
        queue.set_visibility(bool(waiting))

    refresh()
    ui.timer(_REFRESH_S, refresh)


def _banner(place: Place) -> None:
    with parts.box(classes="banner").props("role=alert") as banner:
        parts.text("The testbed does not answer", "h2")
        why = parts.text(place.seen, "p")
        parts.text(
            "Start it with `make up` in a terminal. This page goes on by itself when it is there.",
            "p",
        )

    def refresh() -> None:
        banner.set_visibility(not place.up)
        why.set_content(escape(place.seen, quote=False))

    refresh()
    ui.timer(_REFRESH_S, refresh)


def _theme() -> None:
    """Light, dark, or as the system has it; kept in a cookie, so that no page flashes."""
    request = ui.context.client.request
    kept = request.cookies.get(THEME_COOKIE, "") if request else ""
    mode = ui.dark_mode(_THEMES.get(kept))
    toggle = ui.element("button").classes("button small").props("type=button")
    with toggle:
        parts.text("Light or dark", "span")

    def switch(event: object) -> None:
        mode.set_value(bool(getattr(event, "args", False)))

    toggle.on(
        "click",
        switch,
        js_handler="() => { const dark = !document.body.classList.contains('body--dark');"
        f" document.cookie = '{THEME_COOKIE}=' + (dark ? 'dark' : 'light')"
        " + ';path=/;max-age=31536000;samesite=strict'; emit(dark); }",
    )
