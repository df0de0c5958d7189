"""The event: what is asked for, or INVALID_REQUEST."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from image_resize.errors import Code, Refusal
from image_resize.request import ResizeRequest

REFUSED = {
    "no object at all": None,
    "a list": ["club2.png"],
    "a string": "club2.png",
    "no key": {},
    "an empty key": {"key": ""},
    "a key of null": {"key": None},
    "a key that is a number": {"key": 7},
    "a key that is a list": {"key": ["club2.png"]},
    "a key of 1019 bytes, 1025 with its prefix": {"key": "k" * 1019},
    "a key of 340 characters and 1020 bytes": {"key": "€" * 340},
    "half of a surrogate pair": {"key": "club\ud83d.png"},
    "a size below 16": {"key": "k", "size": 15},
    "a size above 2048": {"key": "k", "size": 2049},
    "a negative size": {"key": "k", "size": -256},
    "a size of 5,000 digits": {"key": "k", "size": 10**5000},
    "a size of true": {"key": "k", "size": True},
    "a size with a fraction": {"key": "k", "size": 256.0},
    "a size of null": {"key": "k", "size": None},
    "a size in a string": {"key": "k", "size": "256"},
    "an unknown format": {"key": "k", "format": "gif"},
    "a format in capitals": {"key": "k", "format": "JPEG"},
    "a format of null": {"key": "k", "format": None},
    "a format that is a list": {"key": "k", "format": ["png"]},
    "an unknown mode": {"key": "k", "mode": "move"},
}


@pytest.mark.parametrize("event", REFUSED.values(), ids=REFUSED)
def test_an_event_out_of_bounds_is_an_invalid_request(event: object) -> None:
    """Missing and mistyped keys, and options out of their range, are refused by that code."""
    with pytest.raises(Refusal) as refusal:
        ResizeRequest.from_event(event)
    assert Code.INVALID_REQUEST == refusal.value.code
    assert refusal.value.message.isascii()


def test_true_is_no_number_of_pixels() -> None:
    """JSON's true is an int to Python, and not to a person: the message says so."""
    with pytest.raises(Refusal, match="whole number of pixels, not True"):
        ResizeRequest.from_event({"key": "k", "size": True})


def test_the_defaults_are_a_thumbnail_of_256_px_in_the_sources_format() -> None:
    """Only the key is required."""
    assert ResizeRequest(
        key="k", size_px=256, format="auto", mode="thumbnail"
    ) == ResizeRequest.from_event({"key": "k"})


@pytest.mark.parametrize("key", ["a b+c%20.png", "bob's.png", "ünï/çødé.png", "../x", " ", "a//b/"])
def test_keys_are_taken_literally(key: str) -> None:
    """Spaces, plus signs, quotes, slashes and escapes are part of the name."""
    assert f"thumb-{key}" == ResizeRequest.from_event({"key": key}).resized_key


def test_an_earlier_prefix_stays() -> None:
    """The result's key is always the prefix and the whole key."""
    assert "thumb-thumb-a" == ResizeRequest.from_event({"key": "thumb-a"}).resized_key


def test_unknown_fields_are_ignored() -> None:
    """A newer client may send more than we know."""
    assert ResizeRequest(key="k") == ResizeRequest.from_event(
        {"key": "k", "quality": 11, "Size": 1}
    )


@given(
    key=st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=254),
    size=st.integers(16, 2048),
    output=st.sampled_from(["auto", "jpeg", "png", "webp"]),
    mode=st.sampled_from(["thumbnail", "copy"]),
)
def test_every_event_within_bounds_is_accepted(key: str, size: int, output: str, mode: str) -> None:
    """No key of up to 1,018 bytes and no allowed combination of options is refused."""
    request = ResizeRequest.from_event({"key": key, "size": size, "format": output, "mode": mode})
    assert (key, size, output, mode) == (
        request.key,
        request.size_px,
        request.format,
        request.mode,
    )


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), st.lists, max_leaves=5))
def test_any_json_is_answered(value: object) -> None:
    """Whatever stands in a field, it is a ResizeRequest or a Refusal, never another error."""
    for name in ("key", "size", "format", "mode"):
        event = {"key": "k", name: value}
        try:
            ResizeRequest.from_event(event)
        except Refusal as refusal:
            assert Code.INVALID_REQUEST == refusal.code  # noqa: PT017 - both outcomes are right
