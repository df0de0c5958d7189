"""A disk that fills: what was not written is refused, what was acknowledged stays, and it goes on.

The system bounds how large a file of the emulator's may become; a write beyond is an error to it,
as one on a full disk is.
"""

from __future__ import annotations

import json
import resource
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from botocore.exceptions import ClientError

from tests.support.functions import ROLE
from tests.support.kept import KeptEmulator, kept_emulator
from tests.support.redriven import alone

BUCKET = "kept-objects"
ROOM = 2 * 1024 * 1024
BODY = bytes(range(256)) * 1024  # 256 KiB
INPUT = json.dumps({"text": "x" * 10_000})


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[KeptEmulator]:
    with kept_emulator(tmp_path, SERVICES="s3") as made:
        made.aws.s3.create_bucket(
            Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "ca-central-1"}
        )
        yield made


def limit(kept: KeptEmulator, size: int) -> None:
    assert kept.record is not None
    psutil.Process(kept.record.pid).rlimit(psutil.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))


def put(kept: KeptEmulator, number: int) -> str:
    key = f"{number:03}"
    kept.aws.s3.put_object(Bucket=BUCKET, Key=key, Body=BODY)
    return key


def until_refused(kept: KeptEmulator) -> tuple[list[str], ClientError]:
    """What was acknowledged, and the refusal of the one behind."""
    acknowledged: list[str] = []
    for number in range(100):
        try:
            acknowledged.append(put(kept, number))
        except ClientError as error:
            return acknowledged, error
    raise AssertionError("the disk was never full")


def keys(kept: KeptEmulator) -> list[str]:
    listed = kept.aws.s3.list_objects_v2(Bucket=BUCKET).get("Contents", [])
    return [each["Key"] for each in listed]


def test_nothing_acknowledged_is_lost(kept: KeptEmulator) -> None:
    largest = max(path.stat().st_size for path in kept.folder.iterdir())
    limit(kept, largest + ROOM)
    acknowledged, refused = until_refused(kept)
    assert acknowledged
    error = refused.response["Error"]
    assert error["Code"] == "InternalError"
    assert "could not be written to" in error["Message"]
    assert "make room there, then repeat" in error["Message"]
    # Others are refused as well, and what is there is still served.
    with pytest.raises(ClientError, match="could not be written"):
        put(kept, 200)
    found = kept.aws.s3.get_object(Bucket=BUCKET, Key=acknowledged[0])
    assert found["Body"].read() == BODY

    limit(kept, resource.RLIM_INFINITY)

    acknowledged.append(put(kept, 300))
    kept.restart()
    assert set(acknowledged) <= set(keys(kept))
    for key in acknowledged:
        assert kept.aws.s3.get_object(Bucket=BUCKET, Key=key)["Body"].read() == BODY


def test_a_kill_on_a_full_disk(kept: KeptEmulator) -> None:
    largest = max(path.stat().st_size for path in kept.folder.iterdir())
    limit(kept, largest + ROOM)
    acknowledged, _ = until_refused(kept)
    kept.restart()
    assert keys(kept) == acknowledged


def test_an_execution_that_could_not_be_written_never_runs(tmp_path: Path) -> None:
    with kept_emulator(tmp_path, SERVICES="stepfunctions") as kept:
        client = kept.aws.stepfunctions
        machine = client.create_state_machine(
            name="waits",
            definition=json.dumps(alone({"Type": "Wait", "Seconds": 600, "End": True})),
            roleArn=ROLE,
        )["stateMachineArn"]
        limit(kept, max(path.stat().st_size for path in kept.folder.iterdir()))
        acknowledged: list[str] = []
        for number in range(500):
            name = f"number-{number}"
            try:
                client.start_execution(stateMachineArn=machine, name=name, input=INPUT)
            except ClientError as error:
                refused = error
                break
            acknowledged.append(name)
        assert refused.response["Error"]["Code"] == "InternalError"
        assert "make room there, then repeat" in refused.response["Error"]["Message"]
        assert names(kept, machine) == acknowledged

        limit(kept, resource.RLIM_INFINITY)
        client.create_activity(name="there-is-room")
        kept.restart()
        assert names(kept, machine) == acknowledged
        client = kept.aws.stepfunctions
        client.start_execution(stateMachineArn=machine, name=name, input="{}")
        assert names(kept, machine) == [*acknowledged, name]


def names(kept: KeptEmulator, machine: str) -> list[str]:
    listed = kept.aws.stepfunctions.list_executions(stateMachineArn=machine, maxResults=1000)
    return [each["name"] for each in listed["executions"]][::-1]
