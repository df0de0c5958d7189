"""By "Required permissions for Amazon S3 API operations" (Amazon S3 User Guide)."""

from __future__ import annotations

from typing import Any

import pytest

from localstack_standalone.iam.operations import s3
from localstack_standalone.iam.operations.call import OperationCall, Place

BUCKET = "arn:aws:s3:::tea"
OBJECT = f"{BUCKET}/a b"
PLACE = Place("111122223333", "ca-central-1")


def needed(operation: str, **parameters: Any) -> Any:
    return s3.needed(OperationCall("s3", operation, {"Bucket": "tea", **parameters}, PLACE))


@pytest.mark.parametrize(
    ("operation", "parameters", "expected"),
    [
        ("GetObject", {"Key": "a b"}, [("s3:GetObject", OBJECT)]),
        ("GetObject", {"Key": "a b", "VersionId": "1"}, [("s3:GetObjectVersion", OBJECT)]),
        ("HeadObject", {"Key": "a b"}, [("s3:GetObject", OBJECT)]),
        ("PutObject", {"Key": "a b"}, [("s3:PutObject", OBJECT)]),
        (
            "PutObject",
            {"Key": "a b", "Tagging": "x=y", "ACL": "private"},
            [
                ("s3:PutObject", OBJECT),
                ("s3:PutObjectTagging", OBJECT),
                ("s3:PutObjectAcl", OBJECT),
            ],
        ),
        (
            "CopyObject",
            {"Key": "a b", "CopySource": "milk/c%20d?versionId=7"},
            [("s3:GetObjectVersion", "arn:aws:s3:::milk/c d"), ("s3:PutObject", OBJECT)],
        ),
        (
            "UploadPartCopy",
            {"Key": "a b", "CopySource": "/milk/c"},
            [("s3:GetObject", "arn:aws:s3:::milk/c"), ("s3:PutObject", OBJECT)],
        ),
        ("CreateMultipartUpload", {"Key": "a b"}, [("s3:PutObject", OBJECT)]),
        ("CompleteMultipartUpload", {"Key": "a b"}, [("s3:PutObject", OBJECT)]),
        ("AbortMultipartUpload", {"Key": "a b"}, [("s3:AbortMultipartUpload", OBJECT)]),
        ("ListParts", {"Key": "a b"}, [("s3:ListMultipartUploadParts", OBJECT)]),
        (
            "DeleteObjects",
            {"Delete": {"Objects": [{"Key": "a"}, {"Key": "b", "VersionId": "1"}]}},
            [("s3:DeleteObject", f"{BUCKET}/a"), ("s3:DeleteObjectVersion", f"{BUCKET}/b")],
        ),
        (
            "DeleteObjectTagging",
            {"Key": "a b", "VersionId": "1"},
            [("s3:DeleteObjectVersionTagging", OBJECT)],
        ),
        (
            "GetObjectAttributes",
            {"Key": "a b"},
            [("s3:GetObject", OBJECT), ("s3:GetObjectAttributes", OBJECT)],
        ),
        ("ListBuckets", {}, [("s3:ListAllMyBuckets", "arn:aws:s3:::*")]),
        ("HeadBucket", {}, [("s3:ListBucket", BUCKET)]),
        ("ListObjectsV2", {}, [("s3:ListBucket", BUCKET)]),
        ("ListObjectVersions", {}, [("s3:ListBucketVersions", BUCKET)]),
        ("GetPublicAccessBlock", {}, [("s3:GetBucketPublicAccessBlock", BUCKET)]),
        ("DeleteBucketLifecycle", {}, [("s3:PutLifecycleConfiguration", BUCKET)]),
        (
            "ListBucketInventoryConfigurations",
            {},
            [("s3:GetInventoryConfiguration", BUCKET)],
        ),
        ("PutBucketPolicy", {}, [("s3:PutBucketPolicy", BUCKET)]),
        ("CreateBucket", {}, [("s3:CreateBucket", BUCKET)]),
        (
            "CreateBucket",
            {"CreateBucketConfiguration": {"Tags": [{"Key": "a", "Value": "b"}]}},
            [("s3:CreateBucket", BUCKET), ("s3:TagResource", BUCKET)],
        ),
        ("WriteGetObjectResponse", {}, None),
    ],
)
def test_actions_and_resources(operation: str, parameters: Any, expected: Any) -> None:
    """Of each operation."""
    found = needed(operation, **parameters)
    plain = None if found is None else [(each.action, each.resource) for each in found]
    assert expected == plain


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ({"Prefix": "a/", "Delimiter": "/"}, {"s3:prefix": "a/", "s3:delimiter": "/"}),
        ({"Prefix": None, "MaxKeys": 3}, {"s3:prefix": "", "s3:max-keys": "3"}),
        ({}, {}),
    ],
)
def test_conditions_of_a_listing(parameters: Any, expected: Any) -> None:
    """What of the bucket is listed."""
    (found,) = needed("ListObjectsV2", **parameters)
    assert expected == found.context


def test_conditions_of_an_upload() -> None:
    """Its headers, and each tag."""
    found = needed(
        "PutObject", Key="a", ACL="private", Tagging="x=y&z=", ServerSideEncryption="AES256"
    )
    assert {
        "s3:x-amz-acl": "private",
        "s3:x-amz-server-side-encryption": "AES256",
        "s3:RequestObjectTagKeys": ("x", "z"),
        "s3:RequestObjectTag/x": "y",
        "s3:RequestObjectTag/z": "",
    } == found[0].context
