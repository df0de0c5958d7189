"""Forks of a parent: each whole, each alone, each gone when it should be."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
import requests
from botocore.exceptions import ClientError

from client import submit
from localstack_standalone.launcher import emulator, forks, record
from localstack_standalone.launcher.errors import ForkError
from runs import follow
from runs.model import ExecutionSpan
from scripts import provision
from testbed import settings, waiting
from testbed.aws import Aws
from tests.support import functions, processes
from tests.support.testbeds import ForkTestbed, ProvisionedTestbed

SAMPLE = (settings.ROOT / "samples" / "stamp.png").read_bytes()
COPIES = 3

linux_only = pytest.mark.skipif(sys.platform != "linux", reason="forks are for Linux")


@pytest.fixture(scope="module")
def copies(
    fork_testbed: ForkTestbed, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[list[ProvisionedTestbed]]:
    """Several at once."""
    with contextlib.ExitStack() as stack:
        yield [
            stack.enter_context(fork_testbed(tmp_path_factory.mktemp("fork")))
            for _ in range(COPIES)
        ]


def _send(place: ProvisionedTestbed, key: str) -> ExecutionSpan:
    submit.upload(place.aws, place.outputs, key=key, content=SAMPLE)
    posted = submit.post(place.outputs, submit.Request(key=key).body())
    return follow.to_end(place.aws, posted.execution_arn)


def _keys(place: ProvisionedTestbed, bucket: str) -> list[str]:
    listed = place.aws.s3.list_objects_v2(Bucket=bucket).get("Contents", [])
    return [entry["Key"] for entry in listed]


def test_copies_know_nothing_of_each_other(copies: list[ProvisionedTestbed]) -> None:
    """Each runs the pipeline; images, executions and log lines are its own alone."""
    for number, place in enumerate(copies):
        assert [] == _keys(place, place.outputs.original_bucket)
        assert _send(place, f"{number}.png").succeeded
    for number, place in enumerate(copies):
        assert [f"{number}.png"] == _keys(place, place.outputs.original_bucket)
        assert [f"thumb-{number}.png"] == _keys(place, place.outputs.resized_bucket)
        arn = place.outputs.state_machine_arn
        listed = place.aws.stepfunctions.list_executions(stateMachineArn=arn)["executions"]
        assert ["SUCCEEDED"] == [execution["status"] for execution in listed]
        log = functions.logged(place.aws, place.outputs.function_name, "REPORT RequestId")
        assert 1 == sum(line.startswith("START RequestId") for line in log)
    assert len({place.endpoint for place in copies}) == COPIES


def test_a_change_in_one_stays_there(copies: list[ProvisionedTestbed]) -> None:
    """New code and a removed function in one copy leave the others, and the files they share."""
    changed, gone, whole = copies
    name = changed.outputs.function_name
    changed.aws.lambda_.update_function_configuration(FunctionName=name, Handler="app.handler")
    functions.until_settled(changed.aws, name)
    code = "def handler(event, context): return 'changed'"
    changed.aws.lambda_.update_function_code(FunctionName=name, ZipFile=functions.zipped(code))
    functions.until_settled(changed.aws, name)
    gone.aws.lambda_.delete_function(FunctionName=name)
    assert "changed" == functions.invoke(changed.aws, name).payload
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        gone.aws.lambda_.invoke(FunctionName=name)
    assert _send(whole, "after.png").succeeded


@pytest.mark.filterwarnings("ignore::urllib3.exceptions.InsecureRequestWarning")
def test_what_runs_in_threads_runs_in_copies(copies: list[ProvisionedTestbed]) -> None:
    """Events without a waiting caller, new functions and versions, TLS."""
    aws = copies[-1].aws
    name = functions.make(aws, "def handler(event, context): print('GOT', event)")
    aws.lambda_.invoke(FunctionName=name, InvocationType="Event", Payload=b"7")
    assert any("GOT 7" in line for line in functions.logged(aws, name, "GOT 7"))
    version = aws.lambda_.publish_version(FunctionName=name)["Version"]
    functions.until_settled(aws, f"{name}:{version}")
    assert functions.invoke(aws, f"{name}:{version}", 1).error is None
    address = copies[-1].endpoint.replace("http:", "https:") + "/_localstack/health"
    answer = requests.get(address, verify=False, timeout=10)  # noqa: S501 - it signs for itself
    assert 200 == answer.status_code


def test_provisioning_a_copy_again_changes_nothing(copies: list[ProvisionedTestbed]) -> None:
    """It is the pipeline of this checkout, address by address."""
    place = copies[-1]
    assert place.outputs == provision.provision(place.aws, "embedded")


def test_a_copy_works_for_itself_alone(copies: list[ProvisionedTestbed]) -> None:
    """It listens on its own port only, talks to no other emulator, and keeps files of its own."""
    for place in copies:
        known = record.read(place.state_dir)
        assert known is not None
        ports = {address.port for address in processes.listening(known.pid)}
        others = {int(other.endpoint.rpartition(":")[2]) for other in copies if other != place}
        assert known.port in ports
        assert not ports & others
        assert str(place.state_dir) == os.path.realpath(f"/proc/{known.pid}/cwd")


@linux_only
def test_a_copy_is_stopped_without_a_trace(localstack_parent: forks.Parent, tmp_path: Path) -> None:
    """Its workers, its files and its record go; the parent and other forks stay."""
    state_dir = tmp_path / "copy"
    made = localstack_parent.fork(state_dir)
    place = Aws(endpoint=made.endpoint)
    name = functions.make(place, "def handler(event, context): return 1")
    assert 1 == functions.invoke(place, name).payload
    family = psutil.Process(made.pid).children(recursive=True)
    assert family
    forks.stop(state_dir)
    assert emulator.status(state_dir) is None
    assert not [process for process in family if processes.runs(process.pid)]
    assert not (state_dir / "tmp").exists()
    again = localstack_parent.fork(tmp_path / "again")
    assert [] == Aws(endpoint=again.endpoint).s3.list_objects_v2(
        Bucket="lukman-original-images-capstone"
    ).get("Contents", [])
    forks.stop(tmp_path / "again")


@linux_only
def test_a_copy_that_cannot_be_made_says_why(
    localstack_parent: forks.Parent, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A port that was taken meanwhile is an error with its name, and the parent goes on."""
    assert localstack_parent.emulator is not None
    taken = localstack_parent.emulator.port
    monkeypatch.setattr("localstack_standalone.launcher.ports.free_port", lambda: taken)
    with pytest.raises(ForkError, match=r"could not be made: OSError: .*in use"):
        localstack_parent.fork(tmp_path / "copy")
    monkeypatch.undo()
    localstack_parent.fork(tmp_path / "next")
    forks.stop(tmp_path / "next")


@linux_only
def test_copies_end_with_whoever_asked_for_them(tmp_path: Path) -> None:
    """Killed with -9, a test run leaves neither the parent nor a fork."""
    script = f"""
import pathlib, sys
sys.path.insert(0, {str(settings.ROOT)!r})
from targets import embedded
nothing = lambda record, folder: None
home = pathlib.Path({str(tmp_path)!r})
with embedded.parent(home / "parent", nothing) as made:
    copy = made.fork(home / "copy")
    print(made.emulator.pid, copy.pid, flush=True)
    sys.stdin.read()
"""
    child = subprocess.Popen(
        [sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert child.stdin is not None
    assert child.stdout is not None
    with child.stdin, child.stdout:
        pids = [int(word) for word in child.stdout.readline().split()]
        assert 2 == len(pids)
        assert all(psutil.pid_exists(pid) for pid in pids)
        child.send_signal(signal.SIGKILL)
        child.wait(10)

    def probe() -> tuple[bool | None, str]:
        left = [pid for pid in pids if processes.runs(pid)]
        return (None if left else True), str(left)

    waiting.until(probe, "the end of parent and fork", timeout_s=20)
