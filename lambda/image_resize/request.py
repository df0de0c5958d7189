"""The event, checked: what is asked for, or INVALID_REQUEST."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, Self, cast, get_args

from image_resize.errors import Code, Refusal

PREFIX = "thumb-"
# S3 object keys are at most 1,024 bytes of UTF-8 (Amazon S3 User Guide, "Naming objects").
MAX_KEY_BYTES = 1024

MIN_SIZE_PX, MAX_SIZE_PX, DEFAULT_SIZE_PX = 16, 2048, 256
OutputFormat = Literal["auto", "jpeg", "png", "webp"]
Mode = Literal["thumbnail", "copy"]


@dataclass(frozen=True, kw_only=True)
class ResizeRequest:
    """One valid event."""

    key: str
    """The original's key, taken literally: no URL decoding, no trimming."""
    size_px: int = DEFAULT_SIZE_PX
    """The longest side that the thumbnail may have."""
    format: OutputFormat = "auto"
    mode: Mode = "thumbnail"

    @property
    def resized_key(self) -> str:
        """The result's key: the prefix and the whole key, slashes or not, prefixed or not."""
        return PREFIX + self.key

    @classmethod
    def from_event(cls, event: object) -> Self:
        """Check *event*, an invocation's decoded JSON; fields we do not know are ignored.

        Raises:
            Refusal: INVALID_REQUEST, with a message that names the field and what is allowed.
        """
        if not isinstance(event, Mapping):
            raise _invalid(f"the event must be a JSON object, not {type(event).__name__}")
        return cls(
            key=_key(event),
            size_px=_size_px(event),
            format=cast("OutputFormat", _choice(event, "format", get_args(OutputFormat))),
            mode=cast("Mode", _choice(event, "mode", get_args(Mode))),
        )


def _key(event: Mapping[str, Any]) -> str:
    key = event.get("key")
    if not isinstance(key, str) or not key:
        raise _invalid('"key" must be a non-empty string: the name of an object')
    try:
        length_bytes = len((PREFIX + key).encode())
    except UnicodeEncodeError:  # JSON may carry half of a surrogate pair, S3 keys are UTF-8
        raise _invalid('"key" must be valid Unicode; it holds a lone surrogate') from None
    if length_bytes > MAX_KEY_BYTES:
        raise _invalid(
            f'"key" is too long: {PREFIX!r} + key is {length_bytes} bytes in UTF-8, '
            f"S3 allows {MAX_KEY_BYTES}"
        )
    return key


def _size_px(event: Mapping[str, Any]) -> int:
    size = event.get("size", DEFAULT_SIZE_PX)
    # JSON's true is an int to Python.
    if isinstance(size, bool) or not isinstance(size, int):
        raise _invalid(f'"size" must be a whole number of pixels, not {_shown(size)}')
    if not MIN_SIZE_PX <= size <= MAX_SIZE_PX:
        raise _invalid(f'"size" must be {MIN_SIZE_PX} to {MAX_SIZE_PX} pixels, not {_shown(size)}')
    return size


def _choice(event: Mapping[str, Any], name: str, allowed: tuple[str, ...]) -> str:
    value = event.get(name, allowed[0])
    if not isinstance(value, str) or value not in allowed:
        raise _invalid(f'"{name}" must be one of {", ".join(allowed)}, not {_shown(value)}')
    return value


def _shown(value: object) -> str:
    """*value* for a message: ASCII, short, whatever the caller sent."""
    try:
        text = ascii(value)
    except ValueError:  # an integer of over 4,300 digits (sys.set_int_max_str_digits)
        return "a huge number"
    return text if len(text) <= 60 else text[:57] + "..."  # noqa: PLR2004 - a line of a message


def _invalid(message: str) -> Refusal:
    return Refusal(Code.INVALID_REQUEST, message)
