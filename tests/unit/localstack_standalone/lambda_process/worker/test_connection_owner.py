"""Whose a connection is."""

from __future__ import annotations

import os
import socket
import subprocess
import sys

from localstack_standalone.lambda_process.worker import connection_owner

CONNECT = """
import socket, sys
held = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
sys.stdin.read()
"""


def test_a_process_owns_its_own_and_its_childrens() -> None:
    """A stranger, and a process that is gone, own none."""
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        subprocess.Popen([sys.executable, "-c", ""]) as gone,
        subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as stranger,
        subprocess.Popen(
            [sys.executable, "-c", CONNECT, str(server.getsockname()[1])], stdin=subprocess.PIPE
        ) as child,
    ):
        connection, peer = server.accept()
        gone.wait()
        owners = {
            pid: connection_owner.is_process(peer, pid)
            for pid in (child.pid, os.getpid(), stranger.pid, gone.pid)
        }
        connection.close()
        stranger.communicate(b"\n")
        child.communicate(b"")
    assert [True, True, False, False] == list(owners.values())
