"""The class's pages: the latest executions, one of them, and the latest as it comes. GET alone."""

from __future__ import annotations

from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Final

import anyio
from anyio import to_thread
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route

from runs import collect
from runs.model import Status
from testbed.errors import TestbedError
from views import html, sizes, theme
from views.markup import Templates

if TYPE_CHECKING:
    from collections.abc import Callable

    from markupsafe import Markup
    from starlette.requests import Request
    from starlette.types import ASGIApp, Receive, Scope, Send

    from console.share.link import ClassLink
    from console.watch import Deployment, WatchedTestbed

LISTED: Final = 25
REFRESH_S: Final = 5
# A class asks all at once; the testbed is asked a few at a time.
AT_ONCE: Final = 4
TEMPLATES: Final = Templates(Path(__file__).with_name("templates"))
_HEADERS: Final = {
    # The page's own style, and nothing else: no script, no form, no frame, no address handed on.
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}


class ReadOnly:
    """ASGI middleware: what is no GET or HEAD of a page is refused, a websocket included."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})  # before an accept: 403
        elif scope["type"] == "http" and scope["method"] not in ("GET", "HEAD"):
            refused = PlainTextResponse(
                "The class's pages only show.\n",
                HTTPStatus.METHOD_NOT_ALLOWED,
                {"Allow": "GET, HEAD", **_HEADERS},
            )
            await refused(scope, receive, send)
        else:
            await self._app(scope, receive, send)


def app(watch: WatchedTestbed, link: ClassLink) -> ASGIApp:
    """All that *link* opens."""
    pages = _ClassPages(watch, link)
    made = Starlette(
        routes=[
            Route("/{token}/", pages.executions),
            Route("/{token}/latest", pages.latest),
            Route("/{token}/executions/{name}", pages.execution),
        ],
        middleware=[
            Middleware(ReadOnly),
            Middleware(TrustedHostMiddleware, allowed_hosts=[link.address]),
        ],
    )
    # A path that is not there leads nowhere, and tells nothing of what is.
    made.router.redirect_slashes = False
    return made


class _ClassPages:
    def __init__(self, watch: WatchedTestbed, link: ClassLink) -> None:
        self._watch, self._link = watch, link
        self._limiter = anyio.CapacityLimiter(AT_ONCE)

    async def executions(self, request: Request) -> Response:
        """The latest, each with its page."""

        def work(found: Deployment) -> Markup:
            machine = found.outputs.state_machine_arn
            listed = list(collect.listed(found.aws, machine, most=LISTED))
            return TEMPLATES.render("executions.html", executions=listed, sizes=sizes, theme=theme)

        return await self._answer(request, work, refresh=True)

    async def latest(self, request: Request) -> Response:
        """The execution that began last, as far as it is, and then the next."""
        return await self._answer(request, lambda found: self._trace(found, "last"), refresh=True)

    async def execution(self, request: Request) -> Response:
        """One execution, as `make trace` shows it."""
        name = request.path_params["name"]
        running = False

        def work(found: Deployment) -> Markup:
            nonlocal running
            arn = collect.find(found.aws, found.outputs, name)
            running = collect.execution(found.aws, arn).status is Status.RUNNING
            return self._trace(found, name)

        answer = await self._answer(request, work)
        if running:
            answer.headers["Refresh"] = str(REFRESH_S)
        return answer

    def _trace(self, found: Deployment, name: str) -> Markup:
        arn = collect.find(found.aws, found.outputs, name)
        whole = collect.collect(found.aws, found.outputs, arn, call=self._watch.calls.get(arn))
        return html.page(whole, collect.definition(found.aws, arn))

    async def _answer(
        self, request: Request, work: Callable[[Deployment], Markup], *, refresh: bool = False
    ) -> Response:
        if not self._link.admits(request.path_params["token"]):
            return PlainTextResponse("not found\n", HTTPStatus.NOT_FOUND, _HEADERS)
        headers = _HEADERS | ({"Refresh": str(REFRESH_S)} if refresh else {})
        try:
            page = await to_thread.run_sync(lambda: self._watch.ask(work), limiter=self._limiter)
        except TestbedError as error:
            words = TEMPLATES.render("nothing.html", why=str(error), theme=theme)
            return HTMLResponse(words, HTTPStatus.NOT_FOUND, headers)
        return HTMLResponse(page, headers=headers)
