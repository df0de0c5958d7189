"""S3 survives a kill -9: what was acknowledged is there, what was deleted is not.

All is done first, then the emulator is killed once, and each test looks at one thing. What goes on
after that is done before a second kill.
"""

from __future__ import annotations

import dataclasses
import io
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.support.kept import KeptEmulator, kept_emulator

BUCKET = "kept-objects"
VERSIONED = "kept-versions"
WHERE: Any = {"LocationConstraint": "ca-central-1"}
LARGE = 5 * 1024 * 1024
DATA = bytes(range(256)) * (LARGE // 256) + b"the end"
RULES: Any = {"CORSRules": [{"AllowedMethods": ["GET"], "AllowedOrigins": ["https://example.com"]}]}


@dataclasses.dataclass
class Killed:
    """An emulator that was killed, and what it told before.

    Attributes:
        kept: the emulator.
        told: answers of before, by name.
    """

    kept: KeptEmulator
    told: dict[str, Any]

    @property
    def s3(self) -> Any:
        return self.kept.aws.s3

    def body(self, key: str, bucket: str = BUCKET, **named: str) -> bytes:
        body: bytes = self.s3.get_object(Bucket=bucket, Key=key, **named)["Body"].read()
        return body


@pytest.fixture(scope="module")
def killed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Killed]:
    with kept_emulator(tmp_path_factory.mktemp("kept")) as kept:
        s3 = kept.aws.s3
        told: dict[str, Any] = {}
        for bucket in (BUCKET, VERSIONED, "deleted-one"):
            s3.create_bucket(Bucket=bucket, CreateBucketConfiguration=WHERE)
        unfinished = s3.create_multipart_upload(Bucket="deleted-one", Key="key")["UploadId"]
        s3.upload_part(
            Bucket="deleted-one", Key="key", UploadId=unfinished, PartNumber=1, Body=b"x"
        )
        s3.delete_bucket(Bucket="deleted-one")
        s3.put_bucket_cors(Bucket=BUCKET, CORSConfiguration=RULES)
        s3.put_bucket_tagging(Bucket=BUCKET, Tagging={"TagSet": [{"Key": "course", "Value": "1"}]})
        _put_objects(s3, told)
        _put_versions(s3, told)
        told["buckets"] = s3.list_buckets()["Buckets"]
        kept.restart()
        _go_on(kept.aws.s3, told)
        kept.restart()
        yield Killed(kept, told)


def _put_objects(s3: Any, told: dict[str, Any]) -> None:
    s3.put_object(
        Bucket=BUCKET,
        Key="a/b ü.txt",
        Body=b"hello",
        ContentType="text/plain",
        CacheControl="max-age=5",
        Metadata={"from": "a test"},
        Tagging="colour=red",
        ChecksumAlgorithm="SHA256",
    )
    told["head"] = _head(s3)
    for key in ("one", "two", "three", "four"):
        s3.put_object(Bucket=BUCKET, Key=key, Body=b"first")
    s3.put_object(Bucket=BUCKET, Key="one", Body=b"second")
    s3.delete_object(Bucket=BUCKET, Key="two")
    s3.delete_objects(Bucket=BUCKET, Delete={"Objects": [{"Key": "three"}]})
    s3.upload_fileobj(io.BytesIO(DATA), BUCKET, "large")
    s3.copy_object(Bucket=BUCKET, Key="copy", CopySource={"Bucket": BUCKET, "Key": "large"})
    told["upload"] = s3.create_multipart_upload(Bucket=BUCKET, Key="parts")["UploadId"]
    told["part"] = s3.upload_part(
        Bucket=BUCKET, Key="parts", UploadId=told["upload"], PartNumber=1, Body=b"a" * LARGE
    )["ETag"]


def _put_versions(s3: Any, told: dict[str, Any]) -> None:
    s3.put_object(Bucket=VERSIONED, Key="key", Body=b"before versions")
    s3.put_bucket_versioning(Bucket=VERSIONED, VersioningConfiguration={"Status": "Enabled"})
    second = s3.put_object(Bucket=VERSIONED, Key="key", Body=b"second")["VersionId"]
    third = s3.put_object(Bucket=VERSIONED, Key="key", Body=b"third")["VersionId"]
    s3.delete_object(Bucket=VERSIONED, Key="key", VersionId=third)
    s3.put_object(Bucket=VERSIONED, Key="gone", Body=b"there")
    s3.delete_object(Bucket=VERSIONED, Key="gone")
    told["second"], told["versions"] = second, s3.list_object_versions(Bucket=VERSIONED)


def _go_on(s3: Any, told: dict[str, Any]) -> None:
    """What was put back is kept when it changes again."""
    s3.put_object(Bucket=BUCKET, Key="four", Body=b"after a crash")
    last = s3.upload_part(
        Bucket=BUCKET, Key="parts", UploadId=told["upload"], PartNumber=2, Body=b"b"
    )["ETag"]
    parts = [{"PartNumber": 1, "ETag": told["part"]}, {"PartNumber": 2, "ETag": last}]
    s3.complete_multipart_upload(
        Bucket=BUCKET, Key="parts", UploadId=told["upload"], MultipartUpload={"Parts": parts}
    )


def _head(s3: Any) -> Any:
    head = s3.head_object(Bucket=BUCKET, Key="a/b ü.txt", ChecksumMode="ENABLED")
    head.pop("ResponseMetadata")
    return head


def test_an_object_with_all_that_belongs_to_it(killed: Killed) -> None:
    assert _head(killed.s3) == killed.told["head"]
    assert killed.body("a/b ü.txt") == b"hello"
    tags = killed.s3.get_object_tagging(Bucket=BUCKET, Key="a/b ü.txt")["TagSet"]
    assert tags == [{"Key": "colour", "Value": "red"}]


def test_what_was_overwritten_or_deleted(killed: Killed) -> None:
    listed = killed.s3.list_objects_v2(Bucket=BUCKET)["Contents"]
    keys = [each["Key"] for each in listed]
    assert keys == ["a/b ü.txt", "copy", "four", "large", "one", "parts"]
    assert killed.body("one") == b"second"
    assert killed.body("four") == b"after a crash"


def test_a_large_object_and_a_copy(killed: Killed) -> None:
    assert killed.body("large") == DATA
    assert killed.body("copy") == DATA
    assert killed.body("copy", Range="bytes=-7") == b"the end"


def test_versions_in_their_order(killed: Killed) -> None:
    after, before = killed.s3.list_object_versions(Bucket=VERSIONED), killed.told["versions"]
    assert after["Versions"] == before["Versions"]
    assert after["DeleteMarkers"] == before["DeleteMarkers"]
    assert killed.body("key", VERSIONED) == b"second"
    assert killed.body("key", VERSIONED, VersionId=killed.told["second"]) == b"second"
    assert killed.body("key", VERSIONED, VersionId="null") == b"before versions"
    with pytest.raises(ClientError, match="NoSuchKey"):
        killed.body("gone", VERSIONED)


def test_an_upload_goes_on(killed: Killed) -> None:
    assert killed.body("parts") == b"a" * LARGE + b"b"
    assert "Uploads" not in killed.s3.list_multipart_uploads(Bucket=BUCKET)


def test_a_bucket_with_its_settings(killed: Killed) -> None:
    assert killed.s3.list_buckets()["Buckets"] == killed.told["buckets"]
    assert killed.s3.get_bucket_cors(Bucket=BUCKET)["CORSRules"] == RULES["CORSRules"]
    tags = killed.s3.get_bucket_tagging(Bucket=BUCKET)["TagSet"]
    assert tags == [{"Key": "course", "Value": "1"}]
