"""The emulators that are compared, each started empty, provisioned, and ended again.

``tuned`` is this testbed; ``untuned`` the same LocalStack with TUNING=off; ``ministack`` a peer
from PyPI, which runs the pipeline without its API: its API Gateway cannot start executions.
``embedded`` and ``docker`` are this testbed's targets as a person has set them; ``kept`` writes all
that it acknowledges to disk, ``forgetful`` nothing. The functions of ``sandboxed`` have sandboxes,
those of ``unconfined`` are ordinary processes.
"""

from __future__ import annotations

import contextlib
import dataclasses
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path
from typing import Final, Literal

from botocore.exceptions import ClientError

from bench import peers
from bench.goals import THE_THREE
from bench.load import Entry, LoadClient, memory_mb
from bench.measurements import Measurements
from infra import package, stack
from infra.account import Account
from infra.resource import Cloud
from localstack_standalone.launcher import ports, record
from localstack_standalone.launcher.health import Health
from localstack_standalone.launcher.record import Record
from targets import choose, embedded, health, state
from targets.docker import compose
from targets.docker.target import launch
from testbed import names, settings, waiting
from testbed.aws import Aws
from testbed.errors import TestbedError

Emulator = Literal[
    "untuned",
    "tuned",
    "ministack",
    "embedded",
    "docker",
    "forgetful",
    "kept",
    "unconfined",
    "sandboxed",
]
SAMPLE: Final = settings.ROOT / "samples" / "club2.png"
ACCOUNT: Final = "000000000000"
_UP_TIMEOUT_S: Final = 120.0


@dataclasses.dataclass(frozen=True)
class Life:
    """An emulator that was just provisioned.

    Attributes:
        emulator: which one.
        client: starts executions.
        aws: boto3's clients.
        ready_s: from the start until it answers.
        provisioning_s: from there until the pipeline is there.
        ready_mb: resident memory when it answered, in MB.
    """

    emulator: Emulator
    client: LoadClient
    aws: Aws
    ready_s: float
    provisioning_s: float
    ready_mb: float

    def first_execution(self, measured: Measurements) -> None:
        """Keep what it took until now, and what the first execution takes."""
        first_s = self.client.execute()
        for what, value in {
            "ready, s": self.ready_s,
            "provisioning, s": self.provisioning_s,
            "first execution, s": first_s,
            THE_THREE: self.ready_s + self.provisioning_s + first_s,
        }.items():
            measured.add(self.emulator, what, value)


@contextlib.contextmanager
def life(emulator: Emulator, folder: Path, code: package.Package) -> Iterator[Life]:
    """*emulator* with the pipeline and one image in it, for as long as the block runs."""
    began = time.monotonic()
    with _START[emulator](folder) as (endpoint, pid):
        ready = time.monotonic()
        ready_mb, aws = memory_mb(pid), Aws(endpoint=endpoint)
        api_url = provision(emulator, aws, code)
        provisioned = time.monotonic()
        starts = client(aws, api_url, pid)
        yield Life(emulator, starts, aws, ready - began, provisioned - ready, ready_mb)


def by_turns(lives: Sequence[Life], rounds: int, note: Callable[[str], None]) -> Iterator[Life]:
    """Each of *lives* once a round, so that all meet what else there is; every other one backwards.

    *note* is told which round it is.
    """
    for number in range(rounds):
        note(f"round {number + 1} of {rounds}")
        yield from lives if number % 2 else lives[::-1]


def client(aws: Aws, api_url: str | None, pid: int) -> LoadClient:
    """What starts executions of the image that it uploads."""
    aws.s3.upload_file(str(SAMPLE), names.ORIGINAL_BUCKET, SAMPLE.name)
    arn = Account(ACCOUNT, aws.region).state_machine_arn(names.STATE_MACHINE)
    return LoadClient(Entry(str(aws.endpoint), arn, api_url, pid), SAMPLE.name)


def provision(emulator: Emulator, aws: Aws, code: package.Package) -> str | None:
    """Make the pipeline; the address of its API, if that starts executions."""
    if emulator == "docker":  # it provisions by itself, which is watched from outside
        return _provisioned(aws)
    try:
        made = stack.apply(aws, target="embedded", package=code)
    except ClientError:
        if emulator != "ministack":
            raise
        return None  # all but the API, which comes last
    # MiniStack makes the API from 1.5 on, and answers its POST with 504.
    return None if emulator == "ministack" else made.api_url


@contextlib.contextmanager
def _localstack(folder: Path, **given: str) -> Iterator[tuple[str, int]]:
    with embedded.private(folder, **given) as started:
        yield started.endpoint, started.pid


def keeping(folder: Path) -> dict[str, str]:
    """The settings of one that keeps its state in *folder*."""
    return {"STANDALONE_PERSISTENCE": str(folder / "kept")}


@contextlib.contextmanager
def _kept(folder: Path) -> Iterator[tuple[str, int]]:
    with embedded.private(folder, **keeping(folder)) as started:
        yield started.endpoint, started.pid


@contextlib.contextmanager
def _docker(folder: Path) -> Iterator[tuple[str, int]]:
    wanted = settings.Settings(port=ports.free_port(), state_dir=folder)
    endpoint = f"http://127.0.0.1:{wanted.port}"
    try:
        with state.held(folder), ThreadPoolExecutor(1) as pool:
            starting = pool.submit(launch, wanted)
            _until(lambda: health.check(endpoint), starting)
            yield endpoint, _container_pid(folder)
    finally:
        choose.down(folder)
        choose.forget_kept(folder)


def _container_pid(folder: Path) -> int:
    known = record.read(folder)
    found = compose.inspect(known) if known else None
    if found is None:
        raise TestbedError(f"the container of {folder} is gone")
    return found.pid


def _provisioned(aws: Aws) -> str:
    """Wait until the pipeline is there; the address of its API."""
    _until(lambda: health.check_provisioned(str(aws.endpoint)))
    return stack.outputs(Cloud(aws, stack.account(aws)), "docker").api_url


def _until(look: Callable[[], Health], starting: Future[Record] | None = None) -> None:
    def probe() -> tuple[bool | None, str]:
        seen = look()
        if starting and starting.done():
            starting.result()  # raises why it did not come up
        return (True if seen.ready else None), seen.seen

    waiting.until(probe, "the container's readiness", timeout_s=_UP_TIMEOUT_S)


_START: Final[Mapping[Emulator, Callable[[Path], AbstractContextManager[tuple[str, int]]]]] = {
    "untuned": partial(_localstack, TUNING="off"),
    "tuned": partial(_localstack, TUNING="all"),
    "ministack": partial(peers.private, peers.MINISTACK),
    "embedded": _localstack,
    "docker": _docker,
    "forgetful": _localstack,
    "kept": _kept,
    "unconfined": partial(_localstack, LAMBDA_SANDBOX="off"),
    "sandboxed": partial(_localstack, LAMBDA_SANDBOX="require"),
}
