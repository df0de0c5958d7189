"""S3.

Source: Amazon S3 User Guide, "Required permissions for Amazon S3 API operations"; Service
Authorization Reference, "Actions, resources, and condition keys for Amazon S3".
"""

from __future__ import annotations

import urllib.parse
from collections.abc import Mapping, Sequence
from typing import Any, Final

from localstack_standalone.iam.operations.call import NeededAccess, Needs, OperationCall

LISTING: Final = "s3:ListBucket"
# On a bucket, where the action has another name than the operation.
_ON_BUCKET: Final = {
    "HeadBucket": "ListBucket",
    "ListObjects": "ListBucket",
    "ListObjectsV2": "ListBucket",
    "ListObjectVersions": "ListBucketVersions",
    "ListMultipartUploads": "ListBucketMultipartUploads",
    "GetBucketAccelerateConfiguration": "GetAccelerateConfiguration",
    "PutBucketAccelerateConfiguration": "PutAccelerateConfiguration",
    "GetBucketCors": "GetBucketCORS",
    "PutBucketCors": "PutBucketCORS",
    "DeleteBucketCors": "PutBucketCORS",
    "DeleteBucketTagging": "PutBucketTagging",
    "DeleteBucketOwnershipControls": "PutBucketOwnershipControls",
    "GetBucketNotificationConfiguration": "GetBucketNotification",
    "PutBucketNotificationConfiguration": "PutBucketNotification",
    "GetPublicAccessBlock": "GetBucketPublicAccessBlock",
    "PutPublicAccessBlock": "PutBucketPublicAccessBlock",
    "DeletePublicAccessBlock": "PutBucketPublicAccessBlock",
    "GetObjectLockConfiguration": "GetBucketObjectLockConfiguration",
    "PutObjectLockConfiguration": "PutBucketObjectLockConfiguration",
    **{
        f"{verb}Bucket{kind}Configuration{'s' if verb == 'List' else ''}": (
            f"{'Get' if verb in ('Get', 'List') else 'Put'}{kind}Configuration"
        )
        for kind in ("Analytics", "Inventory", "Metrics", "IntelligentTiering")
        for verb in ("Get", "Put", "Delete", "List")
    },
    "GetBucketEncryption": "GetEncryptionConfiguration",
    "PutBucketEncryption": "PutEncryptionConfiguration",
    "DeleteBucketEncryption": "PutEncryptionConfiguration",
    "GetBucketReplication": "GetReplicationConfiguration",
    "PutBucketReplication": "PutReplicationConfiguration",
    "DeleteBucketReplication": "PutReplicationConfiguration",
    "GetBucketLifecycle": "GetLifecycleConfiguration",
    "GetBucketLifecycleConfiguration": "GetLifecycleConfiguration",
    "PutBucketLifecycle": "PutLifecycleConfiguration",
    "PutBucketLifecycleConfiguration": "PutLifecycleConfiguration",
    "DeleteBucketLifecycle": "PutLifecycleConfiguration",
    **{
        name: name
        for name in (
            *("CreateBucket", "DeleteBucket", "GetBucketAcl", "PutBucketAcl", "GetBucketLocation"),
            *("GetBucketLogging", "PutBucketLogging", "GetBucketOwnershipControls"),
            *("PutBucketOwnershipControls", "GetBucketPolicy", "PutBucketPolicy"),
            *("DeleteBucketPolicy", "GetBucketPolicyStatus", "GetBucketRequestPayment"),
            *("PutBucketRequestPayment", "GetBucketTagging", "PutBucketTagging"),
            *("GetBucketVersioning", "PutBucketVersioning", "GetBucketWebsite"),
            *("PutBucketWebsite", "DeleteBucketWebsite"),
        )
    },
}
_ON_OBJECT: Final = {
    "HeadObject": "GetObject",
    "SelectObjectContent": "GetObject",
    "PostObject": "PutObject",
    "CopyObject": "PutObject",
    "CreateMultipartUpload": "PutObject",
    "UploadPart": "PutObject",
    "UploadPartCopy": "PutObject",
    "CompleteMultipartUpload": "PutObject",
    "ListParts": "ListMultipartUploadParts",
    **{
        name: name
        for name in (
            *("GetObject", "PutObject", "DeleteObject", "AbortMultipartUpload", "RestoreObject"),
            *("GetObjectAcl", "PutObjectAcl", "GetObjectTagging", "PutObjectTagging"),
            *("DeleteObjectTagging", "GetObjectLegalHold", "PutObjectLegalHold"),
            *("GetObjectRetention", "PutObjectRetention", "GetObjectTorrent"),
            "GetObjectAttributes",
        )
    },
}
# Of a version, the action is another: GetObjectVersion, DeleteObjectVersionTagging.
_OF_VERSION: Final = frozenset(
    {
        *("GetObject", "DeleteObject", "GetObjectAcl", "PutObjectAcl", "GetObjectTagging"),
        *("PutObjectTagging", "DeleteObjectTagging", "GetObjectTorrent", "GetObjectAttributes"),
    }
)
_KEYS: Final = (
    ("Prefix", "s3:prefix"),
    ("Delimiter", "s3:delimiter"),
    ("MaxKeys", "s3:max-keys"),
    ("ACL", "s3:x-amz-acl"),
    ("ServerSideEncryption", "s3:x-amz-server-side-encryption"),
    ("SSEKMSKeyId", "s3:x-amz-server-side-encryption-aws-kms-key-id"),
    ("StorageClass", "s3:x-amz-storage-class"),
    ("CopySource", "s3:x-amz-copy-source"),
    ("MetadataDirective", "s3:x-amz-metadata-directive"),
    ("ObjectOwnership", "s3:x-amz-object-ownership"),
    ("VersionId", "s3:VersionId"),
)


