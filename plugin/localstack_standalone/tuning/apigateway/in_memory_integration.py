"""API Gateway calls the services of this emulator directly, not over loopback.

For each request with an AWS integration LocalStack makes a new HTTP session and a new connection to
itself, 6 ms. The request is the same here, with the headers that a client adds on its way.
"""

from __future__ import annotations

import contextlib
import email.utils
from types import ModuleType, SimpleNamespace
from typing import Any

import requests
from localstack import config
from localstack.runtime import get_current_runtime
from rolo import Request, Response
from werkzeug.datastructures import Headers

from localstack_standalone import unanswered


def tune(module: ModuleType) -> None:
    """Have *module*, the AWS integration, send its requests with `send`."""
    module.requests = SimpleNamespace(request=send)  # type: ignore[attr-defined]


def send(**wanted: Any) -> Any:
    """Answer like `requests.request`: with ``status_code``, ``headers`` and ``content``."""
    if not wanted["url"].startswith(config.internal_service_url()):
        return requests.request(**wanted)  # noqa: S113 - as LocalStack does, without a deadline
    headers = requests.utils.default_headers()
    headers.update(wanted.pop("headers", None) or {})
    prepared = requests.Request(headers=headers, **wanted).prepare()
    path, _, query = str(prepared.path_url).partition("?")
    body = prepared.body or b""
    request = Request(
        method=str(prepared.method),
        path=path,
        raw_path=path,
        query_string=query,
        headers=Headers(list(prepared.headers.items())),
        body=body.encode() if isinstance(body, str) else body,
    )
    response = Response()
    with contextlib.closing(response):  # an object of S3 is locked until its reader closes it
        get_current_runtime().components.gateway.process(request, response)
        if unanswered.is_left(request.environ):
            raise requests.ConnectionError("Connection aborted: closed without an answer")
        content = response.get_data()
    named = {"Date": email.utils.formatdate(usegmt=True), **dict(response.headers)}
    return SimpleNamespace(content=content, status_code=response.status_code, headers=named)
