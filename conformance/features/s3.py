"""S3: objects, their metadata and versions, conditions, presigned URLs, notifications."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

import requests
from botocore.exceptions import ClientError

from conformance.check import Check, holds, matches, member, refused, same
from conformance.workshop import HTTP_TIMEOUT_S

if TYPE_CHECKING:
    from conformance.workshop import Workshop

API: Final = "https://docs.aws.amazon.com/AmazonS3/latest/API"
GUIDE: Final = "https://docs.aws.amazon.com/AmazonS3/latest/userguide"
PART_BYTES: Final = 5 * 1024 * 1024
ODD_KEY: Final = "a folder/my dog+cat (ü) 100%.png"
PRINTS: Final = """
    import json
    def handler(event, context):
        print("EVENT " + json.dumps(event))
"""


def _metadata(shop: Workshop) -> None:
    s3, bucket = shop.aws.s3, shop.bucket()
    put = s3.put_object(
        Bucket=bucket, Key="a", Body=b"tea", ContentType="text/plain", Metadata={"cup": "blue"}
    )
    got = s3.get_object(Bucket=bucket, Key="a")
    same("the content", b"tea", got["Body"].read(64))
    same("ContentType", "text/plain", got.get("ContentType"))
    same("Metadata", {"cup": "blue"}, got.get("Metadata"))
    same("ContentLength", 3, got.get("ContentLength"))
    etag = '"7239ea2b5dc943f61f3c0a0276c20974"'  # MD5 of the content
    same("ETag", (etag, etag), (put.get("ETag"), got.get("ETag")))


def _odd_key(shop: Workshop) -> None:
    s3, bucket = shop.aws.s3, shop.bucket()
    s3.put_object(Bucket=bucket, Key=ODD_KEY, Body=b"x")
    listed = s3.list_objects_v2(Bucket=bucket, Prefix="a folder/my dog+")
    same("the keys listed", [ODD_KEY], [each["Key"] for each in listed.get("Contents", [])])
    same("the content", b"x", s3.get_object(Bucket=bucket, Key=ODD_KEY)["Body"].read(64))


def _no_such_key(shop: Workshop) -> None:
    bucket = shop.bucket()
    with refused("NoSuchKey", status=404, message=re.escape("The specified key does not exist.")):
        shop.aws.s3.get_object(Bucket=bucket, Key="none")


def _no_such_bucket(shop: Workshop) -> None:
    with refused("NoSuchBucket", status=404):
        shop.aws.s3.list_objects_v2(Bucket=shop.name())


def _bucket_twice(shop: Workshop) -> None:
    bucket = shop.bucket()
    with refused("BucketAlreadyOwnedByYou", status=409):
        shop.aws.s3.create_bucket(
            Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": "ca-central-1"}
        )


def _not_empty(shop: Workshop) -> None:
    bucket = shop.bucket()
    shop.aws.s3.put_object(Bucket=bucket, Key="a", Body=b"x")
    with refused("BucketNotEmpty", status=409):
        shop.aws.s3.delete_bucket(Bucket=bucket)


def _versions(shop: Workshop) -> None:
    s3, bucket = shop.aws.s3, shop.bucket()
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    first = s3.put_object(Bucket=bucket, Key="a", Body=b"1")
    s3.put_object(Bucket=bucket, Key="a", Body=b"2")
    same("the newest", b"2", s3.get_object(Bucket=bucket, Key="a")["Body"].read(64))
    version = str(member("PutObject", first, "VersionId"))
    old = s3.get_object(Bucket=bucket, Key="a", VersionId=version)
    same("the older version", b"1", old["Body"].read(64))
    holds("DeleteMarker", s3.delete_object(Bucket=bucket, Key="a").get("DeleteMarker"))
    with refused("NoSuchKey", status=404):
        s3.get_object(Bucket=bucket, Key="a")
    same("the version behind the marker", b"1", _version(shop, bucket, version))


def _version(shop: Workshop, bucket: str, version: str) -> bytes:
    got = shop.aws.s3.get_object(Bucket=bucket, Key="a", VersionId=version)
    return got["Body"].read(64)


def _multipart(shop: Workshop) -> None:
    s3, bucket = shop.aws.s3, shop.bucket()
    at: Any = {"Bucket": bucket, "Key": "a"}
    at["UploadId"] = s3.create_multipart_upload(**at)["UploadId"]
    parts: list[Any] = [
        {"PartNumber": number, "ETag": s3.upload_part(**at, PartNumber=number, Body=body)["ETag"]}
        for number, body in enumerate((b"x" * PART_BYTES, b"y"), 1)
    ]
    done = s3.complete_multipart_upload(**at, MultipartUpload={"Parts": parts})
    matches("ETag", r'^"[0-9a-f]{32}-2"$', done.get("ETag"))
    found = s3.head_object(Bucket=bucket, Key="a")
    same("ContentLength", PART_BYTES + 1, found.get("ContentLength"))


def _range(shop: Workshop) -> None:
    s3, bucket = shop.aws.s3, shop.bucket()
    s3.put_object(Bucket=bucket, Key="a", Body=b"0123456789")
    got = s3.get_object(Bucket=bucket, Key="a", Range="bytes=2-4")
    same("the content", b"234", got["Body"].read(64))
    same("ContentRange", "bytes 2-4/10", got.get("ContentRange"))
    same("the status", 206, got["ResponseMetadata"]["HTTPStatusCode"])
    with refused("InvalidRange", status=416):
        s3.get_object(Bucket=bucket, Key="a", Range="bytes=10-12")


def _conditions(shop: Workshop) -> None:
    s3, bucket = shop.aws.s3, shop.bucket()
    etag = s3.put_object(Bucket=bucket, Key="a", Body=b"x")["ETag"]
    with refused("304", status=304):
        s3.get_object(Bucket=bucket, Key="a", IfNoneMatch=etag)
    with refused("PreconditionFailed", status=412):
        s3.get_object(Bucket=bucket, Key="a", IfMatch='"0"')
    with refused("PreconditionFailed", status=412):
        s3.put_object(Bucket=bucket, Key="a", Body=b"y", IfNoneMatch="*")


def _copy(shop: Workshop) -> None:
    s3, bucket = shop.aws.s3, shop.bucket()
    s3.put_object(Bucket=bucket, Key="a", Body=b"x", Metadata={"cup": "blue"})
    s3.copy_object(Bucket=bucket, Key="b", CopySource={"Bucket": bucket, "Key": "a"})
    got = s3.get_object(Bucket=bucket, Key="b")
    same("what was copied", (b"x", {"cup": "blue"}), (got["Body"].read(64), got.get("Metadata")))


def _tags(shop: Workshop) -> None:
    s3, bucket = shop.aws.s3, shop.bucket()
    s3.put_object(Bucket=bucket, Key="a", Body=b"x", Tagging="colour=blue")
    found = s3.get_object_tagging(Bucket=bucket, Key="a").get("TagSet")
    same("TagSet", [{"Key": "colour", "Value": "blue"}], found)


def _pages(shop: Workshop) -> None:
    s3, bucket = shop.aws.s3, shop.bucket()
    for key in ("b/1", "a", "b/2", "c"):
        s3.put_object(Bucket=bucket, Key=key, Body=b"x")
    first = s3.list_objects_v2(Bucket=bucket, MaxKeys=2, Delimiter="/")
    same("the first page", ["a"], [each["Key"] for each in first.get("Contents", [])])
    same("its folders", [{"Prefix": "b/"}], first.get("CommonPrefixes"))
    holds("IsTruncated", first.get("IsTruncated"))
    token = str(member("ListObjectsV2", first, "NextContinuationToken"))
    rest = s3.list_objects_v2(Bucket=bucket, Delimiter="/", ContinuationToken=token)
    same("the second page", ["c"], [each["Key"] for each in rest.get("Contents", [])])


def _checksum(shop: Workshop) -> None:
    s3, bucket = shop.aws.s3, shop.bucket()
    put = s3.put_object(Bucket=bucket, Key="a", Body=b"tea", ChecksumAlgorithm="SHA256")
    expected = "qfdNHsNuvesto/blhoCQzSotILPcynti9gMEsdPZ70I="
    same("ChecksumSHA256", expected, put.get("ChecksumSHA256"))
    got = s3.head_object(Bucket=bucket, Key="a", ChecksumMode="ENABLED")
    same("ChecksumSHA256, read", expected, got.get("ChecksumSHA256"))
    with refused("BadDigest", status=400):
        s3.put_object(Bucket=bucket, Key="b", Body=b"tea", ChecksumSHA256=f"AA{expected[2:]}")


def _presigned(shop: Workshop) -> None:
    s3, bucket = shop.aws.s3, shop.bucket()
    s3.put_object(Bucket=bucket, Key="my tea.txt", Body=b"tea")
    where = {"Bucket": bucket, "Key": "my tea.txt"}
    got = _get(s3.generate_presigned_url("get_object", Params=where, ExpiresIn=60))
    same("the answer", (200, b"tea"), (got.status_code, got.content))


def _presigned_altered(shop: Workshop) -> None:
    s3, bucket = shop.aws.s3, shop.bucket()
    for key in ("a", "b"):
        s3.put_object(Bucket=bucket, Key=key, Body=b"x")
    where = {"Bucket": bucket, "Key": "a"}
    url = s3.generate_presigned_url("get_object", Params=where, ExpiresIn=60)
    got = _get(url.replace(f"{bucket}/a?", f"{bucket}/b?"))
    same("the status", 403, got.status_code)
    matches("the body", "SignatureDoesNotMatch", got.text)


def _presigned_expired(shop: Workshop) -> None:
    s3, bucket = shop.aws.s3, shop.bucket()
    s3.put_object(Bucket=bucket, Key="a", Body=b"x")
    where = {"Bucket": bucket, "Key": "a"}
    url = s3.generate_presigned_url("get_object", Params=where, ExpiresIn=1)

    def probe() -> tuple[requests.Response | None, str]:
        got = _get(url)
        return (got if got.status_code == 403 else None), f"status {got.status_code}"  # noqa: PLR2004

    matches("the body", "AccessDenied|Request has expired", shop.until(probe, "a refusal").text)


def _get(url: str) -> requests.Response:
    with requests.Session() as session:
        session.trust_env = False
        return session.get(url, timeout=HTTP_TIMEOUT_S)


def _notification(shop: Workshop) -> None:
    s3, bucket = shop.aws.s3, shop.bucket()
    function = shop.function(PRINTS)
    name = function.rpartition(":")[2]
    shop.aws.lambda_.add_permission(
        FunctionName=name,
        StatementId="s3",
        Action="lambda:InvokeFunction",
        Principal="s3.amazonaws.com",
        SourceArn=f"arn:aws:s3:::{bucket}",
    )
    wanted: Any = {"LambdaFunctionArn": function, "Events": ["s3:ObjectCreated:*"]}
    s3.put_bucket_notification_configuration(
        Bucket=bucket, NotificationConfiguration={"LambdaFunctionConfigurations": [wanted]}
    )
    s3.put_object(Bucket=bucket, Key="my dog+cat.png", Body=b"x")
    text = shop.lines(name, "EVENT .*my")
    line = next(line for line in text.splitlines() if line.startswith("EVENT "))
    record = member("the event", json.loads(line.removeprefix("EVENT ")), "Records", 0)
    same("eventName", "ObjectCreated:Put", record.get("eventName"))
    same("object.key", "my+dog%2Bcat.png", member("the record", record, "s3", "object", "key"))
    same("bucket.name", bucket, member("the record", record, "s3", "bucket", "name"))


def _headers(shop: Workshop) -> None:
    found = shop.aws.s3.list_buckets()["ResponseMetadata"]["HTTPHeaders"]
    same("Server", "AmazonS3", found.get("server"))
    matches("x-amz-request-id", ".", found.get("x-amz-request-id"))


def _public_access(shop: Workshop) -> None:
    s3, bucket = shop.aws.s3, shop.bucket()
    found = s3.get_public_access_block(Bucket=bucket).get("PublicAccessBlockConfiguration")
    same("what is blocked of a new bucket", {True}, set((found or {}).values()))


def _lifecycle(shop: Workshop) -> None:
    s3, bucket = shop.aws.s3, shop.bucket()
    with refused("NoSuchLifecycleConfiguration", status=404):
        s3.get_bucket_lifecycle_configuration(Bucket=bucket)
    rule: Any = {"ID": "old", "Status": "Enabled", "Filter": {}, "Expiration": {"Days": 1}}
    s3.put_bucket_lifecycle_configuration(Bucket=bucket, LifecycleConfiguration={"Rules": [rule]})
    found = s3.get_bucket_lifecycle_configuration(Bucket=bucket).get("Rules")
    same("Rules", 1, len(found or []))


def _bad_name(shop: Workshop) -> None:
    where: Any = {"LocationConstraint": "ca-central-1"}
    try:
        with refused("InvalidBucketName", status=400):
            shop.aws.s3.create_bucket(Bucket="Has_Capitals", CreateBucketConfiguration=where)
    except ClientError:
        shop.afterwards(shop.aws.s3.delete_bucket, Bucket="Has_Capitals")
        raise


def _check(name: str, aws: str, source: str, run: Any, **more: Any) -> Check:
    return Check("S3", name, aws, source, run, **more)


CHECKS: Final = (
    _check(
        "content and metadata",
        "GetObject gives the content, type and metadata that were put; ETag is the content's MD5",
        f"{API}/API_GetObject.html",
        _metadata,
    ),
    _check(
        "odd keys",
        "any UTF-8 key goes through PutObject, ListObjectsV2 and GetObject",
        f"{GUIDE}/object-keys.html",
        _odd_key,
    ),
    _check("no such key", "404 NoSuchKey", f"{API}/API_GetObject.html", _no_such_key),
    _check("no such bucket", "404 NoSuchBucket", f"{API}/ErrorResponses.html", _no_such_bucket),
    _check(
        "a bucket twice",
        "409 BucketAlreadyOwnedByYou outside us-east-1",
        f"{API}/API_CreateBucket.html",
        _bucket_twice,
    ),
    _check(
        "a bucket's name",
        "400 InvalidBucketName for capitals and underscores",
        f"{GUIDE}/bucketnamingrules.html",
        _bad_name,
    ),
    _check(
        "a bucket that is not empty",
        "409 BucketNotEmpty for DeleteBucket",
        f"{API}/API_DeleteBucket.html",
        _not_empty,
    ),
    _check(
        "versions",
        "older versions stay, a deletion is a marker",
        f"{GUIDE}/versioning-workflows.html",
        _versions,
    ),
    _check(
        "parts",
        "the ETag of an upload in two parts ends in -2",
        f"{API}/API_CompleteMultipartUpload.html",
        _multipart,
    ),
    _check(
        "ranges", "206 and ContentRange; 416 behind the end", f"{API}/API_GetObject.html", _range
    ),
    _check(
        "conditions",
        "304 for IfNoneMatch, 412 for IfMatch, 412 for a PutObject of what is there",
        f"{GUIDE}/conditional-requests.html",
        _conditions,
    ),
    _check("copies", "CopyObject keeps the metadata", f"{API}/API_CopyObject.html", _copy),
    _check("tags", "PutObject takes tags", f"{API}/API_GetObjectTagging.html", _tags),
    _check(
        "pages",
        "MaxKeys counts keys and folders; NextContinuationToken goes on",
        f"{API}/API_ListObjectsV2.html",
        _pages,
    ),
    _check(
        "checksums",
        "a SHA-256 is kept and told; a wrong one is 400 BadDigest",
        f"{GUIDE}/checking-object-integrity.html",
        _checksum,
    ),
    _check(
        "presigned URLs",
        "whoever has the URL gets the object",
        f"{GUIDE}/ShareObjectPreSignedURL.html",
        _presigned,
    ),
    _check(
        "presigned URL of another key",
        "403 SignatureDoesNotMatch",
        f"{API}/sigv4-query-string-auth.html",
        _presigned_altered,
    ),
    _check(
        "presigned URL that expired",
        "403 AccessDenied, Request has expired",
        f"{GUIDE}/using-presigned-url.html",
        _presigned_expired,
    ),
    _check(
        "notification of a function",
        "the function gets the event; the key in it is form-encoded",
        f"{GUIDE}/notification-content-structure.html",
        _notification,
        timeout_s=60.0,
    ),
    _check(
        "common headers",
        "Server, x-amz-request-id",
        f"{API}/RESTCommonResponseHeaders.html",
        _headers,
    ),
    _check(
        "public access of a new bucket",
        "all of it is blocked",
        f"{GUIDE}/access-control-block-public-access.html",
        _public_access,
    ),
    _check(
        "lifecycle",
        "404 NoSuchLifecycleConfiguration until there is one",
        f"{API}/API_GetBucketLifecycleConfiguration.html",
        _lifecycle,
    ),
)
