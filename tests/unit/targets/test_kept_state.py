"""What an emulator says of its state, and what is done with its snapshots."""

from __future__ import annotations

import json
import threading
import zipfile
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from targets import kept_state
from targets.kept_state import UnreadState
from testbed.errors import EmulatorError, NotRunningError, SettingError
from tests.support import fake_emulator

GIVEN = "TESTBED_GIVEN"  # by the Makefile: what is on its command line
TOLD: dict[str, Any] = {
    "kept": {
        "where": "/x/kept",
        "format": 1,
        "since": "2026-01-01T00:00:00+00:00",
        "bytes": 2_000_000,
        "counts": {"s3.object": 12, "s3.body": 30, "stepfunctions.execution": 3, "iam.unit": 2},
    },
    "set_aside": [{"where": "/x/kept/set-aside-1", "why": "damaged", "now": True}],
    "unkept": ["s3:PutObject"],
    "facts": {},
}


def test_a_report_is_read() -> None:
    with fake_emulator.saying({"standalone/state": TOLD}) as endpoint:
        report = kept_state.fetch(endpoint)
    assert report is not None
    assert str(report) == "12 objects, 3 executions, 2 other records"
    assert report.unread == (UnreadState("/x/kept/set-aside-1", "damaged", now=True),)
    assert report.unkept == ("s3:PutObject",)


def test_what_became_of_executions_that_ran() -> None:
    one = {"arn": "arn:one", "states": ["A"], "status": "RUNNING", "reason": None, "goes_on": True}
    two = {"arn": "arn:two", "status": "TIMED_OUT", "reason": "its time is over", "goes_on": False}
    report = kept_state.read({**TOLD, "facts": {"stepfunctions": [one, two]}})
    assert report is not None
    assert report.resumed == ["arn:one"]
    assert report.ended == ["arn:two: TIMED_OUT, its time is over"]


def test_who_keeps_nothing_or_does_not_tell_has_none() -> None:
    with fake_emulator.saying({"standalone/state": {"kept": None}}) as endpoint:
        assert kept_state.fetch(endpoint) is None
    with fake_emulator.saying({"health": {}}) as endpoint:
        assert kept_state.fetch(endpoint) is None
    assert kept_state.fetch(endpoint) is None


@pytest.mark.parametrize(
    ("counts", "words"),
    [
        ({}, "nothing yet"),
        ({"s3.body": 7}, "nothing yet"),
        ({"s3.bucket": 2}, "2 buckets"),
        ({"x": 1}, "1 other records"),
    ],
)
def test_counts_in_words(counts: dict[str, int], words: str) -> None:
    assert words == kept_state.in_words(counts)


def test_a_size_in_words() -> None:
    assert ("12 kB", "7.6 MB") == (
        kept_state.size_in_words(12_288),
        kept_state.size_in_words(7_980_688),
    )


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ({"NAME": "lesson-1"}, "lesson-1"),
        ({"FILE": "~/Of my class.zip"}, "Of-my-class"),
        ({"FILE": "ü.zip"}, "state"),
        ({"NAME": "a", "FILE": "/x/b.zip"}, "a"),
    ],
)
def test_the_name_of_a_snapshot(given: dict[str, str], name: str) -> None:
    assert name == kept_state.name_of({**given, GIVEN: "NAME FILE"})


@pytest.mark.parametrize("given", [{}, {"NAME": "../x"}, {"NAME": ".x"}, {"NAME": "a/b"}])
def test_a_name_that_is_none(given: dict[str, str]) -> None:
    with pytest.raises(SettingError, match="NAME"):
        kept_state.name_of({**given, GIVEN: "NAME"})


def test_a_variable_of_the_system_is_no_name() -> None:
    """Some have one that is called so, with the machine's name in it."""
    with pytest.raises(SettingError, match="NAME=lesson-1"):
        kept_state.name_of({"NAME": "my-machine"})
    assert "b" == kept_state.name_of({"NAME": "my-machine", "FILE": "/x/b.zip"})


def test_where_a_snapshot_is(tmp_path: Path) -> None:
    assert tmp_path / "snapshots" / "a.zip" == kept_state.file_of({"NAME": "a"}, tmp_path, "a")
    assert Path("/x/b.zip") == kept_state.file_of({"FILE": "/x/b.zip"}, tmp_path, "b")
    assert kept_state.named({"NAME": "a"}) == "NAME=a"
    assert kept_state.named({"FILE": "/x/my b.zip"}) == "FILE='/x/my b.zip'"


class _Emulator(BaseHTTPRequestHandler):
    """Has one snapshot, takes another, and refuses what begins with `x`."""

    def do_GET(self) -> None:
        self._answer(200, b"a snapshot")

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if body.startswith(b"{"):
            self._answer(200, json.dumps({"seconds": 0.2}).encode())
        elif body.startswith(b"x"):
            self._answer(400, b"this is no snapshot")
        elif body.startswith(b"y"):
            self._answer(409, b"nothing is kept")
        else:
            self._answer(200, b"{}")

    def _answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing."""


@pytest.fixture
def endpoint() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Emulator)
    thread = threading.Thread(target=lambda: server.serve_forever(poll_interval=0.02))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_snapshot_is_written_once(endpoint: str, tmp_path: Path) -> None:
    target = tmp_path / "new" / "a.zip"
    kept_state.save(endpoint, "a", target)
    assert target.read_bytes() == b"a snapshot"
    with pytest.raises(EmulatorError, match="is there already"):
        kept_state.save(endpoint, "a", target)
    assert [path.name for path in target.parent.iterdir()] == ["a.zip"]


def test_where_none_can_be_written(endpoint: str, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(EmulatorError, match="cannot be written"):
        kept_state.save(endpoint, "a", tmp_path / "file" / "a.zip")


def test_what_is_refused_is_told(endpoint: str, tmp_path: Path) -> None:
    file = tmp_path / "a.zip"
    for content, words in ((b"x", "this is no snapshot"), (b"y", "PERSIST=1")):
        file.write_bytes(content)
        with pytest.raises(EmulatorError, match=words):
            kept_state.load(endpoint, file)
    file.write_bytes(b"z")
    kept_state.load(endpoint, file)
    with pytest.raises(EmulatorError, match="cannot be read"):
        kept_state.load(endpoint, tmp_path / "none.zip")


def test_emptying(endpoint: str) -> None:
    assert kept_state.reset(endpoint) == 0.2


def test_who_does_not_answer(tmp_path: Path) -> None:
    with fake_emulator.saying({}) as gone:
        pass
    with pytest.raises(NotRunningError):
        kept_state.reset(gone)
    with pytest.raises(NotRunningError):
        kept_state.save(gone, "a", tmp_path / "a.zip")


def test_snapshots_are_listed_and_strange_files_too(tmp_path: Path) -> None:
    folder = tmp_path / "snapshots"
    folder.mkdir()
    with zipfile.ZipFile(folder / "b.zip", "w") as packed:
        packed.writestr("manifest.json", json.dumps({"counts": {"s3.object": 2}}))
    for name, content in (("a.zip", b"no zip"), ("c.txt", b"")):
        (folder / name).write_bytes(content)
    with zipfile.ZipFile(folder / "d.zip", "w") as packed:
        packed.writestr("manifest.json", "[" * 60_000)
    listed = kept_state.snapshots(tmp_path)
    assert [(each.path.stem, str(each)) for each in listed] == [
        ("a", "no snapshot"),
        ("b", "2 objects"),
        ("d", "no snapshot"),
    ]
