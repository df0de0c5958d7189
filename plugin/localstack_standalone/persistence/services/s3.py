"""Buckets, objects with all that belongs to them, and uploads in parts."""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Iterator
from typing import Any, Final

from localstack.services.plugins import SERVICE_PLUGINS
from localstack.services.s3 import models
from localstack.services.s3.utils import get_unique_key_id

from localstack_standalone.persistence import codec
from localstack_standalone.persistence.journal import Journal
from localstack_standalone.persistence.keeper import request_of, stores
from localstack_standalone.persistence.services import s3_storage

BUCKET: Final = "s3.bucket"
OBJECT: Final = "s3.object"
UPLOAD: Final = "s3.upload"
PART: Final = "s3.part"
_ANY_REGION: Final = "us-east-1"  # LocalStack: one map of buckets for all regions
_WITH_OWN_RECORDS: Final = ("objects", "multiparts")
_END: Final = "\0"  # in no bucket's name, no key and no id
_IN_PARTS: Final = frozenset(
    {
        "CreateMultipartUpload",
        "UploadPart",
        "UploadPartCopy",
        "AbortMultipartUpload",
        "CompleteMultipartUpload",
    }
)


@dataclasses.dataclass
class _KeptVersion:
    """A version as it is in the journal.

    Attributes:
        made: LocalStack's object, another one as soon as the version was written anew.
        order: among the versions of its key.
        body: by which its bytes are found, None for a delete marker.
        modified: when these were written, as LocalStack's storage says it.
    """

    made: Any
    order: int
    body: str | None
    modified: int


