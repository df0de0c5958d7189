"""The values of a template, with the methods that Java's String, List, Map and numbers have.

The methods are those of Java SE's API documentation: java.lang.String, java.util.List,
java.util.Map, java.util.Map.Entry, java.util.Set, java.lang.Number, java.lang.Boolean.
"""

from __future__ import annotations

import dataclasses
import functools
import json
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

Method = Callable[..., Any]


class JsonMap(dict[str, Any]):
    """An object of a JSON document; prints as Java's maps do, but its lists as JSON."""

    def __str__(self) -> str:
        return text(self)


class JsonList(list[Any]):
    """An array of a JSON document, which prints as JSON."""

    def __str__(self) -> str:
        return text(self)


@dataclasses.dataclass(frozen=True)
class MapEntry:
    """A member of a map: Java's Map.Entry."""

    key: Any
    value: Any


def of_json(value: Any) -> Any:
    """A value that was read from JSON, as templates have it."""
    if isinstance(value, Mapping):
        return JsonMap({name: of_json(inner) for name, inner in value.items()})
    if isinstance(value, list):
        return JsonList(map(of_json, value))
    return value


def text(value: Any) -> str:
    """*value* as Java's ``toString`` gives it: ``{message=tea}``, ``[1, 2]``, ``true``."""
    if value is None or isinstance(value, bool):
        return json.dumps(value)
    if isinstance(value, Mapping):
        return f"{{{', '.join(text(MapEntry(*member)) for member in value.items())}}}"
    if isinstance(value, JsonList):
        return as_json(value)
    if isinstance(value, MapEntry):
        return f"{text(value.key)}={text(value.value)}"
    if isinstance(value, list | tuple | set | range):
        return f"[{', '.join(map(text, value))}]"
    return "".join(value) if isinstance(value, str) else str(value)


def as_json(value: Any) -> str:
    """*value* as JSON without blanks, which is how JsonPath for Java writes it."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def equal(one: Any, other: Any) -> bool:
    """Java's ``equals``: a boolean is no number, and a number no text."""
    if isinstance(one, bool) != isinstance(other, bool):
        return False
    return bool(one == other)


def method(value: Any, name: str) -> Method | None:
    """The method *name* of *value*, bound to it; None where its class has no such method."""
    for kind, methods in _METHODS:
        if isinstance(value, kind):
            found = methods.get(name) or _OBJECT.get(name)
            return functools.partial(found, value) if found else None
    return None


def known(value: Any) -> bool:
    """Whether *value* is of a class whose methods are here."""
    return isinstance(value, _KINDS)


def getter(value: Any, name: str) -> Method | None:
    """The method that ``$value.name`` means: ``getName`` or ``isName``; None without one."""
    tail = name[:1].upper() + name[1:]
    return method(value, f"get{tail}") or method(value, f"is{tail}")


def number(value: Any) -> bool:
    """Whether *value* is one of Java's numbers, which a boolean is not."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def is_json(document: str) -> bool:
    """Whether *document* can be read as JSON."""
    try:
        json.loads(document)
    except json.JSONDecodeError:
        return False
    return True


def _hash(value: Any) -> int:
    if isinstance(value, str):
        result = functools.reduce(
            lambda sum_, unit: (31 * sum_ + unit) & 0xFFFFFFFF,
            memoryview(value.encode("utf-16-le", "surrogatepass")).cast("H"),
            0,
        )
        return result - (1 << 32) if result >> 31 else result
    return hash(value)


def _replacement(java: str) -> str:
    r"""A replacement of Java's: ``$1`` is a group, ``\`` takes the next character as it is."""
    return re.sub(
        r"\\(.)|\$(\d)",
        lambda found: f"\\g<{found[2]}>" if found[2] else found[1].replace("\\", "\\\\"),
        java,
        flags=re.DOTALL,
    )


def _split(value: str, pattern: str, limit: int = 0) -> list[str]:
    parts = re.split(pattern, value, maxsplit=max(limit - 1, 0)) if limit != 1 else [value]
    first = re.match(pattern, value)
    if len(parts) > 1 and first and not first[0]:
        parts = parts[1:]  # a match of no width at the beginning makes no empty text
    if limit == 0:
        while len(parts) > 1 and not parts[-1]:
            parts.pop()
    return parts


def _substring(value: str, start: int, end: int | None = None) -> str:
    stop = len(value) if end is None else end
    if not 0 <= start <= stop <= len(value):
        raise IndexError(f"begin {start}, end {stop}, length {len(value)}")
    return value[start:stop]


def _put(value: dict[Any, Any], key: Any, of: Any) -> Any:
    before = value.get(key)
    value[key] = of
    return before


def _add(value: list[Any], *arguments: Any) -> bool | None:
    if len(arguments) == 1:
        value.append(arguments[0])
        return True
    value.insert(*arguments)
    return None


