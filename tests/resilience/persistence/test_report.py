"""`/_localstack/standalone/state`: what is kept, what was set aside; emptying, saving, loading."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from localstack_standalone.launcher.errors import StartError
from localstack_standalone.persistence import codec, snapshot
from localstack_standalone.persistence.journal import FILE, Journal
from tests.support.kept import KeptEmulator, kept_emulator

BUCKET = "kept-objects"
LOCALSTACK = "4.14.0"


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[KeptEmulator]:
    with kept_emulator(tmp_path, SERVICES="s3") as made:
        fill(made)
        yield made


def fill(kept: KeptEmulator) -> None:
    kept.aws.s3.create_bucket(
        Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "ca-central-1"}
    )
    kept.aws.s3.put_object(Bucket=BUCKET, Key="one", Body=b"first")


def url(kept: KeptEmulator, path: str = "") -> str:
    assert kept.record is not None
    return f"{kept.record.endpoint}/_localstack/standalone/state{path}"


def state(kept: KeptEmulator) -> dict[str, Any]:
    told: dict[str, Any] = requests.get(url(kept), timeout=10).json()
    return told


def keys(kept: KeptEmulator) -> list[str]:
    listed = kept.aws.s3.list_objects_v2(Bucket=BUCKET).get("Contents", [])
    return [each["Key"] for each in listed]


def test_it_tells_what_is_kept(kept: KeptEmulator) -> None:
    told = state(kept)
    assert told["kept"]["where"] == str(kept.folder)
    assert told["kept"]["format"] == 1
    assert told["kept"]["counts"] == {"s3.bucket": 1, "s3.object": 1, "s3.body": 1}
    assert told["kept"]["bytes"] > 0
    assert told["set_aside"] == []
    since = told["kept"]["since"]
    kept.restart()
    assert state(kept)["kept"]["since"] == since


def test_what_was_set_aside_is_told_until_it_is_gone(kept: KeptEmulator) -> None:
    kept.stop()
    data = bytearray((kept.folder / FILE).read_bytes())
    data[4096 : 4096 + 100] = bytes(100)
    (kept.folder / FILE).write_bytes(data)

    kept.start()

    [aside] = state(kept)["set_aside"]
    assert aside["now"]
    assert "damaged" in aside["why"]
    assert (Path(aside["where"]) / FILE).read_bytes() == data
    assert state(kept)["kept"]["counts"] == {}
    assert "set aside" in kept.log
    fill(kept)
    kept.restart()
    [aside] = state(kept)["set_aside"]
    assert not aside["now"]
    assert keys(kept) == ["one"]


def test_nothing_is_begun_where_nothing_can_be_kept(kept: KeptEmulator) -> None:
    """A person is told; an emulator that silently keeps nothing would be worse."""
    kept.stop()
    kept.folder.rename(kept.folder.with_name("elsewhere"))
    kept.folder.touch()
    with pytest.raises(StartError, match="cannot be used"):
        kept.start()
    kept.folder.unlink()
    kept.folder.with_name("elsewhere").rename(kept.folder)
    kept.start()
    assert keys(kept) == ["one"]


def test_a_snapshot_is_loaded_at_the_next_start(kept: KeptEmulator) -> None:
    answer = requests.get(url(kept, "/snapshot"), params={"name": "lesson-1"}, timeout=10)
    assert answer.headers["Content-Type"] == "application/zip"
    kept.aws.s3.put_object(Bucket=BUCKET, Key="one", Body=b"second")
    kept.aws.s3.put_object(Bucket=BUCKET, Key="two", Body=b"second")

    loaded = requests.post(url(kept, "/snapshot"), data=answer.content, timeout=10).json()

    assert loaded["loaded_at_the_next_start"]["name"] == "lesson-1"
    assert keys(kept) == ["one", "two"]
    kept.restart()
    assert keys(kept) == ["one"]
    assert kept.aws.s3.get_object(Bucket=BUCKET, Key="one")["Body"].read() == b"first"
    kept.restart()
    assert keys(kept) == ["one"]
    assert sorted(path.name for path in kept.folder.iterdir() if "state.db" not in path.name) == []


def test_a_hostile_snapshot_is_refused_and_changes_nothing(kept: KeptEmulator) -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as packed:
        packed.writestr("../../state.db", b"x")
    for data, why in ((made.getvalue(), "nothing else"), (b"x" * 100, "not a zip")):
        answer = requests.post(url(kept, "/snapshot"), data=data, timeout=10)
        assert answer.status_code == 400
        assert why in answer.text
    named = requests.get(url(kept, "/snapshot"), params={"name": "../x"}, timeout=10)
    assert (named.status_code, "no name" in named.text) == (400, True)
    kept.restart()
    assert keys(kept) == ["one"]


def test_a_state_of_other_types_is_set_aside(kept: KeptEmulator, tmp_path: Path) -> None:
    """It has the form of a snapshot, and what is in it fits nothing."""
    made = Journal(tmp_path / "made")
    made.put("s3.bucket", BUCKET, codec.encode({"attributes": 7, "tags": "x"}))
    snapshot.save(made, tmp_path / "made.zip", name="a", plugin="1", localstack=LOCALSTACK)
    made.close()
    answer = requests.post(
        url(kept, "/snapshot"), data=(tmp_path / "made.zip").read_bytes(), timeout=10
    )
    assert answer.status_code == 200, answer.text

    kept.restart()

    [aside] = state(kept)["set_aside"]
    assert "cannot be put back" in aside["why"]
    fill(kept)
    assert keys(kept) == ["one"]


def test_only_known_actions_are_done(kept: KeptEmulator) -> None:
    for body in ("", "7", '{"action": "format"}', '["reset"]'):
        answer = requests.post(
            url(kept), data=body, headers={"Content-Type": "application/json"}, timeout=10
        )
        assert answer.status_code == 400
    foreign = requests.post(
        url(kept), json={"action": "reset"}, headers={"Origin": "https://example.com"}, timeout=10
    )
    assert foreign.status_code == 403
    assert keys(kept) == ["one"]
