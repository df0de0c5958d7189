"""What "Show me the command" shows does, in each of its ways, what it says."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from console.command_forms import ShownCommand
from console.commands import Cli
from testbed.settings import ENVS
from tests.e2e.client import Client, RunningTestbed, png


def run(place: RunningTestbed, line: str, folder: Path) -> str:
    """What a shell says to *line* that has run `make env`."""
    outputs = place.outputs
    assert outputs.endpoint is not None
    environment = {
        "PATH": f"{ENVS / 'tools' / 'bin'}{os.pathsep}{os.environ['PATH']}",
        "HOME": str(folder),
        "AWS_ENDPOINT_URL": outputs.endpoint,
        "AWS_DEFAULT_REGION": outputs.region,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_PAGER": "",
    }
    done = subprocess.run(
        ["bash", "-ec", line],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert 0 == done.returncode, done.stderr
    return done.stdout


def python(place: RunningTestbed, program: str, folder: Path) -> str:
    (folder / "shown.py").write_text(program)
    return run(place, f"{sys.executable} shown.py", folder)


def each(place: RunningTestbed, shown: ShownCommand, folder: Path) -> dict[str, str]:
    """What each way says."""
    return {
        name: python(place, text, folder) if name.startswith("boto3") else run(place, text, folder)
        for name, text in shown.ways
    }


@pytest.fixture
def cli(client: Client) -> Cli:
    return Cli(client.testbed.outputs)


@pytest.fixture
def arn(client: Client) -> str:
    """Of an execution that went well."""
    key = client.key("a.png")
    client.upload(key, png())
    return client.run(key).arn


def test_an_execution_is_described_in_each_way(
    client: Client, cli: Cli, arn: str, tmp_path: Path
) -> None:
    """AWS CLI, boto3 and curl tell of the same execution, and its history."""
    told = each(client.testbed, cli.describe_execution(arn), tmp_path)
    assert ["awslocal", "boto3", "curl"] == list(told)
    for text in told.values():
        assert arn in text
        assert "SUCCEEDED" in text
    for text in each(client.testbed, cli.history(arn), tmp_path).values():
        assert "TaskSucceeded" in text


def test_an_object_is_saved_in_each_way(client: Client, cli: Cli, tmp_path: Path) -> None:
    """Under its own name, byte by byte; whatever that name is."""
    key = client.key("bob's $HOME ♣.png")
    client.upload(key, png())
    for number, (name, text) in enumerate(
        cli.download(client.testbed.outputs.original_bucket, key).ways
    ):
        folder = tmp_path / str(number)
        folder.mkdir()
        (python if name == "boto3" else run)(client.testbed, text, folder)
        (saved,) = [path for path in folder.iterdir() if path.suffix == ".png"]
        assert png() == saved.read_bytes(), name


def test_objects_and_log_lines_are_listed_in_each_way(
    client: Client, cli: Cli, tmp_path: Path
) -> None:
    """Of S3, which answers XML, and of CloudWatch Logs."""
    key = client.key("listed.png")
    client.upload(key, png())
    listed = cli.list_objects(client.testbed.outputs.original_bucket)
    for text in each(client.testbed, listed, tmp_path).values():
        assert key in text
    for text in each(client.testbed, cli.log("no-such-id"), tmp_path).values():
        assert "events" in text


def test_a_run_is_started_in_each_way(client: Client, cli: Cli, tmp_path: Path) -> None:
    """Through the API, and past it."""
    key = client.key("started.png")
    client.upload(key, png())
    told = each(client.testbed, cli.start(json.dumps({"key": key})), tmp_path)
    assert ["curl", "awslocal, past the API", "boto3, past the API"] == list(told)
    assert 3 == len({text for text in told.values() if "executionArn" in text})
