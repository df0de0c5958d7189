"""Peers from PyPI, each as a process that ends with the block that it is started for."""

from __future__ import annotations

import contextlib
import dataclasses
import os
import subprocess
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Final

from localstack_standalone.launcher import ports
from testbed import names, settings, waiting
from testbed.aws import EMULATOR_ACCESS_KEY, EMULATOR_SECRET_KEY
from testbed.errors import TestbedError

_READY_TIMEOUT_S: Final = 60.0
_STOP_TIMEOUT_S: Final = 10.0


@dataclasses.dataclass(frozen=True)
class Peer:
    """Another emulator.

    Attributes:
        name: as people know it.
        environment: of this checkout, that has it; its distribution on PyPI has the same name.
        arguments: its Python's, for a port.
        variables: its process's own, for a port; it shall listen on 127.0.0.1 alone.
        health: the path that answers when it is ready.
        switches: path and body of a POST that has it do all that it can; None where it does.
    """

    name: str
    environment: str
    arguments: Callable[[int], list[str]]
    variables: Callable[[int], Mapping[str, str]]
    health: str
    switches: tuple[str, bytes] | None = None


MINISTACK: Final = Peer(
    "MiniStack",
    "ministack",
    lambda _port: ["-m", "ministack"],
    lambda port: {
        "BIND_HOST": "127.0.0.1",
        "GATEWAY_PORT": str(port),
        "MINISTACK_REGION": names.REGION,
        "LOG_LEVEL": "WARNING",
    },
    "_ministack/health",
)
MOTO: Final = Peer(
    "moto",
    "moto",
    lambda port: ["-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)],
    lambda _port: {},
    "moto-api/",
    # Without it, executions stay RUNNING.
    ("moto-api/config", b'{"stepfunctions": {"execute_state_machine": true}}'),
)
LOCALEMU: Final = Peer(
    "LocalEmu",
    "localemu",
    lambda _port: ["-m", "localemu.runtime.main"],
    lambda port: {
        "GATEWAY_LISTEN": f"127.0.0.1:{port}",
        "LOCALEMU_HOST": f"127.0.0.1:{port}",
        # Its other server listens on all addresses where TLS is on.
        "GATEWAY_SERVER": "hypercorn",
        "SKIP_SSL_CERT_DOWNLOAD": "1",
    },
    "_localemu/health",
)


@contextlib.contextmanager
def private(peer: Peer, folder: Path) -> Iterator[tuple[str, int]]:
    """*peer* with nothing in it, for as long as the block runs: its endpoint and process.

    Raises:
        TestbedError: it did not come up.
    """
    folder.mkdir(parents=True)
    port = ports.free_port()
    endpoint = f"http://127.0.0.1:{port}"
    with (folder / f"{peer.environment}.log").open("wb") as log:
        server = subprocess.Popen(
            [settings.ENVS / peer.environment / "bin" / "python", *peer.arguments(port)],
            env={**_environ(folder), **peer.variables(port)},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            cwd=folder,
        )
    try:
        _until_it_answers(peer, f"{endpoint}/{peer.health}", server)
        if peer.switches:
            path, body = peer.switches
            urllib.request.urlopen(f"{endpoint}/{path}", body, timeout=5).close()  # noqa: S310 - ours
        yield endpoint, server.pid
    finally:
        server.terminate()
        try:
            server.wait(timeout=_STOP_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def _environ(folder: Path) -> dict[str, str]:
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": str(folder),
        "TMPDIR": str(folder),
        "AWS_DEFAULT_REGION": names.REGION,
        "AWS_ACCESS_KEY_ID": EMULATOR_ACCESS_KEY,
        "AWS_SECRET_ACCESS_KEY": EMULATOR_SECRET_KEY,
    }


def _until_it_answers(peer: Peer, url: str, server: subprocess.Popen[bytes]) -> None:
    def probe() -> tuple[bool | None, str]:
        if server.poll() is not None:
            raise TestbedError(f"{peer.name} ended while starting (exit code {server.returncode})")
        try:
            with urllib.request.urlopen(url, timeout=1):  # noqa: S310 - our own address
                return True, "it answers"
        except OSError as error:
            return None, str(error)

    waiting.until(probe, f"{peer.name}'s readiness", timeout_s=_READY_TIMEOUT_S, interval_s=0.02)
