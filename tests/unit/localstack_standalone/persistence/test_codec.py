"""State as data: what is written is read back, and nothing that a stranger writes is run."""

from __future__ import annotations

import collections
import datetime as dt
import enum
import os
import threading
import zlib
from typing import Any

import cbor2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from localstack_standalone.persistence import codec
from localstack_standalone.persistence.errors import DamagedStateError, NotDataError


class Colour(enum.StrEnum):
    RED = "red"


class Thing:
    """Its constructor would be noticed."""

    made = 0

    def __init__(self, name: str) -> None:
        type(self).made += 1
        self.name = name
        self.other: Any = None


class Table(dict[str, int]):
    """A map with attributes."""


class Nothing:
    """No state: a gadget that a stranger would like to have made."""


@pytest.fixture(autouse=True)
def state_modules(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(codec, "STATE_MODULES", frozenset({__name__}))


def again(value: Any) -> Any:
    return codec.decode(codec.encode(value))


plain = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats(allow_nan=False)
    | st.text()
    | st.binary()
    | st.datetimes()
    | st.datetimes(timezones=st.just(dt.UTC))
    | st.just(Colour.RED),
    lambda each: (
        st.lists(each)
        | st.dictionaries(st.text(), each)
        | st.tuples(each, each)
        | st.sets(st.integers())
        | st.frozensets(st.text())
        | st.dictionaries(st.integers(), each).map(collections.OrderedDict)
    ),
    max_leaves=20,
)


@given(plain)
def test_what_is_plain_is_itself_again(value: Any) -> None:
    found = again(value)
    assert found == value
    assert type(found) is type(value)


def test_an_object_is_made_without_its_class_being_called() -> None:
    thing = Thing("one")
    made = Thing.made
    found = again(thing)
    assert (found.name, Thing.made) == ("one", made)
    assert type(found) is Thing


def test_objects_that_refer_to_each_other() -> None:
    one, two = Thing("one"), Thing("two")
    one.other, two.other = two, one
    found = again({"a": one, "b": [one, two]})
    assert found["a"] is found["b"][0]
    assert found["a"].other is found["b"][1]
    assert found["b"][1].other is found["a"]


def test_a_map_with_attributes_keeps_both() -> None:
    table = Table(a=1)
    table.owner = Thing("one")  # type: ignore[attr-defined]
    found = again(table)
    assert (type(found), dict(found), found.owner.name) == (Table, {"a": 1}, "one")


def test_a_map_that_makes_what_is_missing_does_again() -> None:
    found = again(collections.defaultdict(dict, a={"b": 1}))
    assert found["new"] == {}
    assert found["a"] == {"b": 1}


@pytest.mark.parametrize("make", [threading.Lock, threading.RLock])
def test_a_lock_is_a_new_one(make: Any) -> None:
    held = make()
    held.acquire()
    found = again(held)
    assert type(found) is type(held)
    assert found.acquire(blocking=False)


def test_what_is_kept_elsewhere_is_found_there() -> None:
    elsewhere = {"one": Nothing()}
    body = codec.encode(
        [elsewhere["one"], 1], outside=lambda value: "one" if type(value) is Nothing else None
    )
    assert codec.decode(body, outside=elsewhere.get) == [elsewhere["one"], 1]


@pytest.mark.parametrize("value", [Nothing(), os.system, threading.current_thread(), object()])
def test_what_is_no_data_is_named(monkeypatch: pytest.MonkeyPatch, value: Any) -> None:
    monkeypatch.setattr(codec, "STATE_MODULES", frozenset())
    with pytest.raises(NotDataError, match=type(value).__qualname__):
        codec.encode({"a": [value]})


def written(body: Any) -> bytes:
    """A record that a stranger made, with a right checksum."""
    data = cbor2.dumps(body)
    return zlib.crc32(data).to_bytes(4) + data


ROOT = cbor2.CBORTag(51_000, 0)


@pytest.mark.parametrize(
    "name",
    [
        "os:system",
        "os:_wrap_close",
        "subprocess:Popen",
        f"{__name__}:os",
        f"{__name__}:pytest",
        f"{__name__}:Any",
        f"{__name__}:again",
        f"{__name__}:Missing",
        f"{__name__}:Thing.__init__",
        f"{__name__}:Thing.__class__",
        f"{__name__}:",
        "",
        f"{__name__}.os:system",
    ],
)
def test_only_classes_that_hold_state_are_made(name: str) -> None:
    with pytest.raises(DamagedStateError):
        codec.decode(written([ROOT, [[name, {}, None]]]))


@pytest.mark.parametrize(
    "name", ["enum:Enum", "signal:Signals", f"{__name__}:Thing", "localstack.aws.api.x:os"]
)
def test_only_enums_of_state_are_read(name: str) -> None:
    with pytest.raises(DamagedStateError):
        codec.decode(written([cbor2.CBORTag(51_001, [name, "red"]), []]))


@pytest.mark.parametrize(
    "root",
    [
        cbor2.CBORTag(51_000, 7),
        cbor2.CBORTag(51_000, "0"),
        cbor2.CBORTag(51_004, ["defaultdict system", []]),
        cbor2.CBORTag(51_005, "yesterday"),
        cbor2.CBORTag(51_006, "Popen"),
        cbor2.CBORTag(60_000, 1),
        cbor2.CBORTag(35, "(a+)+$"),
        cbor2.CBORTag(36, "MIME-Version: 1.0\n\n"),
        cbor2.CBORTag(4, [2**60, 1]),
        [cbor2.CBORTag(28, [cbor2.CBORTag(29, 0)])],
    ],
)
def test_what_is_never_written_is_not_read(root: Any) -> None:
    with pytest.raises(DamagedStateError):
        codec.decode(written([root, []]))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"abc",
        b"\0\0\0\0" + cbor2.dumps([1, []]),
        written(7),
        written([1]),
        written([1, [["x"]]]),
        zlib.crc32(b"\x9b\xff\xff\xff\xff\xff\xff\xff\xff").to_bytes(4)
        + b"\x9b\xff\xff\xff\xff\xff\xff\xff\xff",
        zlib.crc32(b"\x81" * 100_000).to_bytes(4) + b"\x81" * 100_000,
    ],
    ids=["empty", "short", "checksum", "number", "one", "torn", "huge length", "deep"],
)
def test_what_is_torn_is_said_so(data: bytes) -> None:
    with pytest.raises(DamagedStateError):
        codec.decode(data)


@given(st.binary(), st.integers(0, 200), st.integers(1, 255))
def test_a_byte_that_is_another_is_noticed(value: bytes, position: int, change: int) -> None:
    data = bytearray(codec.encode({"value": value}))
    data[position % len(data)] ^= change
    with pytest.raises(DamagedStateError):
        codec.decode(bytes(data))
