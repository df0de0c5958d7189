from __future__ import annotations

import dataclasses
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from localstack_standalone.launcher import emulator, ports, record, state_folder
from localstack_standalone.launcher.errors import OtherPortError, PortTakenError, StartError
from targets import embedded, health, workers
from testbed import settings, waiting
from testbed.aws import Aws
from tests.conftest import Emulator
from tests.support import functions, processes
from tests.support.testbeds import ProvisionedTestbed


@pytest.fixture
def state_dir(tmp_path: Path) -> Iterator[Path]:
    """A state folder whose emulator, if a test leaves one, is stopped after it."""
    folder = tmp_path / "state dir"  # the space is meant
    yield folder
    emulator.stop(folder)


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The state folder of an emulator that was started, and is no fork; its services wait."""
    folder = tmp_path_factory.mktemp("plain") / "state dir"  # the space is meant
    emulator.start(folder, None, embedded.installed(), tied=True)
    yield folder
    emulator.stop(folder)


def test_ready_means_that_a_request_would_succeed(plain: Path) -> None:
    """Once start returns, the first request to each service of the pipeline succeeds."""
    aws = _aws(plain)
    assert aws.sts.get_caller_identity()["Account"] == "000000000000"
    assert [] == aws.s3.list_buckets()["Buckets"]
    assert [] == aws.stepfunctions.list_state_machines()["stateMachines"]
    assert [] == aws.apigateway.get_rest_apis()["items"]
    assert [] == aws.lambda_.list_functions()["Functions"]
    assert [] == aws.logs.describe_log_groups()["logGroups"]


def test_it_listens_on_loopback_alone(plain: Path) -> None:
    """Every listening socket of the emulator and its workers is on 127.0.0.1, TLS included."""
    started = _record(plain)
    name = functions.make(_aws(plain), "def handler(event, context): return 1")
    assert 1 == functions.invoke(_aws(plain), name).payload
    listening = processes.listening(started.pid)
    assert {"127.0.0.1"} == {address.ip for address in listening}
    assert started.port in {address.port for address in listening}
    tls = subprocess.run(
        ["curl", "-sk", f"https://127.0.0.1:{started.port}/_localstack/health"],
        capture_output=True,
        check=False,
        timeout=20,
    )
    assert "services" in json.loads(tls.stdout)


def test_it_connects_to_nobody_outside(private_testbed: ProvisionedTestbed) -> None:
    """No process of a testbed has a connection or a socket to another machine."""
    known = record.read(private_testbed.state_dir)
    assert known is not None
    remote = {address.ip for address in processes.connected(known.pid)}
    assert remote <= {"127.0.0.1", "::1"}
    log = emulator.log_path(private_testbed.state_dir).read_text(encoding="utf-8")
    assert "Temporary failure in name resolution" not in log


def test_its_files_are_in_its_folder(plain: Path) -> None:
    """Its certificate too, also in a container: several at once would write over each other's."""
    assert 1 == len(list((plain / "localstack").rglob("server.test.pem")))


def test_starting_twice_starts_one(plain: Path) -> None:
    """A second start finds the first one's emulator."""
    first = _record(plain)
    assert first == emulator.start(plain, None, embedded.installed())
    with pytest.raises(OtherPortError, match=f"up on port {first.port} already"):
        emulator.start(plain, ports.free_port(), embedded.installed())


def test_two_testbeds_run_side_by_side(plain: Path, private_testbed: ProvisionedTestbed) -> None:
    """Each testbed has its own port, state and resources; stopping one leaves the other."""
    assert private_testbed.endpoint != _record(plain).endpoint
    assert len(private_testbed.aws.s3.list_buckets()["Buckets"]) == 2
    assert [] == _aws(plain).s3.list_buckets()["Buckets"]
    emulator.stop(private_testbed.state_dir)
    assert not health.check(private_testbed.endpoint).ready
    assert health.check(_record(plain).endpoint).ready


def test_objects_of_two_emulators_do_not_meet(emulator: Emulator, plain: Path) -> None:
    """Buckets of one name in two emulators: deleting one leaves the other's as it was."""
    large = os.urandom(2_000_000)  # LocalStack keeps small objects in memory
    other = _aws(plain)
    for aws in (emulator.aws, other):
        aws.s3.create_bucket(
            Bucket="same-name", CreateBucketConfiguration={"LocationConstraint": "ca-central-1"}
        )
        aws.s3.put_object(Bucket="same-name", Key="one", Body=large)
    other.s3.delete_object(Bucket="same-name", Key="one")
    other.s3.delete_bucket(Bucket="same-name")
    emulator.aws.s3.put_object(Bucket="same-name", Key="two", Body=large)
    for key in ("one", "two"):
        found = emulator.aws.s3.get_object(Bucket="same-name", Key=key)["Body"].read()
        assert large == found
        emulator.aws.s3.delete_object(Bucket="same-name", Key=key)
    emulator.aws.s3.delete_bucket(Bucket="same-name")


def test_a_taken_port_is_named_with_its_owner(state_dir: Path) -> None:
    """A busy port is refused at once, with the process that has it."""
    with socket.socket() as squatter:
        squatter.bind(("127.0.0.1", 0))
        squatter.listen()
        port = squatter.getsockname()[1]
        with pytest.raises(PortTakenError, match=rf"{port} is taken by process {os.getpid()} \("):
            emulator.start(state_dir, port, embedded.installed())
    assert emulator.status(state_dir) is None


