from __future__ import annotations

import dataclasses
import datetime as dt
import io
import json
from pathlib import Path

import pytest
from botocore.response import StreamingBody
from botocore.stub import Stubber

from localstack_standalone.launcher import state_folder
from scripts import evidence
from targets import choose
from targets.base import Running
from targets.docker import cli
from targets.docker.cli import DockerError
from testbed import names, outputs, settings
from testbed.aws import Aws
from tests.support.addresses import EMULATED

NOW = dt.datetime(2026, 3, 1, 12, 0, 0, tzinfo=dt.UTC)
BUCKETS = names.ORIGINAL_BUCKET, names.RESIZED_BUCKET
STATES = "arn:aws:states:ca-central-1:000000000000"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where it is collected, on a machine without Docker where nothing is up."""

    def refuse() -> str:
        raise DockerError(cli.NO_ENGINE)

    monkeypatch.setattr(evidence, "FOLDER", tmp_path / "evidence")
    monkeypatch.setattr(cli, "versions", refuse)
    monkeypatch.setattr(settings, "DOTENV", tmp_path / "none")
    monkeypatch.setenv("STATE_DIR", str(tmp_path / "state"))
    monkeypatch.setenv("TARGET", "auto")
    return tmp_path / "evidence"


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """What the emulator left that was last up there."""
    state_folder.take(tmp_path / "state")
    path = tmp_path / "state" / "emulator.log"
    path.write_text("one\ntwo\n", encoding="utf-8")
    return path


def collected(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


@pytest.mark.usefixtures("log")
def test_a_testbed_that_is_gone_leaves_its_log(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What cannot be had without it is said."""
    evidence.main()
    assert {"versions.json", "emulator.log"} == collected(folder)
    assert "one\ntwo\n" == (folder / "emulator.log").read_text(encoding="utf-8")
    assert "no functions, executions, images: no testbed is up" in capsys.readouterr().out


