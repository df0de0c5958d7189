"""A snapshot is data, whoever made it: what is none is refused by name, and changes nothing."""

from __future__ import annotations

import io
import json
import sqlite3
import struct
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from localstack_standalone.persistence import database, snapshot
from localstack_standalone.persistence.errors import NotSavedError
from localstack_standalone.persistence.journal import FILE, Journal
from localstack_standalone.persistence.snapshot import SnapshotError

LOCALSTACK = "4.14.0"
MANIFEST = "manifest.json"


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    made = Journal(tmp_path / "kept")
    made.put("s3.object", "one", b"an object")
    made.put("s3.body", "one/000000", b"x" * 100_000)
    yield made
    made.close()


@pytest.fixture
def saved(journal: Journal, tmp_path: Path) -> Path:
    target = tmp_path / "lesson-1.zip"
    snapshot.save(journal, target, name="lesson-1", plugin="1.0", localstack=LOCALSTACK)
    return target


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Of an emulator that has something."""
    made = Journal(tmp_path / "other")
    made.put("s3.object", "mine", b"mine")
    made.close()
    return tmp_path / "other"


def take_in(place: Path, data: bytes | Path) -> snapshot.Manifest:
    content = data if isinstance(data, bytes) else data.read_bytes()
    return snapshot.take_in(place, io.BytesIO(content), localstack=LOCALSTACK)


def refused(place: Path, data: bytes) -> str:
    """Why; nothing is changed, and nothing is left."""
    with pytest.raises(SnapshotError) as caught:
        take_in(place, data)
    assert [path.name for path in place.iterdir()] == [FILE]
    assert not snapshot.put_in_place(place)
    return str(caught.value)


def parts(saved: Path) -> tuple[dict[str, Any], bytes]:
    with zipfile.ZipFile(saved) as packed:
        return json.loads(packed.read(MANIFEST)), packed.read(FILE)


def packed(*entries: tuple[str, bytes], by: int = zipfile.ZIP_DEFLATED) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", by) as target:
        for name, data in entries:
            target.writestr(name, data)
    return made.getvalue()


def with_manifest(saved: Path, **changes: Any) -> bytes:
    told, data = parts(saved)
    return packed((MANIFEST, json.dumps(told | changes).encode()), (FILE, data))


def with_database(
    saved: Path, tmp_path: Path, change: Callable[[sqlite3.Connection], object]
) -> bytes:
    """With a database that somebody has changed, and a manifest that fits it."""
    told, data = parts(saved)
    file = tmp_path / "changed.db"
    file.write_bytes(data)
    connection = sqlite3.connect(file, isolation_level=None)
    connection.execute("PRAGMA writable_schema = ON")
    change(connection)
    counts = database.counts(connection)
    told["counts"] = {str(kind): number for kind, number in counts.items()}
    connection.close()
    told["bytes"] = file.stat().st_size
    return packed((MANIFEST, json.dumps(told).encode()), (FILE, file.read_bytes()))


def test_what_was_saved_is_loaded(saved: Path, place: Path) -> None:
    manifest = take_in(place, saved)
    assert manifest.name == "lesson-1"
    assert manifest.counts == {"s3.object": 1, "s3.body": 1}
    assert snapshot.put_in_place(place)
    assert not snapshot.put_in_place(place)
    loaded = Journal(place)
    assert loaded.get("s3.body", "one/000000") == b"x" * 100_000
    assert loaded.get("s3.object", "mine") is None
    assert loaded.since() != ""
    loaded.close()


def test_it_takes_the_place_of_one_that_was_killed(saved: Path, place: Path) -> None:
    """The log of what was there before is not read into it."""
    killed = Journal(place)
    killed.put("s3.object", "unsaved", b"")
    killed.settle()
    copies = {path: path.read_bytes() for path in place.iterdir()}
    killed.close()
    for path, content in copies.items():
        path.write_bytes(content)
    take_in(place, saved)
    assert snapshot.put_in_place(place)
    loaded = Journal(place)
    assert [key for key, _ in loaded.entries("s3.object")] == ["one"]
    loaded.close()


def test_people_can_read_what_it_is(saved: Path) -> None:
    told, _ = parts(saved)
    assert told["name"] == "lesson-1"
    assert told["localstack"] == LOCALSTACK
    assert told["what"].startswith("a state of")
    assert told["counts"] == {"s3.body": 1, "s3.object": 1}


@pytest.mark.parametrize("name", ["", "a/b", "../up", ".hidden", "a b", "ü", "x" * 65, "a\n"])
def test_a_name_is_a_name(journal: Journal, tmp_path: Path, name: str) -> None:
    with pytest.raises(SnapshotError, match="is no name"):
        snapshot.save(journal, tmp_path / "x", name=name, plugin="1", localstack=LOCALSTACK)


def test_a_disk_without_room(journal: Journal, tmp_path: Path) -> None:
    with pytest.raises(NotSavedError):
        snapshot.save(
            journal, tmp_path / "no" / "such", name="a", plugin="1", localstack=LOCALSTACK
        )


@pytest.mark.parametrize(
    "data",
    [b"", b"PK\x03\x04", b"no zip" * 1000, b"SQLite format 3\0" + b"\0" * 4080],
    ids=["nothing", "a begin", "text", "a database"],
)
def test_what_is_no_zip(place: Path, data: bytes) -> None:
    assert "Nothing was changed" in refused(place, data)


def test_other_entries_are_never_followed(saved: Path, place: Path) -> None:
    told, data = parts(saved)
    manifest = (MANIFEST, json.dumps(told).encode())
    for other in ("../state.db", "/etc/passwd", "a/../../x", "C:\\x", "state.db/"):
        assert "nothing else" in refused(place, packed(manifest, (FILE, data), (other, b"x")))
        assert "nothing else" in refused(place, packed(manifest, (other, data)))
    assert "nothing else" in refused(place, packed(manifest))
    with pytest.warns(UserWarning, match="Duplicate"):
        twice = packed(manifest, (FILE, data), (FILE, data))
    assert "nothing else" in refused(place, twice)


def test_packed_in_another_way(saved: Path, place: Path) -> None:
    told, data = parts(saved)
    entries = ((MANIFEST, json.dumps(told).encode()), (FILE, data))
    assert "packed in another way" in refused(place, packed(*entries, by=zipfile.ZIP_LZMA))


def test_a_torn_zip(saved: Path, place: Path) -> None:
    content = bytearray(saved.read_bytes())
    content[len(content) // 2] ^= 0xFF
    refused(place, bytes(content))
    refused(place, saved.read_bytes()[:-30])


@pytest.mark.parametrize(
    "manifest",
    [b"", b"7", b"[]", b"{}", b"[" * 60_000, b"\xff\xfe", b'{"what": "another thing"}'],
    ids=["nothing", "number", "list", "empty", "deep", "bytes", "another"],
)
def test_a_manifest_that_is_none(saved: Path, place: Path, manifest: bytes) -> None:
    _, data = parts(saved)
    assert "manifest" in refused(place, packed((MANIFEST, manifest), (FILE, data)))


def test_a_manifest_that_is_too_long(saved: Path, place: Path) -> None:
    _, data = parts(saved)
    assert "larger" in refused(place, packed((MANIFEST, b" " * 10_000_000), (FILE, data)))


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"format": 2}, "format 2, and this version reads format 1"),
        ({"localstack": "3.0.0"}, "LocalStack 3.0.0, and this is 4.14.0"),
        ({"name": "../../x"}, "a name that is none"),
        ({"name": 7}, "other types"),
        ({"bytes": "7"}, "other types"),
        ({"bytes": -1}, "other types"),
        ({"bytes": True}, "other types"),
        ({"counts": []}, "other types"),
        ({"counts": {"s3.object": "1"}}, "other types"),
        ({"more": 1}, "cannot be read"),
        ({"bytes": 100}, "another size"),
        ({"bytes": 10_000_000}, "another size"),
        ({"bytes": 2**40}, "larger than"),
        ({"counts": {"s3.object": 2}}, "other records"),
    ],
)
def test_a_manifest_that_lies(saved: Path, place: Path, changes: dict[str, Any], why: str) -> None:
    assert why in refused(place, with_manifest(saved, **changes))


def test_a_zip_bomb(saved: Path, place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither what it says is unpacked, nor more than it says."""
    monkeypatch.setattr(snapshot, "MOST_BYTES", 1_000_000)
    told, _ = parts(saved)
    large = (FILE, bytes(50_000_000))
    honest = json.dumps(told | {"bytes": 50_000_000}).encode()
    assert "larger than" in refused(place, packed((MANIFEST, honest), large))
    lying = json.dumps(told | {"bytes": 900_000}).encode()
    assert "another size" in refused(place, packed((MANIFEST, lying), large))


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TRIGGER t INSERT ON record BEGIN DELETE FROM record; END",
        "CREATE VIEW seen AS SELECT load_extension('x')",
        "CREATE TABLE more (a)",
        "CREATE INDEX i ON record (upper(key))",
        "ALTER TABLE record ADD COLUMN c AS (zeroblob(1000000000))",
        "CREATE VIRTUAL TABLE v USING fts5(a)",
    ],
)
def test_a_database_with_more_than_records(
    saved: Path, place: Path, tmp_path: Path, statement: str
) -> None:
    hostile = with_database(saved, tmp_path, lambda connection: connection.execute(statement))
    assert "other tables" in refused(place, hostile)