def test_a_stale_record_is_cleared(state_dir: Path) -> None:
    """A record of a process that is gone, or of another one with its id, is no testbed."""
    state_folder.take(state_dir)
    own = psutil.Process()
    for stale in (
        {"pid": own.pid, "created": own.create_time() - 1000},
        {"pid": 2**22 - 1, "created": 0.0},
    ):
        record.write(state_dir, record.Record(emulator.TARGET, 4566, stale))
        assert emulator.status(state_dir) is None
        assert not (state_dir / record.FILE_NAME).exists()
    (state_dir / record.FILE_NAME).write_text("half a rec", encoding="utf-8")
    started = emulator.start(state_dir, None, embedded.installed(), tied=True)
    assert emulator.running(started) is not None


def test_a_failing_start_shows_the_log(state_dir: Path) -> None:
    """An emulator that ends while starting is an error with the end of its log."""
    with pytest.raises(StartError, match=r"(?s)ended while starting.*nonsense") as caught:
        _start_broken(state_dir, GATEWAY_SERVER="nonsense")
    assert str(emulator.log_path(state_dir)) in str(caught.value)
    assert emulator.status(state_dir) is None


def test_another_executor_is_refused(state_dir: Path) -> None:
    """An emulator that would run functions in Docker is not called ready; it is stopped."""
    with pytest.raises(StartError, match="Lambda functions would run with an executor of its"):
        _start_broken(state_dir, LAMBDA_RUNTIME_EXECUTOR="docker")
    assert emulator.status(state_dir) is None


def test_a_runtime_that_is_not_there_is_refused(state_dir: Path) -> None:
    """A wrong interpreter in LAMBDA_PROCESS_RUNTIMES fails the start and is named."""
    with pytest.raises(StartError, match="/nowhere/python"):
        _start_broken(state_dir, LAMBDA_PROCESS_RUNTIMES="python3.13=/nowhere/python")


def test_an_interrupted_start_leaves_nothing(state_dir: Path) -> None:
    """Ctrl-C during the start ends the emulator too."""
    code = (
        "import sys, pathlib; from localstack_standalone.launcher import emulator; "
        "from targets import embedded; "
        "emulator.start(pathlib.Path(sys.argv[1]), None, embedded.installed())"
    )
    starting = subprocess.Popen(
        [sys.executable, "-c", code, str(state_dir)],
        cwd=settings.ROOT,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    pid = waiting.until(lambda: _recorded(state_dir), "the emulator's record", timeout_s=20)
    starting.send_signal(signal.SIGINT)
    _, complaint = starting.communicate(timeout=20)
    assert b"KeyboardInterrupt" in complaint
    assert not psutil.pid_exists(pid)
    assert emulator.status(state_dir) is None


def test_a_killed_emulator_leaves_no_process(plain: Path) -> None:
    """After kill -9 its workers are gone, and the next start comes up clean."""
    first, aws = _record(plain), _aws(plain)
    name = functions.make(
        aws,
        {
            "app.py": "import os, subprocess\nfrom names import name_of\n"
            "child = subprocess.Popen(['sleep', '600'])\n"
            "def handler(event, context): return [name_of(os.getpid()), name_of(child.pid)]",
            "names.py": functions.NAME_OF,
        },
    )
    own = {functions.process_of(each) for each in functions.invoke(aws, name).payload}
    family = processes.family(first.pid)
    assert own <= set(family)
    os.kill(first.pid, signal.SIGKILL)
    assert [] == psutil.wait_procs(family, timeout=10)[1]
    second = emulator.start(plain, first.port, embedded.installed(), tied=True)
    assert second.port == first.port
    assert [] == _aws(plain).lambda_.list_functions()["Functions"]


def test_a_tied_emulator_ends_with_its_owner(state_dir: Path) -> None:
    """The emulators of a test run that is killed end by themselves."""
    code = (
        "import sys, pathlib; from targets import embedded\n"
        "with embedded.private(pathlib.Path(sys.argv[1])) as started:\n"
        "    print(started.pid, flush=True); sys.stdin.read()"
    )
    owner = subprocess.Popen(
        [sys.executable, "-c", code, str(state_dir)],
        cwd=settings.ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert owner.stdout is not None
    started = psutil.Process(int(owner.stdout.readline()))
    owner.kill()
    owner.communicate()
    assert [] == psutil.wait_procs([started], timeout=10)[1]


def test_a_worker_that_is_killed_is_replaced(emulator: Emulator) -> None:
    """Kill -9 of an idle worker costs nothing: the next invocation has a fresh one."""
    code = "import os\nfrom names import name_of\ndef handler(e, c): return name_of(os.getpid())"
    name = functions.make(emulator.aws, {"app.py": code, "names.py": functions.NAME_OF})
    worker = functions.process_of(functions.invoke(emulator.aws, name).payload)
    for _ in range(8):  # at once: its environment's own end may take a moment
        assert worker in workers.find(emulator.pid)
        kill(worker)
        answer = functions.invoke(emulator.aws, name)
        assert answer.error is None
        before, worker = worker, functions.process_of(answer.payload)
        assert before != worker


def kill(worker: psutil.Process) -> None:
    """Kill it, and wait until nothing of it runs, whoever still has to reap it."""
    worker.kill()
    waiting.until(
        lambda: (not processes.runs(worker.pid) or None, "it runs"),
        "its end",
        timeout_s=10,
        interval_s=0.001,
    )


def _record(state_dir: Path) -> record.Record:
    known = record.read(state_dir)
    assert known is not None
    return known


def _aws(state_dir: Path) -> Aws:
    return Aws(endpoint=_record(state_dir).endpoint)


def _recorded(state_dir: Path) -> tuple[int | None, str]:
    known = record.read(state_dir)
    return (known.pid if known else None), "no record"


def _start_broken(state_dir: Path, **variables: str) -> None:
    """Start an emulator with *variables* in the place of the right ones."""
    emulator.start(state_dir, None, dataclasses.replace(embedded.installed(), settings=variables))
