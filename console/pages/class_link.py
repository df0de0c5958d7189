"""Class link: what is open to a class, to whom, and the QR code that leads there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from nicegui import ui

from console import elements
from console.page import Page

if TYPE_CHECKING:
    from console.share.link import ClassLink
    from console.watch import WatchedTestbed

OPENED: Final = (
    "the names, times and states of the latest 25 executions",
    "the page of each, as `make trace` writes it: inputs, outputs, log lines, the definition",
    "nothing that could change, start, upload or delete anything, and no other page",
)


async def draw(watch: WatchedTestbed) -> None:
    """The link, or how to have one."""
    if watch.class_link is None:
        _closed()
    else:
        _open(watch.class_link)
    with elements.box("section", "card below"):
        elements.text("What the link opens", "h2")
        with elements.box("ul"):
            for one in OPENED:
                elements.text(one, "li")
        elements.text(
            "To whoever can reach that address and has the link, which holds a secret of its own. "
            "It is not encrypted: use it on a network that you trust. It ends with this console, "
            "and the next one has another secret.",
            "p",
        )


PAGE: Final = Page(
    route="/class",
    title="Class link",
    lede="Let a class look on from their own machines, only if you ask for it.",
    draw=draw,
    below="/",
)


def _closed() -> None:
    with elements.box("section", "card"):
        elements.text("Nothing is open", "h2")
        elements.text(
            "The console listens on 127.0.0.1 alone. To open the class's pages, start it with the "
            "address of this machine in the network of your class.",
            "p",
        )
        elements.command("make console CONSOLE_SHARE=192.168.1.20")


def _open(link: ClassLink) -> None:
    with elements.box("section", "card").props("data-slide"):
        elements.text(f"Open on {link.address}, port {link.port}", "h2")
        with elements.box("p", "mono large"):
            shown = ui.element("a").props('target=_blank rel="noopener noreferrer"')
            shown.props["href"] = link.url
            with shown:
                elements.text(link.url, "span")
        with elements.box(classes="qr").props('role=img aria-label="QR code of the link"'):
            elements.Rendered().show(link.qr())
