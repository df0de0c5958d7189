from __future__ import annotations

import dataclasses
import os
import sys
import urllib.request
from pathlib import Path

import psutil
import pytest

from bench import peers
from testbed import settings
from testbed.errors import TestbedError

SERVER = """
import http.server, os, sys
class Handler(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        self.server.switched = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.do_GET()
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        text = getattr(self.server, "switched", os.environ["MINISTACK_REGION"])
        self.wfile.write(text.encode())
address = os.environ["BIND_HOST"], int(os.environ["GATEWAY_PORT"])
http.server.HTTPServer(address, Handler).serve_forever()
"""


def install(folder: Path, program: str) -> None:
    """Make a Python of MiniStack's environment that runs *program* whatever it is asked for."""
    python = folder / "ministack" / "bin" / "python"
    python.parent.mkdir(parents=True)
    (folder / "program.py").write_text(program, encoding="utf-8")
    python.write_text(
        f'#!/bin/sh\nexec "{sys.executable}" "{folder / "program.py"}"\n', encoding="utf-8"
    )
    python.chmod(0o700)


@pytest.fixture
def envs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder of environments."""
    monkeypatch.setattr(settings, "ENVS", tmp_path / "envs")
    return tmp_path / "envs"


def test_it_answers_while_the_block_runs_and_has_ended_then(envs: Path, tmp_path: Path) -> None:
    """On a port of this machine alone, in the testbed's region."""
    install(envs, SERVER)
    with peers.private(peers.MINISTACK, tmp_path / "home") as (endpoint, pid):
        assert pid != os.getpid()
        with urllib.request.urlopen(endpoint, timeout=5) as response:  # noqa: S310 - our own address
            assert b"ca-central-1" == response.read()
    assert not psutil.pid_exists(pid)


def test_one_that_ends_while_it_starts_is_told(envs: Path, tmp_path: Path) -> None:
    """With its exit code, and at once."""
    install(envs, "raise SystemExit(7)")
    with (
        pytest.raises(TestbedError, match=r"ended while starting \(exit code 7\)"),
        peers.private(peers.MINISTACK, tmp_path / "home"),
    ):
        pass


def test_one_that_needs_it_is_switched_on(envs: Path, tmp_path: Path) -> None:
    """Before anybody uses it."""
    install(envs, SERVER)
    peer = dataclasses.replace(peers.MINISTACK, switches=("config", b"all of it"))
    with (
        peers.private(peer, tmp_path / "home") as (endpoint, _),
        urllib.request.urlopen(endpoint, timeout=5) as response,  # noqa: S310 - our own address
    ):
        assert b"all of it" == response.read()


@pytest.mark.parametrize(
    "peer", [peers.MINISTACK, peers.MOTO, peers.LOCALEMU], ids=lambda p: p.name
)
def test_a_peer_listens_on_this_machine_alone(peer: peers.Peer) -> None:
    """On the port that it is given."""
    told = [*peer.arguments(4599), *peer.variables(4599).values()]
    assert any("127.0.0.1" in word for word in told)
    assert any("4599" in word for word in told)
