"""Where the bytes of objects are: in memory or a temporary file once used, else in the journal.

At a start nothing is read but what describes the objects; the bytes of one are fetched when it is.
"""

from __future__ import annotations

import threading
import uuid
from typing import Any, Final

from localstack.services.s3.storage.ephemeral import (
    S3_MAX_FILE_SIZE_BYTES,
    EphemeralS3ObjectStore,
    LockedSpooledTemporaryFile,
)

from localstack_standalone.persistence.errors import DamagedStateError
from localstack_standalone.persistence.journal import Journal

KIND: Final = "s3.body"
CHUNK_BYTES: Final = 1024 * 1024
# Before how many chunks there are.
_COUNT: Final = "*"
# So much is written at once; more would have to be in memory meanwhile.
_CHUNKS_AT_ONCE: Final = 16


class KeptObjectStore(EphemeralS3ObjectStore):
    """LocalStack's storage, which finds in the journal what it does not have yet."""

    def __init__(self, journal: Journal, root_directory: str) -> None:
        super().__init__(root_directory)
        self._journal = journal
        self._unread: dict[tuple[str, str], tuple[str, int]] = {}
        self._read_lock = threading.RLock()

    def expect(self, bucket: str, s3_object: Any, body: str, modified: int) -> None:
        """Have the bytes of *s3_object* read from *body* when they are wanted."""
        self._unread[bucket, self._key_from_s3_object(s3_object)] = (body, modified)

    def is_unread(self, bucket: str, s3_object: Any) -> bool:
        """Whether they were not wanted yet."""
        return (bucket, self._key_from_s3_object(s3_object)) in self._unread

    def remove(self, bucket: str, s3_object: Any) -> None:
        """Forget the bytes of one object, or of several."""
        for each in s3_object if isinstance(s3_object, list) else [s3_object]:
            self._unread.pop((bucket, self._key_from_s3_object(each)), None)
        super().remove(bucket, s3_object)

    def close(self) -> None:
        """Forget all of them."""
        self._unread.clear()
        super().close()

    def _get_object_file(self, bucket: str, key: str) -> Any:
        if (bucket, key) in self._unread:
            with self._read_lock:
                self._read(bucket, key)
        return super()._get_object_file(bucket, key)

    def _read(self, bucket: str, key: str) -> None:
        found = self._unread.get((bucket, key))
        if found is None:  # another thread was faster
            return
        body, modified = found
        file = LockedSpooledTemporaryFile(
            dir=f"{self.root_directory}/{bucket}", max_size=S3_MAX_FILE_SIZE_BYTES
        )
        read(self._journal, body, file)
        file.internal_last_modified = modified
        self._filesystem[bucket]["keys"][key] = file
        self._unread.pop((bucket, key), None)


def write(journal: Journal, stored: Any) -> str:
    """Queue the bytes of *stored*, and say by what name `read` finds them.

    Raises:
        NotSavedError: the disk did not take what is too much for memory.
    """
    stored.seek(0)
    own, number = uuid.uuid4().hex, 0
    while chunk := stored.read(CHUNK_BYTES):
        journal.put(KIND, _chunk(own, number), chunk)
        number += 1
        if number % _CHUNKS_AT_ONCE == 0:
            journal.write()
    stored.seek(0)
    return f"{own}{_COUNT}{number}"


def read(journal: Journal, name: str, file: Any) -> None:
    """Write the bytes of that name to *file*, and go to its begin.

    Raises:
        DamagedStateError: some of them are not there.
    """
    for key in chunks(name):
        chunk = journal.get(KIND, key)
        if chunk is None:
            raise DamagedStateError(f"a part of an object's bytes is missing ({key})")
        file.write(chunk)
    file.seek(0)


def forget(journal: Journal, name: str) -> None:
    """Remove the bytes of that name."""
    for key in chunks(name):
        journal.remove_later(KIND, key)


def chunks(name: str) -> list[str]:
    """The records that the bytes of that name are in, in order."""
    own, _, count = name.partition(_COUNT)
    return [_chunk(own, number) for number in range(int(count))]


def _chunk(own: str, number: int) -> str:
    return f"{own}/{number:06}"
