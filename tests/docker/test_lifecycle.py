"""A container's life: together with others, killed, out of memory, taken away."""

from __future__ import annotations

import dataclasses
import os
from pathlib import Path

import pytest

from client import submit
from localstack_standalone.launcher import ports, record
from runs import follow
from targets import choose, health
from targets.docker import cli, compose, container, target
from testbed import names, outputs, settings, waiting
from testbed.aws import Aws
from testbed.errors import EmulatorError
from tests.conftest import in_docker
from tests.docker.conftest import Box, docker, docker_compose
from tests.support import functions
from tests.support.testbeds import ProvisionedTestbed

KILL_LOCALSTACK = (
    "import os, pathlib, signal\n"
    "for folder in pathlib.Path('/proc').glob('[1-9]*'):\n"
    "    if (folder / 'cmdline').read_bytes().endswith(b'\\0localstack.runtime.main\\0'):\n"
    "        os.kill(int(folder.name), signal.SIGKILL)"
)
GREEDY = """
    def handler(event, context):
        hoard = []
        while True:
            hoard.append(b"x" * 50_000_000)
"""
OUTPUTS = f"{container.HOME}/outputs.json"
SAMPLE = settings.ROOT / "samples" / "stamp.png"


def test_a_killed_emulator_comes_back_with_the_pipeline(private_box: Box) -> None:
    """Kill -9 of LocalStack: the container starts anew with what it kept; an image goes through."""
    address = private_box.place.outputs.original_bucket
    private_box.place.aws.s3.put_object(Bucket=address, Key="old", Body=b"")
    # (The container may end, and this command with it, before it has returned.)
    cli.run("exec", private_box.container, "python", "-c", KILL_LOCALSTACK)
    waiting.until(lambda: _is_back(private_box), "the container's return", timeout_s=60)
    (api,) = private_box.place.aws.apigateway.get_rest_apis()["items"]
    assert names.API == api["name"]
    assert private_box.place.outputs.api_url.split("/")[-3] == api["id"]
    assert 1 == private_box.place.aws.s3.list_objects_v2(Bucket=address)["KeyCount"]
    _send_through(_anew(private_box))


def test_two_projects_run_side_by_side(private_box: Box, tmp_path: Path) -> None:
    """Each state folder has a container, a network and a port of its own."""
    for other in in_docker(tmp_path / "other", memory="1g"):
        assert other.endpoint != private_box.place.endpoint
        private_box.place.aws.s3.create_bucket(
            Bucket="only-here", CreateBucketConfiguration={"LocationConstraint": "ca-central-1"}
        )
        assert 3 == len(private_box.place.aws.s3.list_buckets()["Buckets"])
        assert 2 == len(other.aws.s3.list_buckets()["Buckets"])
        _send_through(other)
    assert health.check(private_box.place.endpoint).ready


def test_a_function_out_of_memory_kills_its_worker_alone(private_box: Box) -> None:
    """The kernel picks the worker: its invocation fails, the emulator goes on undisturbed."""
    aws = private_box.place.aws
    before = private_box.state()
    name = functions.make(aws, GREEDY, MemorySize=3008, Timeout=60)
    answer = functions.invoke(aws, name)
    assert "Runtime.ExitError" == answer.payload["errorType"]
    assert "signal: killed" in answer.payload["errorMessage"]
    after = private_box.state()
    assert (before.pid, 0) == (after.pid, after.restarts)
    _send_through(private_box.place)


def test_down_leaves_nothing(tmp_path: Path) -> None:
    """After stop no container or network of the project is there; log and state are kept."""
    for place in in_docker(tmp_path / "box"):
        project = target.project_name(place.state_dir)
        assert "" != _left(project)
        place.aws.s3.put_object(Bucket=place.outputs.original_bucket, Key="kept", Body=b"x")
        assert choose.down(place.state_dir)
        assert _left(project).strip() == compose.volume(project)
        assert choose.find(place.state_dir) is None
        assert "Ready." in (place.state_dir / "emulator.log").read_text(encoding="utf-8")
        assert not choose.down(place.state_dir)
        chosen = dataclasses.replace(settings.load(), target="docker", state_dir=place.state_dir)
        up = choose.start(dataclasses.replace(chosen, port=None))
        assert up.endpoint == place.outputs.endpoint
        found = up.aws.s3.get_object(Bucket=place.outputs.original_bucket, Key="kept")
        assert b"x" == found["Body"].read()
        assert choose.down(place.state_dir)
        choose.forget_kept(place.state_dir)
        assert "" == _left(project)


