"""The commands that people use on a testbed that is up."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from client import fetch
from testbed import names
from testbed.settings import ROOT
from tests.e2e.client import picture

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.e2e.client import Client, RunningTestbed

STAMP = ROOT / "samples" / "stamp.png"


def command(
    testbed: RunningTestbed, *words: str, **variables: str
) -> subprocess.CompletedProcess[str]:
    """What `make` runs, with the variables that it exports."""
    environment = {**os.environ, "STATE_DIR": str(testbed.state_dir), **variables}
    return subprocess.run(
        [sys.executable, "-m", *words],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.fixture
def key(client: Client) -> Iterator[str]:
    """An odd key that a command makes objects and a file of; they are removed again."""
    key = client.key('bob\'s "a" $HOME [red].png')
    yield key
    client.forget(key)
    local = fetch.file_name(names.thumbnail_key(key))
    (client.testbed.state_dir / "results" / local).unlink(missing_ok=True)


def test_outputs_are_json_and_nothing_else(testbed: RunningTestbed) -> None:
    """`make outputs` can be piped into any program."""
    done = command(testbed, "scripts.outputs")
    assert (0, "") == (done.returncode, done.stderr)
    assert testbed.outputs.api_url == json.loads(done.stdout)["api_url"]


def test_process_shows_the_way_and_leaves_the_thumbnail(client: Client, key: str) -> None:
    """One image, all the way: what happened is told, and the file named is the thumbnail."""
    variables = {"IMAGE": str(STAMP), "KEY": key, "SIZE": "20", "FORMAT": "webp", "MODE": ""}
    done = command(client.testbed, "scripts.process", **variables)
    assert (0, "") == (done.returncode, done.stderr)
    for told in ("SUCCEEDED", "WasResizeSuccessful", "REPORT RequestId", "WEBP 20\u00d715"):
        assert told in done.stdout
    file = client.testbed.state_dir / "results" / fetch.file_name(names.thumbnail_key(key))
    assert file.name in done.stdout
    assert (20, 15) == picture(file.read_bytes()).size


def test_process_ends_with_1_when_the_execution_fails(
    client: Client, key: str, tmp_path: Path
) -> None:
    """Code and cause are told, and no thumbnail is promised."""
    broken = tmp_path / "broken.png"
    broken.write_bytes(b"no image")
    done = command(client.testbed, "scripts.process", IMAGE=str(broken), KEY=key)
    assert 1 == done.returncode
    assert "UNSUPPORTED_FORMAT: " in done.stdout
    assert "saved as" not in done.stdout


@pytest.mark.parametrize(
    ("variables", "message"),
    [
        ({"IMAGE": "no/such.png"}, "error: there is no image file at 'no/such.png'"),
        ({"IMAGE": str(STAMP), "STATE_DIR": ".testbed-none"}, "no testbed is up"),
    ],
)
def test_process_tells_what_is_missing(
    testbed: RunningTestbed, variables: dict[str, str], message: str
) -> None:
    """One message for a person, no traceback."""
    environment = {"STATE_DIR": str(testbed.state_dir), "KEY": "", **variables}
    done = command(testbed, "scripts.process", **environment)
    assert (1, "") == (done.returncode, done.stdout)
    assert message in done.stderr
    assert "Traceback" not in done.stderr
