"""Answers the console's own pages, programs and links to it, and no page of anybody else's.

NiceGUI takes websockets and polling from every origin; a browser sends them for any page.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

MESSAGE: Final = "The console answers its own pages only.\n"


class SameOriginOnly:
    """ASGI middleware: 403 for what a page of another origin sends, a websocket included."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if scope["type"] not in ("http", "websocket") or not is_foreign(Headers(scope=scope)):
            await self._app(scope, receive, send)
        elif scope["type"] == "http":
            await PlainTextResponse(MESSAGE, status_code=403)(scope, receive, send)
        else:
            await send({"type": "websocket.close", "code": 1008})  # before an accept: 403


def is_foreign(headers: Headers) -> bool:
    """Whether a page of another origin sends a request with *headers*.

    Origin and fetch metadata are the browser's own: https://www.w3.org/TR/fetch-metadata/. A link
    to the console may be followed, but not into a frame.
    """
    origins = headers.getlist("origin")
    if origins and origins != [f"http://{headers.get('host')}"]:
        return True
    if headers.get("sec-fetch-site") in (None, "none", "same-origin"):
        return False
    is_link = (
        headers.get("sec-fetch-mode"),
        headers.get("sec-fetch-dest"),
    ) == ("navigate", "document")
    return bool(origins) or not is_link
