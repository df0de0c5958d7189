"""An emulator that keeps its state, for tests that kill it and start it again."""

from __future__ import annotations

import contextlib
import os
import signal
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import psutil
import requests

from localstack_standalone.launcher import emulator
from localstack_standalone.launcher.record import Record
from localstack_standalone.persistence import wal
from localstack_standalone.persistence.journal import FILE
from targets import embedded
from testbed import waiting
from testbed.aws import Aws


class KeptEmulator:
    """One that is killed and started on the same folder and port.

    Attributes:
        aws: clients for it.
        folder: where its state is kept.
    """

    def __init__(self, home: Path, **settings: str) -> None:
        self.folder = home / "kept"
        self._state_dir = home / "emulator"
        self._settings = settings
        self._port: int | None = None
        self.record: Record | None = None
        self._aws: Aws | None = None

    @property
    def aws(self) -> Aws:
        """Clients for the one that is up."""
        assert self._aws is not None
        return self._aws

    def start(self) -> None:
        """Start it, where it was before."""
        installed = embedded.installed(STANDALONE_PERSISTENCE=str(self.folder), **self._settings)
        self.record = emulator.start(self._state_dir, self._port, installed, tied=True)
        self._port = self.record.port
        self._aws = Aws(endpoint=self.record.endpoint)

    def kill(self) -> None:
        """End it as a crash does: without a word, with its workers left alone."""
        assert self.record is not None
        process = psutil.Process(self.record.pid)
        os.kill(self.record.pid, signal.SIGKILL)
        process.wait(timeout=10)
        self.record = None

    def wait_for_object(self, bucket: str, key: str) -> None:
        """Return when *key* is in *bucket*."""

        def probe() -> tuple[bool | None, str]:
            listed = self.aws.s3.list_objects_v2(Bucket=bucket).get("Contents", [])
            there = [each["Key"] for each in listed]
            return (key in there) or None, f"{there}"

        waiting.until(probe, f"{key} in {bucket}", timeout_s=20)

    @contextlib.contextmanager
    def disk(self) -> Iterator[sqlite3.Connection]:
        """Its database, while it is down: to change what no emulator would.

        Whoever closes it last moves the log into it, so that the next start must expect none.
        """
        file = self.folder / FILE
        with contextlib.closing(sqlite3.connect(file)) as connection, connection:
            yield connection
        wal.unmark(file)

    def stop(self) -> None:
        """End it as people do."""
        emulator.stop(self._state_dir)
        self.record = None

    def restart(self) -> None:
        """Kill it, and start it again."""
        self.kill()
        self.start()

    def ask(self, path: str) -> requests.Response:
        """What it answers to a plain GET."""
        assert self.record is not None
        return requests.get(f"{self.record.endpoint}{path}", timeout=20)

    @property
    def log(self) -> str:
        """What it wrote since its last start."""
        return emulator.log_text(self._state_dir)


@contextlib.contextmanager
def kept_emulator(home: Path, **settings: str) -> Iterator[KeptEmulator]:
    """One that is up, for as long as the block runs."""
    made = KeptEmulator(home, **settings)
    made.start()
    try:
        yield made
    finally:
        made.stop()
