"""S3 survives a kill -9: what was acknowledged is there, what was deleted is not."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from botocore.exceptions import ClientError

from tests.support.kept import KeptEmulator, kept_emulator

BUCKET = "kept-objects"
LARGE = 5 * 1024 * 1024


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[KeptEmulator]:
    with kept_emulator(tmp_path) as made:
        make_bucket(made)
        yield made


def make_bucket(kept: KeptEmulator) -> None:
    kept.aws.s3.create_bucket(
        Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "ca-central-1"}
    )


def body(kept: KeptEmulator, key: str, **named: str) -> bytes:
    return kept.aws.s3.get_object(Bucket=BUCKET, Key=key, **named)["Body"].read()


def test_an_object_with_all_that_belongs_to_it(kept: KeptEmulator) -> None:
    kept.aws.s3.put_object(
        Bucket=BUCKET,
        Key="a/b ü.txt",
        Body=b"hello",
        ContentType="text/plain",
        CacheControl="max-age=5",
        Metadata={"from": "a test"},
        Tagging="colour=red",
        ChecksumAlgorithm="SHA256",
    )
    before = kept.aws.s3.head_object(Bucket=BUCKET, Key="a/b ü.txt", ChecksumMode="ENABLED")

    kept.restart()

    after = kept.aws.s3.head_object(Bucket=BUCKET, Key="a/b ü.txt", ChecksumMode="ENABLED")
    for each in (before, after):
        each.pop("ResponseMetadata")
    assert after == before
    assert body(kept, "a/b ü.txt") == b"hello"
    tags = kept.aws.s3.get_object_tagging(Bucket=BUCKET, Key="a/b ü.txt")["TagSet"]
    assert tags == [{"Key": "colour", "Value": "red"}]


def test_what_was_overwritten_or_deleted(kept: KeptEmulator) -> None:
    for key in ("one", "two", "three", "four"):
        kept.aws.s3.put_object(Bucket=BUCKET, Key=key, Body=b"first")
    kept.aws.s3.put_object(Bucket=BUCKET, Key="one", Body=b"second")
    kept.aws.s3.delete_object(Bucket=BUCKET, Key="two")
    kept.aws.s3.delete_objects(Bucket=BUCKET, Delete={"Objects": [{"Key": "three"}]})

    kept.restart()

    listed = kept.aws.s3.list_objects_v2(Bucket=BUCKET)["Contents"]
    assert [each["Key"] for each in listed] == ["four", "one"]
    assert body(kept, "one") == b"second"
    # And goes on being kept.
    kept.aws.s3.put_object(Bucket=BUCKET, Key="one", Body=b"third")
    kept.restart()
    assert body(kept, "one") == b"third"


def test_a_large_object_and_a_copy(kept: KeptEmulator) -> None:
    data = bytes(range(256)) * (LARGE // 256) + b"the end"
    kept.aws.s3.upload_fileobj(io.BytesIO(data), BUCKET, "large")
    kept.aws.s3.copy_object(
        Bucket=BUCKET, Key="copy", CopySource={"Bucket": BUCKET, "Key": "large"}
    )

    kept.restart()

    assert body(kept, "large") == data
    assert body(kept, "copy") == data
    part = kept.aws.s3.get_object(Bucket=BUCKET, Key="copy", Range="bytes=-7")
    assert part["Body"].read() == b"the end"


def test_versions_in_their_order(kept: KeptEmulator) -> None:
    kept.aws.s3.put_object(Bucket=BUCKET, Key="key", Body=b"before versions")
    kept.aws.s3.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})
    second = kept.aws.s3.put_object(Bucket=BUCKET, Key="key", Body=b"second")["VersionId"]
    third = kept.aws.s3.put_object(Bucket=BUCKET, Key="key", Body=b"third")["VersionId"]
    kept.aws.s3.delete_object(Bucket=BUCKET, Key="key", VersionId=third)
    kept.aws.s3.put_object(Bucket=BUCKET, Key="gone", Body=b"there")
    kept.aws.s3.delete_object(Bucket=BUCKET, Key="gone")
    before = kept.aws.s3.list_object_versions(Bucket=BUCKET)

    kept.restart()

    after = kept.aws.s3.list_object_versions(Bucket=BUCKET)
    assert after["Versions"] == before["Versions"]
    assert after["DeleteMarkers"] == before["DeleteMarkers"]
    assert body(kept, "key") == b"second"
    assert body(kept, "key", VersionId=second) == b"second"
    assert body(kept, "key", VersionId="null") == b"before versions"
    with pytest.raises(ClientError, match="NoSuchKey"):
        body(kept, "gone")


def test_an_upload_goes_on(kept: KeptEmulator) -> None:
    upload = kept.aws.s3.create_multipart_upload(Bucket=BUCKET, Key="parts")["UploadId"]
    first = kept.aws.s3.upload_part(
        Bucket=BUCKET, Key="parts", UploadId=upload, PartNumber=1, Body=b"a" * LARGE
    )

    kept.restart()

    last = kept.aws.s3.upload_part(
        Bucket=BUCKET, Key="parts", UploadId=upload, PartNumber=2, Body=b"b"
    )
    kept.aws.s3.complete_multipart_upload(
        Bucket=BUCKET,
        Key="parts",
        UploadId=upload,
        MultipartUpload={
            "Parts": [
                {"PartNumber": 1, "ETag": first["ETag"]},
                {"PartNumber": 2, "ETag": last["ETag"]},
            ]
        },
    )
    kept.restart()
    assert body(kept, "parts") == b"a" * LARGE + b"b"
    assert "Uploads" not in kept.aws.s3.list_multipart_uploads(Bucket=BUCKET)


def test_a_bucket_with_its_settings(kept: KeptEmulator) -> None:
    rules = {"CORSRules": [{"AllowedMethods": ["GET"], "AllowedOrigins": ["https://example.com"]}]}
    kept.aws.s3.put_bucket_cors(Bucket=BUCKET, CORSConfiguration=rules)
    kept.aws.s3.put_bucket_tagging(
        Bucket=BUCKET, Tagging={"TagSet": [{"Key": "course", "Value": "1"}]}
    )
    kept.aws.s3.create_bucket(
        Bucket="empty-one", CreateBucketConfiguration={"LocationConstraint": "ca-central-1"}
    )
    kept.aws.s3.delete_bucket(Bucket="empty-one")
    before = kept.aws.s3.list_buckets()["Buckets"]

    kept.restart()

    assert kept.aws.s3.list_buckets()["Buckets"] == before
    assert kept.aws.s3.get_bucket_cors(Bucket=BUCKET)["CORSRules"] == rules["CORSRules"]
    tags = kept.aws.s3.get_bucket_tagging(Bucket=BUCKET)["TagSet"]
    assert tags == [{"Key": "course", "Value": "1"}]
