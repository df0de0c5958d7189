"""A state as one file: a zip with a manifest that people can read, and the records.

Whoever made a file, nothing of it is run, and nothing of it is used as it stands: names of entries
are compared and never followed, sizes are bounded before anything is unpacked, and of the database
only the records are taken, into one that is made here. What the records hold is data (`codec`).
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import re
import sqlite3
import zipfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import IO, Any, Final

from localstack_standalone.persistence import database, wal
from localstack_standalone.persistence.errors import (
    ForeignStateError,
    NotSavedError,
    PersistenceError,
)
from localstack_standalone.persistence.journal import FILE, Journal

# What was taken in, until the next start puts it in the state's place.
LOADED: Final = "loaded.db"
# A zip says itself how much is in it, and 2 MB can hold 2 GB.
MOST_BYTES: Final = 1024**3
MOST_MANIFEST_BYTES: Final = 64 * 1024
# An object is kept in parts of 1 MiB, a function's zip is 50 MB at most.
MOST_RECORD_BYTES: Final = 256 * 1024**2
_MOST_TEXT: Final = 200
NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_WHAT: Final = "a state of localstack-standalone"
_MANIFEST: Final = "manifest.json"
_ENTRIES: Final = frozenset({_MANIFEST, FILE})
_CHUNK_BYTES: Final = 1024 * 1024
_ENCRYPTED: Final = 0x1
_PACKED_BY: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


class SnapshotError(PersistenceError):
    """A file is none that can be loaded; the state that is there was not touched."""

    def __init__(self, problem: str) -> None:
        super().__init__(f"this is no snapshot that can be loaded: {problem}. Nothing was changed")


@dataclasses.dataclass(frozen=True)
class Manifest:
    """What a snapshot says of itself.

    Attributes:
        name: what its maker called it.
        when: it was made, as ISO 8601 has it.
        format: of the records.
        plugin: the version that made it.
        localstack: the version of LocalStack whose state it is.
        bytes: the size of the database.
        counts: how many records of each kind are in it.
    """

    name: str
    when: str
    format: int
    plugin: str
    localstack: str
    bytes: int
    counts: dict[str, int]


def save(kept: Journal, target: Path, *, name: str, plugin: str, localstack: str) -> None:
    """Write all that is kept to the new file *target*.

    Raises:
        NotSavedError: there is no room for it.
        SnapshotError: *name* is none that a snapshot can have.
    """
    if not NAME.fullmatch(name):
        raise SnapshotError(f"{name!r} is no name: letters, digits and . _ - inside, 64 at most")
    copy = target.with_suffix(".copy")
    try:
        kept.copy_to(copy)
        with closing(_opened(copy)) as stranger:
            counts = database.counts(stranger)
        manifest = Manifest(
            name=name,
            when=dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
            format=database.FORMAT,
            plugin=plugin,
            localstack=localstack,
            bytes=copy.stat().st_size,
            counts=counts,
        )
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as packed:
            told = {"what": _WHAT} | dataclasses.asdict(manifest)
            packed.writestr(_MANIFEST, json.dumps(told, indent=2) + "\n")
            packed.write(copy, FILE)
    except OSError as error:
        raise NotSavedError(target, str(error)) from error
    finally:
        copy.unlink(missing_ok=True)


def take_in(folder: Path, file: IO[bytes], *, localstack: str) -> Manifest:
    """Check a snapshot, and have the next start in *folder* begin with what is in it.

    Raises:
        SnapshotError: it is none, another version's, or not what it says.
        NotSavedError: there is no room for it.
    """
    unpacked, loaded = folder / "unpacked.db", folder / f"{LOADED}.new"
    try:
        with zipfile.ZipFile(file) as packed:
            manifest = read(packed, localstack=localstack)
            _unpack(packed, unpacked, manifest.bytes)
        with closing(_opened(unpacked)) as stranger:
            _refuse_other(stranger, manifest)
            _copy(stranger, loaded)
        loaded.replace(folder / LOADED)
    except SnapshotError:
        raise
    except (PersistenceError, zipfile.BadZipFile, sqlite3.Error, UnicodeError) as error:
        raise SnapshotError(_in_short(error)) from error
    except (NotImplementedError, RuntimeError, EOFError, ValueError) as error:  # zipfile's, too
        raise SnapshotError(_in_short(error)) from error
    except OSError as error:
        raise NotSavedError(folder, str(error)) from error
    finally:
        for scratch in (unpacked, loaded):
            scratch.unlink(missing_ok=True)
    return manifest


def put_in_place(folder: Path) -> bool:
    """Begin with what was taken in, if anything was; what was there before is gone."""
    loaded, file = folder / LOADED, folder / FILE
    if not loaded.exists():
        return False
    for suffix in (wal.MARK, wal.LOG, wal.INDEX):
        wal.beside(file, suffix).unlink(missing_ok=True)
    loaded.replace(file)
    return True


def read(packed: zipfile.ZipFile, *, localstack: str) -> Manifest:
    """The manifest of a snapshot whose entries are what they should be.

    Raises:
        SnapshotError: they are not, or it is another version's.
    """
    entries = packed.infolist()
    names = sorted(entry.filename for entry in entries)
    if names != sorted(_ENTRIES):
        raise SnapshotError(f"it has to have {' and '.join(sorted(_ENTRIES))}, and nothing else")
    for entry in entries:
        if entry.flag_bits & _ENCRYPTED or entry.compress_type not in _PACKED_BY:
            raise SnapshotError(
                f"{entry.filename} is encrypted, or packed in another way than ours"
            )
    if packed.getinfo(_MANIFEST).file_size > MOST_MANIFEST_BYTES:
        raise SnapshotError(f"its manifest is larger than {MOST_MANIFEST_BYTES} bytes")
    with packed.open(_MANIFEST) as opened:
        manifest = _manifest(opened.read(MOST_MANIFEST_BYTES))
    if manifest.format != database.FORMAT:
        raise SnapshotError(
            f"it has format {manifest.format}, and this version reads format {database.FORMAT}"
        )
    if manifest.localstack != localstack:
        raise SnapshotError(
            f"it is a state of LocalStack {manifest.localstack}, and this is {localstack}"
        )
    if manifest.bytes > MOST_BYTES:
        raise SnapshotError(f"it is larger than {MOST_BYTES} bytes")
    return manifest


def _manifest(text: bytes) -> Manifest:
    try:
        told = json.loads(text)
        if not isinstance(told, dict) or told.pop("what", None) != _WHAT:
            raise SnapshotError(f"its manifest does not say that it is {_WHAT}")
        manifest = Manifest(**told)
    except (ValueError, TypeError, RecursionError) as error:
        raise SnapshotError(f"its manifest cannot be read ({error})") from error
    texts = (manifest.name, manifest.when, manifest.plugin, manifest.localstack)
    numbers = (manifest.format, manifest.bytes, *_values(manifest.counts))
    if not all(type(each) is str for each in texts) or not all(_is_count(each) for each in numbers):
        raise SnapshotError("its manifest has fields of other types")
    if not NAME.fullmatch(manifest.name):
        raise SnapshotError("its manifest has a name that is none")
    return manifest


def _in_short(error: Exception) -> str:
    """What SQLite says has lines, and may quote all that a stranger wrote."""
    return " ".join(str(error).split())[:_MOST_TEXT]


def _values(told: Any) -> tuple[Any, ...]:
    return tuple(told.values()) if isinstance(told, dict) else (None,)


def _is_count(value: Any) -> bool:
    return type(value) is int and value >= 0


def _unpack(packed: zipfile.ZipFile, target: Path, size: int) -> None:
    """Write the database to *target*: so many bytes, neither less nor more."""
    left = size
    with packed.open(FILE) as source, target.open("wb") as opened:
        while chunk := source.read(_CHUNK_BYTES):
            left -= len(chunk)
            if left < 0:
                break
            opened.write(chunk)
    if left:
        raise SnapshotError("its database has another size than its manifest says")


def _opened(file: Path) -> sqlite3.Connection:
    """A stranger's database, so that reading it runs nothing of it."""
    uri = f"{file.absolute().as_uri()}?mode=ro&immutable=1"
    stranger = sqlite3.connect(uri, uri=True, isolation_level=None)
    stranger.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, MOST_RECORD_BYTES)
    stranger.execute("PRAGMA trusted_schema = OFF")
    stranger.execute("PRAGMA cell_size_check = ON")
    return stranger


def _refuse_other(stranger: sqlite3.Connection, manifest: Manifest) -> None:
    """See that the database is one of ours, whole, and what the manifest says."""
    database.recognize(stranger)
    database.refuse_damage(stranger)
    if database.counts(stranger) != manifest.counts:
        raise SnapshotError("its database has other records than its manifest says")


def _copy(stranger: sqlite3.Connection, target: Path) -> None:
    """Write the records to the new database *target*."""
    target.unlink(missing_ok=True)
    with closing(sqlite3.connect(target, isolation_level=None)) as own:
        database.make(own)
        target.chmod(0o600)
        own.execute("PRAGMA synchronous = FULL")
        own.execute("BEGIN")
        own.executemany("INSERT INTO record VALUES (?, ?, ?)", _records(stranger))
        own.execute("COMMIT")


def _records(stranger: sqlite3.Connection) -> Iterator[tuple[str, str, bytes]]:
    for kind, key, stored in stranger.execute("SELECT kind, key, body FROM record"):
        if (type(kind), type(key), type(stored)) != (str, str, bytes):
            raise ForeignStateError("its database has records of other types")
        database.unsealed(kind, key, stored)
        yield kind, key, stored