def _add_all(value: list[Any], others: Iterable[Any]) -> bool:
    before = len(value)
    value.extend(others)
    return len(value) > before


def _remove(value: list[Any], which: Any) -> Any:
    if isinstance(which, int) and not isinstance(which, bool):
        return value.pop(which)
    if which not in value:
        return False
    value.remove(which)
    return True


def _set(value: list[Any], index: int, item: Any) -> Any:
    before = value[index]
    value[index] = item
    return before


def _get(value: list[Any], index: int) -> Any:
    if not 0 <= index < len(value):
        raise IndexError(f"Index: {index}, Size: {len(value)}")
    return value[index]


def _index(value: Any, item: Any) -> int:
    return next((place for place, one in enumerate(value) if equal(one, item)), -1)


def _compare(one: Any, other: Any) -> int:
    return int(one > other) - int(one < other)


_OBJECT: Final[Mapping[str, Method]] = {
    "toString": text,
    "equals": equal,
    "hashCode": _hash,
}
_STRING: Final[Mapping[str, Method]] = {
    "length": len,
    "isEmpty": lambda value: not value,
    "isBlank": lambda value: not value.strip(),
    "charAt": _get,
    "concat": lambda value, other: value + other,
    "contains": lambda value, other: text(other) in value,
    "startsWith": lambda value, other, at=0: value.startswith(other, at),
    "endsWith": lambda value, other: value.endswith(other),
    "equalsIgnoreCase": lambda value, other: equal(value.lower(), text(other).lower()),
    "compareTo": _compare,
    "indexOf": lambda value, other, at=0: value.find(other, at),
    "lastIndexOf": lambda value, other: value.rfind(other),
    "substring": _substring,
    "toLowerCase": lambda value: value.lower(),
    "toUpperCase": lambda value: value.upper(),
    "trim": lambda value: value.strip("".join(map(chr, range(33)))),
    "strip": lambda value: value.strip(),
    "repeat": lambda value, times: value * times,
    "replace": lambda value, old, new: value.replace(old, new),
    "replaceAll": lambda value, old, new: re.sub(old, _replacement(new), value),
    "replaceFirst": lambda value, old, new: re.sub(old, _replacement(new), value, count=1),
    "matches": lambda value, pattern: re.fullmatch(pattern, value) is not None,
    "split": _split,
}
_SET: Final[Mapping[str, Method]] = {
    "size": len,
    "isEmpty": lambda value: not value,
    "contains": lambda value, item: _index(value, item) >= 0,
    "containsAll": lambda value, items: all(_index(value, item) >= 0 for item in items),
    "toArray": list,
}
_LIST: Final[Mapping[str, Method]] = {
    **_SET,
    "get": _get,
    "set": _set,
    "add": _add,
    "addAll": _add_all,
    "remove": _remove,
    "clear": lambda value: value.clear(),
    "indexOf": _index,
    "lastIndexOf": lambda value, item: (
        len(value) - 1 - _index(value[::-1], item) if item in value else -1
    ),
    "subList": lambda value, start, end: value[start:end],
}
_MAP: Final[Mapping[str, Method]] = {
    "size": len,
    "isEmpty": lambda value: not value,
    "get": lambda value, key: value.get(key),
    "getOrDefault": lambda value, key, other: value.get(key, other),
    "containsKey": lambda value, key: key in value,
    "containsValue": lambda value, item: item in value.values(),
    "put": _put,
    "putIfAbsent": lambda value, key, item: value[key] if key in value else _put(value, key, item),
    "putAll": lambda value, others: value.update(others),
    "remove": lambda value, key: value.pop(key, None),
    "clear": lambda value: value.clear(),
    "keySet": list,
    "values": lambda value: list(value.values()),
    "entrySet": lambda value: [MapEntry(*member) for member in value.items()],
}
_ENTRY: Final[Mapping[str, Method]] = {
    "getKey": lambda value: value.key,
    "getValue": lambda value: value.value,
}
_NUMBER: Final[Mapping[str, Method]] = {
    "intValue": int,
    "longValue": int,
    "doubleValue": float,
    "compareTo": _compare,
}
_BOOLEAN: Final[Mapping[str, Method]] = {"booleanValue": bool, "compareTo": _compare}
_METHODS: Final[tuple[tuple[Any, Mapping[str, Method]], ...]] = (
    (str, _STRING),
    (bool, _BOOLEAN),
    ((int, float), _NUMBER),
    (Mapping, _MAP),
    (list, _LIST),
    ((tuple, set, range), _SET),
    (MapEntry, _ENTRY),
)
_KINDS: Final = (str, bool, int, float, Mapping, list, tuple, set, range, MapEntry)