class S3Keeper:
    """Keeps what a call names: its bucket, its key, its upload."""

    name = "s3"

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._lock = threading.RLock()
        self._kept: dict[tuple[str, str], dict[str | None, _KeptVersion]] = {}
        self._parts: dict[tuple[str, str], dict[str, _KeptVersion]] = {}
        self._order = 0

    def after(self, context: Any) -> None:
        """Queue it."""
        request, operation = request_of(context), context.operation.name
        bucket = request.get("Bucket")
        if bucket is None:
            return
        keys = list(_keys(context))
        if operation == "PostObject":  # whose key may be made of the file's name
            keys = self._new_keys(bucket)
        if operation in _IN_PARTS:
            self._save_upload(bucket, _upload_id(context))
        for key, version in keys:
            self._save_key(bucket, key, version)
        if not keys:
            self._save_bucket(bucket)

    def restore(self) -> None:
        """Put back buckets, objects and uploads; bytes are read when they are wanted."""
        storage = _storage()
        for name, body in self._journal.entries(BUCKET):
            _put_bucket(name, codec.decode(body))
            storage.create_bucket(name)
        versions = []
        for path, body in self._journal.entries(OBJECT):
            bucket, key, _ = path.split(_END)
            versions.append((codec.decode(body), bucket, key))
        for kept, bucket, key in sorted(versions, key=lambda each: each[0]["order"]):
            self._put_version(storage, bucket, key, kept)
        for path, body in self._journal.entries(UPLOAD):
            bucket, upload = path.split(_END)
            _bucket(bucket).multiparts[upload] = codec.decode(body)
            self._parts[bucket, upload] = {}
        for path, body in self._journal.entries(PART):
            self._put_part(storage, path, codec.decode(body))
        self._forget_lost_bytes()

    def resume(self) -> None:
        """Nothing of S3 runs."""

    def clear(self) -> None:
        """Forget all, as LocalStack does."""
        with self._lock:
            self._kept.clear()
            self._parts.clear()
            storage = _storage()
            for _, _, store in stores(models.s3_stores):
                for name in list(store.buckets):
                    storage.delete_bucket(name)
            storage.close()
            models.s3_stores.reset()

    def _new_keys(self, bucket_name: str) -> list[tuple[str, str | None]]:
        """Those whose newest version is not kept yet."""
        bucket = _bucket(bucket_name)
        found = [] if bucket is None else bucket.objects.values()
        kept = self._kept
        return [
            (made.key, made.version_id)
            for made in found
            if (known := kept.get((bucket_name, made.key), {}).get(made.version_id)) is None
            or known.made is not made
        ]

    def _save_bucket(self, name: str) -> None:
        with self._lock:
            bucket = _bucket(name)
            if bucket is None:
                self._journal.remove(BUCKET, name)
                for owner, upload in [each for each in self._parts if each[0] == name]:
                    self._forget_upload(owner, upload)
                return
            attributes = {
                name: value for name, value in vars(bucket).items() if name not in _WITH_OWN_RECORDS
            }
            tags = _store_of(bucket).tags.get_tags(bucket.bucket_arn)
            body = codec.encode({"attributes": attributes, "tags": tags})
            self._journal.put(BUCKET, name, body)

    def _save_key(self, bucket_name: str, key: str, version: str | None) -> None:
        """Save the versions of *key* that are new or gone, and the one that is named."""
        bucket = _bucket(bucket_name)
        there = {} if bucket is None else _versions(bucket, key)
        named = there.get(version) or next(reversed(there.values()), None)
        with self._lock:
            kept = self._kept.get((bucket_name, key), {})
            gone = [each for each in kept if each not in there]
        for each in gone:
            self._forget_version(bucket_name, key, each)
        for made in there.values():
            known = kept.get(made.version_id)
            if known is None or known.made is not made or made is named:
                self._save_version(bucket, key, made)

    def _save_version(self, bucket: Any, key: str, made: Any) -> None:
        storage = _storage()
        if isinstance(made, models.S3DeleteMarker) or storage.is_unread(bucket.name, made):
            self._record(bucket, key, made, None, 0)
            return
        # Nobody writes the bytes while they are read, so they are those of what is there by then.
        with storage.open(bucket.name, made, mode="r") as stored:
            current = _versions(bucket, key).get(made.version_id)
            if current is None:
                return  # deleted meanwhile: whoever did saves that
            known = self._kept.get((bucket.name, key), {}).get(current.version_id)
            modified = stored.last_modified
            is_new = known is None or known.body is None or known.modified != modified
            body = s3_storage.write(self._journal, stored) if is_new else None
            self._record(bucket, key, current, body, modified)

    def _record(self, bucket: Any, key: str, made: Any, body: str | None, modified: int) -> None:
        """Queue what describes a version, and *body* as its bytes if these are new."""
        with self._lock:
            versions = self._kept.setdefault((bucket.name, key), {})
            known = versions.get(made.version_id)
            if body is not None and known is not None and known.body is not None:
                s3_storage.forget(self._journal, known.body)
            if body is None and known is not None:
                body, modified = known.body, known.modified
            self._order += 1
            order = self._order if known is None else known.order
            versions[made.version_id] = _KeptVersion(made, order, body, modified)
            tags = _store_of(bucket).tags.get_tags(
                get_unique_key_id(bucket.name, key, made.version_id)
            )
            record = {"order": order, "body": body, "modified": modified, "tags": tags}
            data = codec.encode(record | {"made": made})
            self._journal.put(OBJECT, _path(bucket.name, key, made.version_id or ""), data)

    def _forget_version(self, bucket: str, key: str, version: str | None) -> None:
        with self._lock:
            versions = self._kept.get((bucket, key), {})
            known = versions.pop(version, None)
            if not versions:
                self._kept.pop((bucket, key), None)
            self._journal.remove(OBJECT, _path(bucket, key, version or ""))
            if known is not None and known.body is not None:
                s3_storage.forget(self._journal, known.body)

    def _save_upload(self, bucket_name: str, upload: str) -> None:
        """Save what describes an upload, and the parts of it that are new."""
        bucket = _bucket(bucket_name)
        made = bucket and bucket.multiparts.get(upload)
        if made is None:
            self._forget_upload(bucket_name, upload)
            return
        stored_parts = _storage().get_multipart(bucket_name, made)
        for number, part in list(made.parts.items()):
            known = self._parts.get((bucket_name, upload), {}).get(number)
            if known is None or known.made is not part:
                with stored_parts.open(part, mode="r") as stored:
                    body = s3_storage.write(self._journal, stored)
                    self._record_part(bucket_name, upload, number, part, body)
        with self._lock:
            if bucket.multiparts.get(upload) is made:
                self._parts.setdefault((bucket_name, upload), {})
                data = codec.encode(_without_parts(made))
                self._journal.put(UPLOAD, _path(bucket_name, upload), data)

    def _record_part(self, bucket: str, upload: str, number: str, part: Any, body: str) -> None:
        with self._lock:
            parts = self._parts.setdefault((bucket, upload), {})
            known = parts.get(number)
            if known is not None and known.body is not None:
                s3_storage.forget(self._journal, known.body)
            parts[number] = _KeptVersion(part, 0, body, 0)
            data = codec.encode({"body": body, "made": part})
            self._journal.put(PART, _path(bucket, upload, number), data)

    def _forget_upload(self, bucket: str, upload: str) -> None:
        with self._lock:
            self._journal.remove(UPLOAD, _path(bucket, upload))
            for number, part in self._parts.pop((bucket, upload), {}).items():
                self._journal.remove(PART, _path(bucket, upload, number))
                if part.body is not None:
                    s3_storage.forget(self._journal, part.body)

    def _put_version(self, storage: Any, bucket_name: str, key: str, kept: dict[str, Any]) -> None:
        bucket, made = _bucket(bucket_name), kept["made"]
        if bucket.versioning_status and made.version_id is None:
            made.version_id = "null"  # it was there before the bucket had versions
        bucket.objects.set(key, made)
        self._order = max(self._order, kept["order"])
        known = _KeptVersion(made, kept["order"], kept["body"], kept["modified"])
        self._kept.setdefault((bucket_name, key), {})[made.version_id] = known
        if kept["body"] is not None:
            storage.expect(bucket_name, made, kept["body"], kept["modified"])
        if kept["tags"]:
            unique = get_unique_key_id(bucket_name, key, made.version_id)
            _store_of(bucket).tags.update_tags(unique, kept["tags"])

    def _put_part(self, storage: Any, path: str, kept: dict[str, Any]) -> None:
        bucket, upload, number = path.split(_END)
        multipart = _bucket(bucket).multiparts[upload]
        part = multipart.parts[number] = kept["made"]
        self._parts[bucket, upload][number] = _KeptVersion(part, 0, kept["body"], 0)
        with storage.get_multipart(bucket, multipart).open(part, mode="w") as stored:
            s3_storage.read(self._journal, kept["body"], stored.file)

    def _forget_lost_bytes(self) -> None:
        """Those of an object whose description was never written: it was not acknowledged."""
        versions = [each for kept in self._kept.values() for each in kept.values()]
        versions += [each for kept in self._parts.values() for each in kept.values()]
        known = {key for each in versions if each.body for key in s3_storage.chunks(each.body)}
        for key, _ in self._journal.entries(s3_storage.KIND, bodies=False):
            if key not in known:
                self._journal.remove(s3_storage.KIND, key)


