"""A request as WSGI describes it (PEP 3333), with what rolo's gateway wants beside that."""

from __future__ import annotations

import sys
from typing import IO, TYPE_CHECKING, Any
from urllib.parse import unquote_to_bytes

from localstack_standalone.gateway import head

if TYPE_CHECKING:
    import h11

Environ = dict[str, Any]


def describe(
    request: h11.Request,
    body: IO[bytes],
    *,
    scheme: str,
    server: tuple[str, int],
    client: tuple[str, int],
) -> Environ:
    """The environment of *request*; *server* and *client* are host and port."""
    parts = head.split(request)
    target = request.target.decode("latin-1")
    headers = request.headers.raw_items()
    if parts.netloc:  # what the target names counts, not the Host field (RFC 9112, 3.2.2)
        headers = _with_host(headers, parts.netloc.rpartition("@")[2].encode("latin-1"))
    return {
        "REQUEST_METHOD": request.method.decode("latin-1"),
        "REMOTE_ADDR": client[0],
        "REMOTE_PORT": str(client[1]),
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(parts.path).decode("latin-1"),
        "QUERY_STRING": parts.query,
        "REQUEST_URI": target,
        "RAW_URI": target,
        "CONTENT_TYPE": "",
        "CONTENT_LENGTH": "",
        "SERVER_NAME": server[0],
        "SERVER_PORT": str(server[1]),
        "SERVER_PROTOCOL": f"HTTP/{request.http_version.decode()}",
        "rolo.headers": headers,
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scheme,
        "wsgi.run_once": False,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.errors": sys.stderr,
        "wsgi.input": body,
        "wsgi.input_terminated": True,
        **_variables(headers),
    }


def _with_host(headers: list[tuple[bytes, bytes]], host: bytes) -> list[tuple[bytes, bytes]]:
    return [(name, host if name.lower() == b"host" else value) for name, value in headers]


def _variables(headers: list[tuple[bytes, bytes]]) -> dict[str, str]:
    """The header fields as variables; those of one name are joined.

    A name with an underscore would pass for the one with a hyphen: ``X_User`` for ``X-User``. As in
    nginx and werkzeug it is no variable; ``rolo.headers`` has it as it came.
    """
    variables: dict[str, str] = {}
    for raw, value in headers:
        if b"_" in raw:
            continue
        name = raw.decode("latin-1").upper().replace("-", "_")
        text = value.decode("latin-1")
        if name in ("CONTENT_TYPE", "CONTENT_LENGTH"):
            variables[name] = text
        name = f"HTTP_{name}"
        variables[name] = f"{variables[name]},{text}" if name in variables else text
    return variables
