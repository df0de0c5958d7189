"""What a person sets for a testbed reaches it, stays with it, and is not ignored in silence."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from localstack_standalone.launcher import emulator, record
from targets import embedded, permissions
from testbed import outputs, setting_table, settings
from testbed.aws import Aws
from tests.support.commands import make

# Keeps, as the emulator's Python begins, the name of each variable that it asks for from then on.
RECORDER = """
import os

asked, own = set(), os._Environ.__getitem__

def note(environ, name):
    if name not in asked:
        asked.add(name)
        with open({file!r}, "a") as kept:
            kept.write(f"{{name}}\\n")
    return own(environ, name)

os._Environ.__getitem__ = note
"""
STATES = (
    "LAMBDA_LIMITS_CONCURRENT_EXECUTIONS=200",
    "TUNING=all,-model_cache",
    "LS_LOG=debug",
    "IAM=off",
)


@pytest.fixture(scope="module")
def state_dir(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder of a testbed that was started with variables of LocalStack and of the plugin."""
    folder = tmp_path_factory.mktemp("settings") / "state dir"
    own = ("TARGET=embedded", "PORT=auto", f"STATE_DIR={folder}", "SERVICES=sqs,s3")
    done = make("up", *own, *STATES)
    try:
        assert 0 == done.returncode, done.stdout + done.stderr
        yield folder
    finally:
        emulator.stop(folder)


def running(state_dir: Path) -> record.Record:
    known = record.read(state_dir)
    assert known is not None
    return known


def test_they_reach_localstack_and_the_plugin(state_dir: Path) -> None:
    """A limit, a level, and a service beside those of the pipeline."""
    aws = Aws(endpoint=running(state_dir).endpoint)
    limits = aws.lambda_.get_account_settings()["AccountLimit"]
    assert 200 == limits["ConcurrentExecutions"]
    assert 1 == len(aws.stepfunctions.list_state_machines()["stateMachines"])
    made = subprocess.run(
        [settings.ENVS / "tools/bin/awslocal", "sqs", "create-queue", "--queue-name", "q"],
        env={"AWS_ENDPOINT_URL": running(state_dir).endpoint, "AWS_DEFAULT_REGION": aws.region},
        capture_output=True,
        text=True,
        check=True,
    )
    assert "QueueUrl" in made.stdout
    assert " DEBUG --- " in emulator.log_text(state_dir)


def test_without_iam_nobody_is_asked(state_dir: Path) -> None:
    """IAM=off: nothing is put in, so nothing is told."""
    assert permissions.fetch(running(state_dir).endpoint) is None
    assert "no policies are asked at" in make("iam", f"STATE_DIR={state_dir}").stderr


def test_status_tells_what_is_in_force(state_dir: Path) -> None:
    """What the running one was started with, whatever is set by now; no line is cut in a pipe."""
    told = make("status", f"STATE_DIR={state_dir}", TUNING="off").stdout
    for given in STATES:
        name, _, value = given.partition("=")
        assert f"{name} {value}" in " ".join(told.split())
    assert outputs.read(state_dir).api_url in told


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("TUNING=off", "was started without TUNING=off; `make reset TUNING=off`"),
        ("DEBUG=1", "was started without DEBUG=1; `make reset DEBUG=1`"),
        (f"PORT={settings.DEFAULT_PORT}", "is up on port"),
    ],
)
def test_a_second_start_with_others_is_refused(state_dir: Path, given: str, told: str) -> None:
    """The testbed that is up keeps its own: a start that says nothing would be untrue."""
    done = make("up", f"STATE_DIR={state_dir}", given)
    assert done.returncode
    assert told in " ".join(done.stderr.split())


def test_a_reset_keeps_what_is_not_set_anew(state_dir: Path) -> None:
    """`make reset NAME=value` is how one of them changes."""
    before = running(state_dir)
    done = make("reset", f"STATE_DIR={state_dir}", "LAMBDA_LIMITS_CONCURRENT_EXECUTIONS=100")
    assert 0 == done.returncode, done.stderr
    after = running(state_dir)
    expected = {**before.settings, "LAMBDA_LIMITS_CONCURRENT_EXECUTIONS": "100"}
    assert (before.port, expected) == (after.port, after.settings)


def test_a_service_that_localstack_has_not_is_named(tmp_path: Path) -> None:
    """A misspelt one would be missing in silence; nothing is left running."""
    own = ("TARGET=embedded", "PORT=auto", f"STATE_DIR={tmp_path / 'state'}")
    done = make("up", *own, "SERVICES=sqss")
    left = emulator.stop(tmp_path / "state")
    assert "SERVICES must be names of services that LocalStack has, not sqss" in done.stderr
    assert (2, False) == (done.returncode, left)


def test_a_value_of_the_environment_that_undoes_a_promise_is_refused(tmp_path: Path) -> None:
    """Before anything is started."""
    own = ("TARGET=embedded", "PORT=auto", f"STATE_DIR={tmp_path / 'state'}")
    done = make("up", *own, GATEWAY_LISTEN="0.0.0.0:4566")
    emulator.stop(tmp_path / "state")
    assert 2 == done.returncode
    assert "in the environment: GATEWAY_LISTEN cannot be set here" in done.stderr


@pytest.fixture(scope="module")
def asked_for(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The variables that an emulator asked for until all of its services were loaded."""
    folder = tmp_path_factory.mktemp("asked")
    names = folder / "names"
    (folder / "sitecustomize.py").write_text(RECORDER.format(file=str(names)))
    with embedded.private(folder / "state", PYTHONPATH=str(folder), EAGER_SERVICE_LOADING="1"):
        return set(names.read_text().splitlines())


def test_every_variable_that_is_handed_on_is_read(asked_for: set[str]) -> None:
    """By LocalStack or by the plugin: else it would be a setting without an effect.

    ENGINE says which emulator is started, PERSIST whether with a folder for its state: both are
    read before one is.
    """
    assert {"ENGINE", "PERSIST"} == set(setting_table.passed_on()) - asked_for