def needed(call: OperationCall) -> Needs:
    """What *call* needs; None where nothing is known of it."""
    parameters, operation = call.parameters, call.operation
    if operation == "ListBuckets":
        return (NeededAccess("s3:ListAllMyBuckets", bucket_arn(call, "*")),)
    bucket = bucket_arn(call, str(parameters.get("Bucket")))
    context = _conditions(parameters)
    if operation == "DeleteObjects":
        return _deletions(bucket, parameters)
    if operation in _ON_BUCKET:
        wanted = NeededAccess(f"s3:{_ON_BUCKET[operation]}", bucket, context)
        tagged = operation == "CreateBucket" and (
            (parameters.get("CreateBucketConfiguration") or {}).get("Tags")
        )
        return (wanted, NeededAccess("s3:TagResource", bucket, context)) if tagged else (wanted,)
    if operation not in _ON_OBJECT:
        return None
    return tuple(_of_object(call, f"{bucket}/{parameters.get('Key', '')}", context))


def bucket_arn(call: OperationCall, name: str) -> str:
    """The bucket *name*'s ARN, which names neither account nor region."""
    return f"arn:{call.place.partition}:s3:::{name}"


def _of_object(
    call: OperationCall, arn: str, context: Mapping[str, str | Sequence[str]]
) -> list[NeededAccess]:
    parameters = call.parameters
    version = parameters.get("VersionId")
    wanted = [NeededAccess(_action(_ON_OBJECT[call.operation], version), arn, context)]
    if call.operation == "GetObjectAttributes":
        wanted.insert(0, NeededAccess(_action("GetObject", version), arn, context))
    if call.operation in ("CopyObject", "UploadPartCopy"):
        wanted.insert(0, _source(call, str(parameters.get("CopySource", ""))))
    if call.operation in ("PutObject", "CopyObject", "CreateMultipartUpload"):
        if parameters.get("Tagging"):
            wanted.append(NeededAccess("s3:PutObjectTagging", arn, context))
        if parameters.get("ACL"):
            wanted.append(NeededAccess("s3:PutObjectAcl", arn, context))
    return wanted


def _source(call: OperationCall, named: str) -> NeededAccess:
    """Reading what is copied: ``bucket/key``, encoded, maybe with a version."""
    path, _, version = named.partition("?versionId=")
    arn = bucket_arn(call, urllib.parse.unquote(path).removeprefix("/"))
    return NeededAccess(_action("GetObject", version), arn)


def _deletions(bucket: str, parameters: Mapping[str, Any]) -> tuple[NeededAccess, ...]:
    objects = (parameters.get("Delete") or {}).get("Objects") or ()
    return tuple(
        NeededAccess(_action("DeleteObject", each.get("VersionId")), f"{bucket}/{each.get('Key')}")
        for each in objects
    )


def _action(name: str, version: Any) -> str:
    if version and name in _OF_VERSION:
        verb, _, rest = name.partition("Object")
        return f"s3:{verb}ObjectVersion{rest}"
    return f"s3:{name}"


def _conditions(parameters: Mapping[str, Any]) -> dict[str, str | Sequence[str]]:
    found: dict[str, str | Sequence[str]] = {
        key: str(parameters[name]) for name, key in _KEYS if parameters.get(name) not in (None, "")
    }
    # A listing without a prefix has the empty one.
    if "Prefix" in parameters:
        found["s3:prefix"] = str(parameters["Prefix"] or "")
    tags = urllib.parse.parse_qsl(str(parameters.get("Tagging") or ""), keep_blank_values=True)
    if tags and isinstance(parameters["Tagging"], str):
        found["s3:RequestObjectTagKeys"] = tuple(key for key, _ in tags)
        found |= {f"s3:RequestObjectTag/{key}": value for key, value in tags}
    return found
