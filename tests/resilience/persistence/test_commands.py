"""`make up`, `down`, `status`, `save`, `load`, `snapshots`, `reset`: state as people meet it."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
import requests

from localstack_standalone.launcher import record
from targets import choose
from testbed import outputs as files
from testbed.aws import Aws
from testbed.outputs import Outputs
from testbed.settings import ROOT
from tests.resilience.persistence.test_reset import send

KEY = "kept.png"


class Bed:
    """A testbed of its own, by the commands that people use."""

    def __init__(self, state_dir: Path) -> None:
        self.state_dir = state_dir

    def make(self, *words: str, code: int = 0) -> str:
        """What the command says."""
        done = subprocess.run(
            ["make", *words, f"STATE_DIR={self.state_dir}"],
            cwd=ROOT,
            env={name: text for name, text in os.environ.items() if name != "MAKEFLAGS"},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        said = done.stdout + done.stderr
        assert (done.returncode == 0) is (code == 0), said
        return said

    def up(self, *words: str) -> str:
        return self.make("up", "TARGET=embedded", "PORT=auto", *words)

    def kill(self) -> None:
        process = psutil.Process(self.pid)
        os.kill(self.pid, signal.SIGKILL)
        process.wait(timeout=10)

    @property
    def pid(self) -> int:
        known = record.read(self.state_dir)
        assert known is not None
        return known.pid

    @property
    def outputs(self) -> Outputs:
        return files.read(self.state_dir)

    @property
    def aws(self) -> Aws:
        return Aws(endpoint=self.outputs.endpoint)

    def objects(self) -> list[str]:
        listed = self.aws.s3.list_objects_v2(Bucket=self.outputs.original_bucket)
        return [each["Key"] for each in listed.get("Contents", [])]


@pytest.fixture
def bed(tmp_path: Path) -> Iterator[Bed]:
    made = Bed(tmp_path / "state")
    yield made
    choose.down(made.state_dir)


def test_it_goes_on_where_it_was(bed: Bed) -> None:
    """After `make down`, after a kill: same address, same API, nothing to provision."""
    bed.up()
    outputs = bed.outputs
    send(bed.aws, outputs, KEY)

    assert "kept: " in bed.make("down")
    for is_killed in (False, True):
        if is_killed:
            bed.kill()
        said = bed.up()
        assert " created " not in said
        assert bed.outputs == outputs
        assert requests.post(outputs.api_url, json={"key": KEY}, timeout=20).status_code == 200
        assert bed.objects() == [KEY]
    status = bed.make("status")
    assert "objects" in status
    assert str(bed.state_dir / "kept") in status


def test_a_port_that_is_taken_is_told(bed: Bed) -> None:
    bed.up()
    before = bed.outputs
    bed.make("down")
    port = int(str(before.endpoint).rpartition(":")[2])
    with socket.socket() as squatter:
        squatter.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        squatter.bind(("127.0.0.1", port))
        squatter.listen()
        said = bed.up()
    assert f"port {port}, which this testbed had before, is taken" in said
    assert bed.outputs.endpoint != before.endpoint
    send(bed.aws, bed.outputs, KEY)


def test_without_it_nothing_is_kept(bed: Bed) -> None:
    bed.up("PERSIST=0")
    bed.aws.s3.put_object(Bucket=bed.outputs.original_bucket, Key=KEY, Body=b"x")
    assert "in memory alone" in bed.make("status")
    assert "PERSIST=1" in bed.make("save", "NAME=a", code=1)
    assert "kept: " not in bed.make("down")
    bed.up("PERSIST=0")
    assert bed.objects() == []


def test_states_by_name(bed: Bed, tmp_path: Path) -> None:
    """Saved, loaded, emptied; to be handed on; and nothing that was there is lost."""
    bed.up()
    outputs = bed.outputs
    bed.aws.s3.put_object(Bucket=outputs.original_bucket, Key="one", Body=b"x")
    bed.make("save", "NAME=lesson-1")
    bed.make("save", f"FILE={tmp_path / 'for the class.zip'}")
    bed.aws.s3.put_object(Bucket=outputs.original_bucket, Key="two", Body=b"x")

    said = bed.make("load", f"FILE={tmp_path / 'for the class.zip'}")

    assert bed.objects() == ["one"]
    assert bed.outputs == outputs
    before = next(word for word in said.split("`") if "before-load" in word).split("=")[1]
    bed.make("load", f"NAME={before}")
    assert bed.objects() == ["one", "two"]
    bed.make("reset")
    assert bed.objects() == []
    listed = bed.make("snapshots")
    assert "lesson-1" in listed
    assert before in listed
    bed.make("load", "NAME=lesson-1")
    assert bed.objects() == ["one"]
    send(bed.aws, bed.outputs, KEY)
    (tmp_path / "bad.zip").write_bytes(b"PK" * 100)
    assert "no snapshot" in bed.make("load", f"FILE={tmp_path / 'bad.zip'}", code=1)
    assert KEY in bed.objects()


def test_what_was_torn_is_told_and_set_aside(bed: Bed) -> None:
    bed.up()
    bed.make("down")
    kept = bed.state_dir / "kept"
    log = kept / "state.db-wal"  # there, unless the stop came to its end
    file = log if log.exists() else kept / "state.db"
    data = bytearray(file.read_bytes())
    data[4096:4200] = bytes(104)
    file.write_bytes(data)

    said = bed.up()

    assert "the state of before was not read" in said
    assert "damaged" in said
    [aside] = kept.glob("set-aside-*")
    assert str(aside) in said
    assert (aside / file.name).read_bytes() == data
    assert str(aside) in bed.make("status")
    send(bed.aws, bed.outputs, KEY)


def test_a_load_test_with_a_crash_is_whole(bed: Bed) -> None:
    """The emulator is killed when half of the POSTs were answered: none is lost, none is twice."""
    bed.up()
    before = bed.pid
    said = bed.make("load-test", "N=60", "C=8", "CRASH=1")
    told = dict(re.findall(r"^ *(\w[\w/ ]*?) {2,}(\S.*?) *$", said, re.MULTILINE))
    assert ("60", "60", "0", "0") == (
        told["accepted"],
        told["succeeded"],
        told["lost"],
        told["duplicate executions"],
    ), said
    assert bed.pid != before


def test_a_crash_is_for_what_keeps_its_state(bed: Bed) -> None:
    bed.up("PERSIST=0")
    assert "PERSIST=1" in bed.make("load-test", "N=5", "CRASH=1", code=1)