@pytest.mark.parametrize(
    ("statement", "why"),
    [
        ("PRAGMA user_version = 9", "format 9"),
        ("PRAGMA application_id = 9", "another program"),
        ("INSERT INTO record VALUES ('a', 'b', 7)", "other types"),
        ("INSERT INTO record VALUES ('a', 'b', 'text')", "other types"),
        ("INSERT INTO record VALUES (x'61', 'b', x'00')", "other records"),
        ("INSERT INTO record VALUES ('a', CAST(x'ff' AS TEXT), x'00')", "UTF-8"),
        ("INSERT INTO record VALUES ('a', 'b', x'00000000')", "checksum"),
        ("UPDATE record SET body = CAST(body || x'00' AS BLOB)", "checksum"),
        ("UPDATE record SET body = body || x'00'", "UTF-8"),
        ("UPDATE record SET key = 'other' WHERE kind = 's3.object'", "checksum"),
        ("UPDATE sqlite_schema SET sql = 'CREATE TABLE record (a)'", "other tables"),
        ("UPDATE sqlite_schema SET sql = 'nonsense'", "no snapshot"),
    ],
)
def test_a_database_with_other_content(
    saved: Path, place: Path, tmp_path: Path, statement: str, why: str
) -> None:
    hostile = with_database(saved, tmp_path, lambda connection: connection.execute(statement))
    assert why in refused(place, hostile)


def test_a_huge_record(
    saved: Path, place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(snapshot, "MOST_RECORD_BYTES", 1_000_000)
    insert = "INSERT INTO record VALUES ('a', 'b', zeroblob(2000000))"
    hostile = with_database(saved, tmp_path, lambda connection: connection.execute(insert))
    assert "too big" in refused(place, hostile)


def test_a_database_whose_pages_are_torn(saved: Path, place: Path) -> None:
    told, data = parts(saved)
    manifest = (MANIFEST, json.dumps(told).encode())
    for at in (0, 16, 100, 103, 4096, 8192, 50_000):
        torn = bytearray(data)
        torn[at : at + 2] = struct.pack("H", 0xBEEF)
        refused(place, packed(manifest, (FILE, bytes(torn))))


def test_only_its_owner_may_read_what_was_loaded(saved: Path, place: Path) -> None:
    take_in(place, saved)
    assert (place / snapshot.LOADED).stat().st_mode & 0o077 == 0
