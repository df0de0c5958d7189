from __future__ import annotations

import base64
import hashlib
import io
import json
import tarfile

import pytest

from dev import node_clients
from testbed.errors import TestbedError


def packed(content: bytes) -> tuple[bytes, str]:
    """An npm package with one file, and its digest as npm writes it."""
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w:gz") as opened:
        entry = tarfile.TarInfo("package/index.mjs")
        entry.size = len(content)
        opened.addfile(entry, io.BytesIO(content))
    digest = hashlib.sha512(archive.getvalue()).digest()
    return archive.getvalue(), "sha512-" + base64.b64encode(digest).decode()


def test_a_file_is_taken_out_of_its_package() -> None:
    """The one that is kept."""
    archive, integrity = packed(b"client")
    assert b"client" == node_clients.taken(archive, "package/index.mjs", integrity)


def test_another_package_is_refused() -> None:
    """Nothing is taken of what is not the lock's."""
    archive, _ = packed(b"client")
    _, other = packed(b"another")
    with pytest.raises(TestbedError, match="not the one of the lock"):
        node_clients.taken(archive, "package/index.mjs", other)


def test_the_clients_are_those_of_the_lock() -> None:
    """What is kept is what AWS published: no line of it is ours."""
    clients = json.loads(node_clients.LOCK.read_text())
    seen = {
        name: hashlib.sha256((node_clients.FOLDER / name).read_bytes()).hexdigest()
        for name in clients
    }
    assert {name: client["sha256"] for name, client in clients.items()} == seen
    assert set(clients) == {path.name for path in node_clients.FOLDER.glob("aws-lambda-ric-*")}