def test_where_nothing_was_started_the_versions_are_left(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Which checkout, which locked packages, and why there is no Docker."""
    evidence.main()
    assert {"versions.json"} == collected(folder)
    assert "no emulator.log: " in capsys.readouterr().out
    facts = json.loads((folder / "versions.json").read_text(encoding="utf-8"))
    assert ("none is up", cli.NO_ENGINE) == (facts["target"], facts["docker"])
    assert facts["commit"]
    assert any(pin.startswith("localstack-core==4.") for pin in facts["locked"]["emulator"])


@pytest.mark.usefixtures("log")
def test_the_folder_is_made_anew(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing of an earlier job is taken for this one's; what is somebody's stays, and is named."""
    (folder / "executions").mkdir(parents=True)
    (folder / "executions" / "old.json").touch()
    (folder / "notes.txt").touch()
    evidence.main()
    assert {"versions.json", "emulator.log", "notes.txt"} == collected(folder)
    assert f"{folder / 'notes.txt'} is not from here, and stays" in capsys.readouterr().out


@pytest.mark.usefixtures("log")
def test_a_service_that_fails_costs_its_own_part(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A testbed that broke is what this is for."""
    running = Running("embedded", "http://127.0.0.1:9")
    monkeypatch.setattr(choose, "running", lambda _wanted: running)
    logs, states, s3 = (
        Stubber(client) for client in (running.aws.logs, running.aws.stepfunctions, running.aws.s3)
    )
    logs.add_client_error("describe_log_groups", "InternalError", "[/broke]")
    states.add_response("list_state_machines", {"stateMachines": []})
    s3.add_client_error("list_objects_v2", "NoSuchBucket")
    with logs, states, s3:
        evidence.main()
    said = capsys.readouterr().out
    assert "no functions: An error occurred (InternalError)" in said
    assert "[/broke]" in said
    assert "✓ executions 0" in said
    assert "no images: An error occurred (NoSuchBucket)" in said


def test_each_function_has_a_file_of_its_lines(folder: Path, aws: Aws, logs: Stubber) -> None:
    """Page after page, with their times; one that said nothing has an empty one."""
    groups = [{"logGroupName": names.log_group(name)} for name in ("F", "G")]
    logs.add_response("describe_log_groups", {"logGroups": groups})
    for page, token in (("START r1\n", {"nextToken": "t"}), ("END r1\n", {})):
        events = [{"timestamp": 7, "message": page}]
        logs.add_response("filter_log_events", {"events": events, **token})
    logs.add_response("filter_log_events", {"events": []})
    assert 2 == evidence.function_logs(aws)
    assert {"functions/F.log", "functions/G.log"} == collected(folder)
    assert "7 START r1\n7 END r1\n" == (folder / "functions" / "F.log").read_text(encoding="utf-8")


def machine(name: str, kind: str = "STANDARD") -> dict[str, object]:
    arn = f"{STATES}:stateMachine:{name}"
    return {"stateMachineArn": arn, "name": name, "type": kind, "creationDate": NOW}


def add_executions(stubber: Stubber, name: str, *executions: str) -> None:
    """The answer to who asks for the latest executions of machine *name*."""
    machine_arn = f"{STATES}:stateMachine:{name}"
    listed = [
        {
            "executionArn": f"{STATES}:execution:{name}:{one}",
            "stateMachineArn": machine_arn,
            "name": one,
            "status": "FAILED",
            "startDate": NOW,
        }
        for one in executions
    ]
    expected = {"stateMachineArn": machine_arn, "maxResults": evidence.MOST_EXECUTIONS}
    stubber.add_response("list_executions", {"executions": listed}, expected)


def add_history(stubber: Stubber, name: str, execution: str) -> None:
    """The answers to who asks for one of them: its description and its history."""
    arn = f"{STATES}:execution:{name}:{execution}"
    described = {
        "executionArn": arn,
        "stateMachineArn": f"{STATES}:stateMachine:{name}",
        "status": "FAILED",
        "startDate": NOW,
        "ResponseMetadata": {"HTTPStatusCode": 200},
    }
    history = [{"timestamp": NOW, "type": "ExecutionFailed", "id": 1}]
    # In the order in which they are asked for.
    stubber.add_response("describe_execution", described, {"executionArn": arn})
    stubber.add_response(
        "get_execution_history", {"events": history}, {"executionArn": arn, "maxResults": 1000}
    )


def kept(folder: Path) -> list[dict[str, object]]:
    files = sorted((folder / "executions").rglob("*.json"))
    return [json.loads(file.read_text(encoding="utf-8")) for file in files]


def test_each_execution_has_its_history(folder: Path, aws: Aws, stepfunctions: Stubber) -> None:
    """Its description beside it, without what belongs to the answer alone."""
    stepfunctions.add_response("list_state_machines", {"stateMachines": [machine("M")]})
    add_executions(stepfunctions, "M", "e")
    add_history(stepfunctions, "M", "e")
    assert 1 == evidence.executions(aws)
    (whole,) = kept(folder)
    assert {
        "execution": {
            "executionArn": f"{STATES}:execution:M:e",
            "stateMachineArn": f"{STATES}:stateMachine:M",
            "status": "FAILED",
            "startDate": str(NOW),
        },
        "history": [{"timestamp": str(NOW), "type": "ExecutionFailed", "id": 1}],
    } == whole


def add_objects(stubber: Stubber, *keys: str) -> None:
    """A bucket with *keys* in it, whose objects' contents are their keys."""
    contents = [{"Key": key} for key in keys]
    stubber.add_response("list_objects_v2", {"Contents": contents} if keys else {})
    for key in keys:
        body = StreamingBody(io.BytesIO(key.encode()), len(key.encode()))
        stubber.add_response("get_object", {"Body": body})


def test_both_buckets_are_saved(folder: Path, aws: Aws, s3: Stubber) -> None:
    """A folder for each; an empty one is none."""
    add_objects(s3, "a.png", "b/c.png")
    add_objects(s3)
    assert 2 == evidence.images(aws, *BUCKETS)
    saved = folder / "images" / names.ORIGINAL_BUCKET
    assert {b"a.png", b"b/c.png"} == {path.read_bytes() for path in saved.iterdir()}
    assert [saved] == list((folder / "images").iterdir())


def test_the_buckets_are_those_of_the_addresses(tmp_path: Path) -> None:
    """On AWS their names begin with a prefix; without addresses they are the names as given."""
    state_dir = tmp_path / "state"
    assert BUCKETS == evidence.buckets(state_dir)
    state_folder.take(state_dir)
    own = {"original_bucket": "a-originals", "resized_bucket": "a-thumbnails"}
    outputs.write(state_dir, dataclasses.replace(EMULATED, **own))
    assert ("a-originals", "a-thumbnails") == evidence.buckets(state_dir)


def test_executions_of_one_name_are_told_apart(
    folder: Path, aws: Aws, stepfunctions: Stubber
) -> None:
    """A name is one machine's; another may have the same."""
    machines = [machine("M"), machine("N")]
    stepfunctions.add_response("list_state_machines", {"stateMachines": machines})
    for name in "MN":
        add_executions(stepfunctions, name, "e")
    for name in "MN":
        add_history(stepfunctions, name, "e")
    assert 2 == evidence.executions(aws)
    assert 2 == len(kept(folder))


def test_an_express_machine_costs_no_others_executions(
    folder: Path, aws: Aws, stepfunctions: Stubber, capsys: pytest.CaptureFixture[str]
) -> None:
    """Step Functions keeps none of its own, and refuses to list them: that is said."""
    machines = [machine("X", "EXPRESS"), machine("M")]
    stepfunctions.add_response("list_state_machines", {"stateMachines": machines})
    add_executions(stepfunctions, "M", "e")
    add_history(stepfunctions, "M", "e")
    assert 1 == evidence.executions(aws)
    assert 1 == len(kept(folder))
    assert "no executions of X: " in capsys.readouterr().out


def test_any_key_makes_a_file_of_its_own(folder: Path, aws: Aws, s3: Stubber) -> None:
    """Such as a folder's name, and long ones that differ at their beginning."""
    keys = [".", "..", "../a.png", "a/" + "x" * 300, "b/" + "x" * 300]
    add_objects(s3, *keys)
    add_objects(s3)
    assert 5 == evidence.images(aws, *BUCKETS)
    saved = folder / "images" / names.ORIGINAL_BUCKET
    assert sorted(keys) == sorted(path.read_text(encoding="utf-8") for path in saved.iterdir())


def test_versions_are_told_of_a_testbed_that_cannot_be_asked(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was started in Docker, which does not answer: which checkout that was is known."""

    def refuse(_state_dir: Path) -> None:
        raise DockerError(cli.NO_ENGINE)

    monkeypatch.setattr(choose, "find", refuse)
    evidence.versions(settings.Settings(state_dir=tmp_path / "state"))
    facts = json.loads((folder / "versions.json").read_text(encoding="utf-8"))
    assert cli.NO_ENGINE == facts["target"]


def test_a_line_that_is_no_text_is_kept(folder: Path, aws: Aws, logs: Stubber) -> None:
    """JSON carries half a character, which no file can hold: it is written as its number."""
    groups = [{"logGroupName": names.log_group("F")}]
    logs.add_response("describe_log_groups", {"logGroups": groups})
    logs.add_response("filter_log_events", {"events": [{"timestamp": 7, "message": "a\ud800"}]})
    evidence.function_logs(aws)
    assert "7 a\\ud800\n" == (folder / "functions" / "F.log").read_text(encoding="utf-8")


def test_of_an_account_it_takes_what_is_the_pipelines(folder: Path) -> None:
    """What else runs there is nobody's business."""
    account = Aws(endpoint=None)
    logs, states = Stubber(account.logs), Stubber(account.stepfunctions)
    own = names.FUNCTION_LOG_GROUP
    groups = [{"logGroupName": name} for name in (own, f"{own}Twin")]
    logs.add_response("describe_log_groups", {"logGroups": groups}, {"logGroupNamePrefix": own})
    logs.add_response("filter_log_events", {"events": []})
    machines = [machine("Payroll"), machine(names.STATE_MACHINE)]
    states.add_response("list_state_machines", {"stateMachines": machines})
    add_executions(states, names.STATE_MACHINE)
    with logs, states:
        assert (1, 0) == (evidence.function_logs(account), evidence.executions(account))
    assert {f"functions/{names.FUNCTION}.log"} == collected(folder)