def test_compose_alone_brings_the_pipeline(tmp_path: Path) -> None:
    """`docker compose up --build --wait` returns with the pipeline in place, no Python needed."""
    port = ports.free_port()
    project = target.project_name(tmp_path)
    environment = {**os.environ, "PORT": str(port), "COMPOSE_PROJECT_NAME": project, "MEMORY": "1g"}
    try:
        docker_compose(environment, "up", "--build", "--wait")
        found = docker_compose(environment, "exec", "-T", "testbed", "cat", OUTPUTS)
        (tmp_path / "outputs.json").write_text(found, encoding="utf-8")
        _send_through(_place(Aws(endpoint=f"http://127.0.0.1:{port}"), tmp_path))
    finally:
        docker_compose(environment, "down", "--volumes")
    assert "" == _left(project)


def test_a_container_that_was_taken_away_is_no_testbed(tmp_path: Path) -> None:
    """After `docker rm` by hand the state folder is as after `make down`."""
    for place in in_docker(tmp_path / "box"):
        known = record.read(place.state_dir)
        assert known is not None
        docker("rm", "--force", compose.container(known))
        assert choose.find(place.state_dir) is None
        project = str(known.identity["project"])
        assert compose.volume(project) == _left(project).strip()
        compose.remove_volume(project)


def test_starting_twice_starts_one(private_box: Box) -> None:
    """A second start finds the first one's container; another port is refused."""
    wanted = dataclasses.replace(settings.load(), state_dir=private_box.place.state_dir)
    assert private_box.record == choose.start(dataclasses.replace(wanted, port=None)).record
    with pytest.raises(EmulatorError, match=f"up on port {private_box.record.port} already"):
        choose.start(dataclasses.replace(wanted, port=ports.free_port()))


def test_too_little_memory_is_named(tmp_path: Path) -> None:
    """A container in which LocalStack has no room is an error that names MEMORY."""
    wanted = settings.Settings("docker", None, tmp_path / "box", memory="120m")
    with pytest.raises(EmulatorError, match="killed it for memory: MEMORY=120m is too little"):
        choose.start(wanted)
    project = target.project_name(wanted.state_dir)
    assert compose.volume(project) == _left(project).strip()
    compose.remove_volume(project)
    assert choose.find(wanted.state_dir) is None


def _is_back(box: Box) -> tuple[bool | None, str]:
    found = box.state()
    back = found.restarts > 0 and found.health == "healthy"
    return (True if back else None), str(found)


def _anew(box: Box) -> ProvisionedTestbed:
    """The same testbed with the addresses of its new life."""
    found = box.run("cat", OUTPUTS)
    (box.place.state_dir / "outputs.json").write_text(found, encoding="utf-8")
    return _place(box.place.aws, box.place.state_dir)


def _place(aws: Aws, state_dir: Path) -> ProvisionedTestbed:
    return ProvisionedTestbed(aws, outputs.read(state_dir), state_dir)


def _send_through(place: ProvisionedTestbed) -> None:
    """One image, from upload to thumbnail."""
    content = SAMPLE.read_bytes()
    submit.upload(place.aws, place.outputs, key="a.png", content=content)
    started = submit.post(place.outputs, submit.Request(key="a.png").body())
    report = follow.to_end(place.aws, started.execution_arn)
    assert report.succeeded
    found = place.aws.s3.list_objects_v2(Bucket=place.outputs.resized_bucket, Prefix="thumb-a.png")
    assert 1 == found["KeyCount"]


def _left(project: str) -> str:
    """Names of all that a project has."""
    label = f"label=com.docker.compose.project={project}"
    return "".join(
        docker(*kind, "--filter", label, "--quiet")
        for kind in (("ps", "--all"), ("network", "ls"), ("volume", "ls"))
    )
