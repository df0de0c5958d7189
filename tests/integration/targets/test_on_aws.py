"""TARGET=aws, with an emulator in the place of AWS: by AWS_ENDPOINT_URL alone, as for any program.

boto3 validates each request by AWS's own models before it is sent.
"""

from __future__ import annotations

import base64
import contextlib
import dataclasses
import io
import json
import struct
import zipfile
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from client import journey
from client.journey import Job
from client.submit import Request
from infra import deployment, resource, stack
from infra.account import Account
from scripts import on_aws
from testbed import names
from testbed.aws import Aws
from testbed.errors import DeclinedError, ProvisioningError, UnconfirmedError
from testbed.outputs import Outputs
from testbed.settings import ROOT, Settings
from tests.conftest import Emulator

WANTED = Settings("aws", bucket_prefix="mine")
DEPLOYMENT = deployment.of(Account("000000000000", names.REGION), "mine")
BUCKET = DEPLOYMENT.pipeline.originals.name
OBJECT: Any = {"Bucket": BUCKET, "Key": "holiday.jpg"}
SAMPLE = ROOT / "samples" / "club2.png"
# e_machine of the ELF header (include/uapi/linux/elf-em.h).
MACHINES = {"x86_64": 62, "arm64": 183}


@dataclasses.dataclass
class Recorded:
    """AWS as the code sees it, and each operation that it was asked for."""

    aws: Aws
    operations: list[tuple[str, Any]] = dataclasses.field(default_factory=list)

    def wrote(self) -> list[str]:
        reading = ("Get", "List", "Head", "Describe")
        named = [operation.split(":")[1] for operation, _ in self.operations]
        return [each for each in named if not each.startswith(reading)]


