"""Refuses what a page of another origin sends to the console: requests, and websockets.

NiceGUI takes websockets from every origin. Sources: Fetch Standard, "Origin header"; Fetch Metadata
Request Headers (W3C), 2.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.websockets import WebSocketClose

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

WORDS: Final = "A page of another origin sent this, and the console answers its own pages alone.\n"
OWN_SITES: Final = ("same-origin", "none")
POLICY_VIOLATION: Final = 1008  # RFC 6455, 7.4.1


class SameOriginMiddleware:
    """Answers foreign pages with 403 before the console sees what they sent.

    A link to the console is still followed: as a document of its own, not within another page.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what is not foreign; a websocket that is refused is answered with 403, too."""
        if scope["type"] not in ("http", "websocket") or not is_foreign(Headers(scope=scope)):
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await WebSocketClose(POLICY_VIOLATION)(scope, receive, send)
        else:
            await PlainTextResponse(WORDS, status_code=403)(scope, receive, send)


def is_foreign(headers: Headers) -> bool:
    """Whether a page that is not the console's own sent a request with these *headers*."""
    origin = headers.get("origin")
    if origin is not None and origin != f"http://{headers.get('host')}":
        return True
    site = headers.get("sec-fetch-site")
    followed_link = (headers.get("sec-fetch-mode"), headers.get("sec-fetch-dest")) == (
        "navigate",
        "document",
    )
    return site is not None and site not in OWN_SITES and not followed_link
