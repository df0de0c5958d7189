"""The engines that are compared, each started empty, provisioned, and ended again.

``tuned`` is this testbed; ``untuned`` the same LocalStack with TUNING=off; ``ministack`` a peer
from PyPI, which runs the pipeline without its API: its API Gateway cannot start executions.
"""

from __future__ import annotations

import contextlib
import dataclasses
import os
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Final, Literal

from botocore.exceptions import ClientError

from bench.load import Client, Place, memory_mb
from emulator import embedded, ports
from infra import package, stack
from infra import place as stack_place
from testbed import names, settings, waiting
from testbed.aws import EMULATOR_ACCESS_KEY, EMULATOR_SECRET_KEY, Aws
from testbed.errors import TestbedError

Engine = Literal["untuned", "tuned", "ministack"]
SAMPLE: Final = settings.ROOT / "samples" / "club2.png"
_ACCOUNT: Final = "000000000000"
_READY_TIMEOUT_S: Final = 30.0


@dataclasses.dataclass(frozen=True)
class Life:
    """An engine that was just provisioned.

    Attributes:
        engine: which one.
        client: starts executions.
        aws: boto3's clients.
        ready_s: from the start until it answers.
        provisioning_s: from there until the pipeline is there.
        ready_mb: resident memory when it answered, in MB.
    """

    engine: Engine
    client: Client
    aws: Aws
    ready_s: float
    provisioning_s: float
    ready_mb: float


@contextlib.contextmanager
def life(engine: Engine, folder: Path, code: package.Package) -> Iterator[Life]:
    """*engine* with the pipeline and one image in it, for as long as the block runs."""
    began = time.monotonic()
    with _ministack(folder) if engine == "ministack" else _localstack(engine, folder) as (aws, pid):
        ready = time.monotonic()
        ready_mb = memory_mb(pid)
        api_url = provision(engine, aws, code)
        provisioned = time.monotonic()
        starts = client(aws, api_url, pid)
        yield Life(engine, starts, aws, ready - began, provisioned - ready, ready_mb)


def client(aws: Aws, api_url: str | None, pid: int) -> Client:
    """What starts executions of the image that it uploads."""
    aws.s3.upload_file(str(SAMPLE), names.ORIGINAL_BUCKET, SAMPLE.name)
    arn = stack_place.Place(_ACCOUNT, aws.region).state_machine_arn
    return Client(Place(str(aws.endpoint), arn, api_url, pid))


def provision(engine: Engine, aws: Aws, code: package.Package) -> str | None:
    """Make the pipeline; the address of its API, if it has one."""
    try:
        made = stack.apply(aws, target="embedded", code=code.path, architecture=code.architecture)
    except ClientError:
        if engine != "ministack":
            raise
        return None  # all but the API, which comes last
    return made.api_url


@contextlib.contextmanager
def _localstack(engine: Engine, folder: Path) -> Iterator[tuple[Aws, int]]:
    before = os.environ.get("TUNING")
    os.environ["TUNING"] = "off" if engine == "untuned" else "all"
    try:
        started = embedded.start(folder, None, tied=True)
    finally:
        os.environ.pop("TUNING") if before is None else os.environ.update(TUNING=before)
    try:
        yield Aws(endpoint=started.endpoint), started.pid
    finally:
        embedded.stop(folder)


@contextlib.contextmanager
def _ministack(folder: Path) -> Iterator[tuple[Aws, int]]:
    folder.mkdir(parents=True)
    port = ports.free_port()
    environment = {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": str(folder),
        "TMPDIR": str(folder),
        "BIND_HOST": "127.0.0.1",
        "GATEWAY_PORT": str(port),
        "MINISTACK_REGION": names.REGION,
        "AWS_DEFAULT_REGION": names.REGION,
        "AWS_ACCESS_KEY_ID": EMULATOR_ACCESS_KEY,
        "AWS_SECRET_ACCESS_KEY": EMULATOR_SECRET_KEY,
        "LOG_LEVEL": "WARNING",
    }
    endpoint = f"http://127.0.0.1:{port}"
    with (folder / "ministack.log").open("wb") as log:
        server = subprocess.Popen(
            [settings.ENVS / "ministack" / "bin" / "python", "-m", "ministack"],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            cwd=folder,
        )
    try:
        _until_answers(f"{endpoint}/_ministack/health", server)
        yield Aws(endpoint=endpoint), server.pid
    finally:
        server.terminate()
        try:
            server.wait(timeout=10)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def _until_answers(url: str, server: subprocess.Popen[bytes]) -> None:
    def probe() -> tuple[bool | None, str]:
        if server.poll() is not None:
            raise TestbedError(f"MiniStack ended while starting (exit code {server.returncode})")
        try:
            with urllib.request.urlopen(url, timeout=1):  # noqa: S310 - our own address
                return True, "it answers"
        except OSError as error:
            return None, str(error)

    waiting.until(probe, "MiniStack's readiness", timeout_s=_READY_TIMEOUT_S, interval_s=0.02)
