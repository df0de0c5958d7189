"""Requests exactly as they are written: clients would put headers of their own right."""

from __future__ import annotations

import dataclasses
import email.message
import http.client
import socket
from collections.abc import Iterable
from urllib.parse import urlsplit

TIMEOUT_S = 30


@dataclasses.dataclass(frozen=True)
class Answer:
    status: int
    headers: email.message.Message
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


def send(
    endpoint: str,
    method: str = "GET",
    target: str = "/",
    *headers: tuple[str, str],
    body: str = "",
    host: str | None = None,
    version: str = "1.1",
) -> Answer:
    """Send one request to *endpoint* with *headers*, *host* in front of them if there is one.

    Args:
        endpoint: whom to connect to.
        method: as it is sent.
        target: as it is sent.
        headers: as they are sent; Content-Length and Connection are added.
        body: what to send.
        host: value of the Host header; None for the endpoint's own, "" for no such header.
        version: of HTTP.
    """
    place = urlsplit(endpoint)
    named = place.netloc if host is None else host
    lines = [
        f"{method} {target} HTTP/{version}",
        *(f"{name}: {value}" for name, value in _all(named, headers, len(body.encode()))),
    ]
    with socket.create_connection((str(place.hostname), place.port or 80), TIMEOUT_S) as connection:
        connection.sendall("\r\n".join([*lines, "", body]).encode())
        answer = http.client.HTTPResponse(connection, method=method)
        answer.begin()
        return Answer(answer.status, answer.headers, answer.read())


def _all(host: str, headers: Iterable[tuple[str, str]], length: int) -> Iterable[tuple[str, str]]:
    if host:
        yield "Host", host
    yield from headers
    if length:
        yield "Content-Length", str(length)
    if not any(name == "Upgrade" for name, _ in headers):
        yield "Connection", "close"