def _keys(context: Any) -> Iterator[tuple[str, str | None]]:
    """Key and version of each object that a call names."""
    request, operation = request_of(context), context.operation.name
    if operation in ("CreateMultipartUpload", "UploadPart", "UploadPartCopy"):
        return
    if operation == "DeleteObjects":
        for each in (request.get("Delete") or {}).get("Objects", ()):
            yield each["Key"], each.get("VersionId")
    elif request.get("Key") is not None:
        yield request["Key"], request.get("VersionId")


def _upload_id(context: Any) -> str:
    """Which upload a call is about; the answer tells the id of a new one."""
    known = request_of(context).get("UploadId")
    return str(known or (context.service_response or {}).get("UploadId", ""))


def _without_parts(multipart: Any) -> Any:
    """The same upload; each of its parts has a record of its own."""
    made = object.__new__(type(multipart))
    vars(made).update(vars(multipart), parts={})
    return made


def _path(*names: str) -> str:
    return _END.join(names)


def _storage() -> Any:
    return SERVICE_PLUGINS.get_service("s3")._provider._storage_backend  # noqa: SLF001


def _bucket(name: str) -> Any:
    for account in list(models.s3_stores):
        found = models.s3_stores[account][_ANY_REGION].buckets.get(name)
        if found is not None:
            return found
    return None


def _store_of(bucket: Any) -> Any:
    """The one that has its tags, and those of its objects."""
    return models.s3_stores[bucket.bucket_account_id][bucket.bucket_region]


def _versions(bucket: Any, key: str) -> dict[str | None, Any]:
    """All versions of *key*, oldest first; one under None where the bucket has no versions."""
    known = bucket.objects._store.get(key)  # noqa: SLF001 - there is no other way to it
    if known is None:
        return {}
    if isinstance(bucket.objects, models.VersionedKeyStore):
        return dict(known)
    return {known.version_id: known}


def _put_bucket(name: str, kept: dict[str, Any]) -> None:
    bucket = object.__new__(models.S3Bucket)
    vars(bucket).update(kept["attributes"], multiparts={})
    bucket.objects = models.VersionedKeyStore() if bucket.versioning_status else models.KeyStore()
    store = _store_of(bucket)
    store.buckets[name] = bucket
    store.global_bucket_map[name] = bucket.bucket_account_id
    if kept["tags"]:
        store.tags.update_tags(bucket.bucket_arn, kept["tags"])