@pytest.fixture
def recorded(emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> Iterator[Recorded]:
    """What is in it goes at the end."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", emulator.endpoint)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    for name in ("AWS_PROFILE", "YES", "EMPTY", "ARCH"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(resource, "AWS_POLL_S", 0.02)
    monkeypatch.setattr("sys.stdin", io.StringIO())
    made = Recorded(Aws(None))

    def note(model: Any, params: Any, **_: Any) -> None:
        service = model.service_model
        made.operations.append((f"{service.signing_name}:{model.name}", params))

    for service in stack.SERVICES:
        made.aws.client(service).meta.events.register("before-call", note)
    made.aws.client("resourcegroupstaggingapi").meta.events.register("before-call", note)
    yield made
    with contextlib.suppress(made.aws.s3.exceptions.NoSuchBucket):
        made.aws.s3.delete_object(**OBJECT)
    stack.destroy(made.aws, deployment=DEPLOYMENT)


@pytest.fixture
def agreed(recorded: Recorded, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody who said YES=1."""
    monkeypatch.setenv("YES", "1")


def up(recorded: Recorded) -> Outputs:
    return on_aws.provision(recorded.aws, WANTED)


def down(recorded: Recorded) -> int:
    return on_aws.remove(recorded.aws, WANTED)


@pytest.mark.usefixtures("agreed")
def test_a_life_on_aws(
    recorded: Recorded, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Up, an image through, up again, down: told, tagged, whole, and nothing left."""
    made = up(recorded)
    told = capsys.readouterr().out
    assert "account 000000000000 as arn:aws:" in told
    assert "9 of 9 resources would change" in told
    assert "Step Functions" in told
    assert (None, f"mine-{names.ORIGINAL_BUCKET}") == (made.endpoint, made.original_bucket)
    _is_for_linux(recorded)
    _is_tagged(recorded)
    done = journey.send(recorded.aws, made, Job.of(Request(key="club2.png"), SAMPLE))
    assert done.thumbnail is not None
    recorded.aws.s3.delete_object(Bucket=made.original_bucket, Key="club2.png")
    recorded.aws.s3.delete_object(Bucket=made.resized_bucket, Key="thumb-club2.png")
    before = len(recorded.wrote())
    assert made == up(recorded)
    assert before == len(recorded.wrote())
    assert 0 == down(recorded)
    assert "Nothing of ca-central-1/mine is left" in capsys.readouterr().out


def _is_tagged(recorded: Recorded) -> None:
    """Each with both tags, from its creation on."""
    expected = {"made-by": "image-pipeline-testbed", "deployment": "ca-central-1/mine"}
    aws, account = recorded.aws, DEPLOYMENT.account
    machine = account.state_machine_arn(names.STATE_MACHINE)
    listed: list[Any] = [aws.s3.get_bucket_tagging(Bucket=BUCKET)["TagSet"]]
    listed += [aws.iam.list_role_tags(RoleName=names.API_ROLE)["Tags"]]
    listed += [aws.stepfunctions.list_tags_for_resource(resourceArn=machine)["tags"]]
    mappings = [
        {tag.get("Key") or tag["key"]: tag.get("Value") or tag["value"] for tag in each}
        for each in listed
    ]
    function = account.function_arn(names.FUNCTION)
    mappings += [aws.lambda_.list_tags(Resource=function)["Tags"]]
    group = account.log_group_arn(names.FUNCTION_LOG_GROUP)
    mappings += [aws.logs.list_tags_for_resource(resourceArn=group)["tags"]]
    apis = aws.apigateway.get_rest_apis()["items"]
    mappings += [each["tags"] for each in apis if each["name"] == names.API]
    assert [expected] * 6 == mappings


def _is_for_linux(recorded: Recorded) -> None:
    """What was sent as the function's code has compiled modules for Linux on x86_64 or arm64."""
    (sent,) = [p for name, p in recorded.operations if name == "lambda:CreateFunction"]
    body = json.loads(sent["body"])
    with zipfile.ZipFile(io.BytesIO(base64.b64decode(body["Code"]["ZipFile"]))) as zipped:
        modules = [each for each in zipped.namelist() if each.endswith(".so")]
        heads = {zipped.read(each)[:20] for each in modules}
    assert {b"\x7fELF"} == {head[:4] for head in heads}
    machines = {struct.unpack_from("<H", head, 18)[0] for head in heads}
    assert {MACHINES[body["Architectures"][0]]} == machines


def test_nothing_is_made_or_removed_before_somebody_agrees(
    recorded: Recorded, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A job without a terminal and without YES=1 ends; so does a person who says no."""
    with pytest.raises(UnconfirmedError, match="YES=1"):
        up(recorded)
    monkeypatch.setattr("testbed.confirmation.sys.stdin", _Person("n\n"))
    with pytest.raises(DeclinedError):
        up(recorded)
    assert [] == recorded.wrote()
    assert 0 == down(recorded)


class _Person(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.usefixtures("agreed")
def test_what_was_cut_off_is_taken_up_again(
    recorded: Recorded, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Ctrl-C in the middle: `up` goes on from a part, and `down` removes a part."""
    _cut_off(monkeypatch, "state_machine.StateMachine.create", lambda: up(recorded))
    assert "BUCKET_PREFIX=mine` removes" in " ".join(capsys.readouterr().err.split())
    assert f"mine-{names.RESIZED_BUCKET}" == up(recorded).resized_bucket
    _cut_off(monkeypatch, "function.Function.delete", lambda: down(recorded))
    assert 0 == down(recorded)


def _cut_off(monkeypatch: pytest.MonkeyPatch, method: str, run: Callable[[], object]) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(f"infra.resources.{method}", interrupt)
        with pytest.raises(KeyboardInterrupt):
            run()


@pytest.mark.usefixtures("agreed")
def test_a_removal_takes_nothing_unasked_and_hides_nothing(
    recorded: Recorded, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Not another deployment's, not somebody's images; and what is still there ends with 1."""
    up(recorded)
    _another_deployment_keeps_off(recorded)
    told = " ".join(capsys.readouterr().err.split())
    assert "AWS_REGION=ca-central-1 BUCKET_PREFIX=mine" in told
    recorded.aws.s3.put_object(**OBJECT, Body=b"12345")
    with pytest.raises(UnconfirmedError, match="EMPTY=1"):
        down(recorded)
    assert "with 1 object, 5 bytes: holiday.jpg" in capsys.readouterr().out
    assert 5 == recorded.aws.s3.head_object(**OBJECT)["ContentLength"]
    monkeypatch.setenv("EMPTY", "1")
    with monkeypatch.context() as broken:
        broken.setattr("infra.resources.log_group.LogGroup.delete", lambda *_: None)
        assert 1 == down(recorded)
    assert f"left: log group {names.FUNCTION_LOG_GROUP}" in capsys.readouterr().err
    assert 0 == down(recorded)


def _another_deployment_keeps_off(recorded: Recorded) -> None:
    """Who comes second is refused before anything is made, and removes nothing of the first."""
    other = Settings("aws", bucket_prefix="other")
    before = len(recorded.wrote())
    with pytest.raises(ProvisioningError, match="BUCKET_PREFIX=mine"):
        on_aws.provision(recorded.aws, other)
    assert 1 == on_aws.remove(recorded.aws, other)  # it would be another `make down`
    assert before == len(recorded.wrote())
