"""State as data: bytes that can be read back, whoever wrote them, without any of it being run.

CBOR (RFC 8949) by cbor2 holds what is plain: text, numbers, bytes, lists, maps. An object is the
name of its class and its attributes; it is made without its class being called, and only if the
class stands in one of the modules that hold a service's state. So a file from a stranger can bring
wrong data, and no code: there is nothing here like pickle's calls.

Objects may refer to each other, in circles too: each is written once, and referred to by number.
"""

from __future__ import annotations

import collections
import datetime as dt
import enum
import importlib
import threading
import zlib
from collections.abc import Callable
from typing import Any, Final

import cbor2

from localstack_standalone.persistence.errors import DamagedStateError, NotDataError

# Whose classes hold state, and nothing else is ever made from a file.
STATE_MODULES: Final = frozenset(
    {
        "localstack.services.apigateway.models",
        "localstack.services.events.models",
        "localstack.services.lambda_.invocation.lambda_models",
        "localstack.services.s3.models",
        "localstack.utils.tagging",
        "moto.apigateway.models",
        "moto.iam.config",
        "moto.iam.models",
        "moto.logs.metric_filters",
        "moto.logs.models",
        "moto.utilities.tagging_service",
    }
)
# The API's Enums, values without a behaviour.
_ENUM_MODULES: Final = "localstack.aws.api."

# Among CBOR's tags those from 32768 on are free for whoever comes first.
_OBJECT: Final = 51_000
_ENUM: Final = 51_001
_TUPLE: Final = 51_002
_SET: Final = 51_003
_MAP: Final = 51_004
_TIME: Final = 51_005
_LOCK: Final = 51_006
_OUTSIDE: Final = 51_007

_PLAIN: Final = frozenset({str, int, float, bool, bytes, type(None)})
_MAPS: Final[dict[str, Callable[[], Any]]] = {
    "dict": dict,
    "OrderedDict": collections.OrderedDict,
    "defaultdict dict": lambda: collections.defaultdict(dict),
    "defaultdict list": lambda: collections.defaultdict(list),
    "defaultdict set": lambda: collections.defaultdict(set),
}
_LOCKS: Final = {"Lock": threading.Lock, "RLock": threading.RLock}
_LOCK_NAMES: Final = {type(make()): name for name, make in _LOCKS.items()}
_CHECKSUM_BYTES: Final = 4

type Outside = Callable[[Any], Any]


def encode(value: Any, *, outside: Outside | None = None) -> bytes:
    """*value* as bytes, with a checksum.

    Args:
        value: plain, or objects of classes that hold state.
        outside: gives for an object that is kept elsewhere what it is found by, None for others.

    Raises:
        NotDataError: something in it is neither plain nor of a class that holds state.
    """
    writer = _Writer(outside or _none)
    root = writer.plain(value)
    objects = []
    for each in writer.objects:  # which grows meanwhile
        items = list(each) if isinstance(each, list) else dict(each) if _is_map(each) else None
        objects.append([_name(type(each)), writer.plain(vars(each)), writer.plain(items)])
    body: bytes = cbor2.dumps([root, objects])
    return zlib.crc32(body).to_bytes(_CHECKSUM_BYTES) + body


def decode(data: bytes, *, outside: Outside | None = None) -> Any:
    """What was encoded; *outside* finds what is kept elsewhere.

    Raises:
        DamagedStateError: it is not what was written, or names a class that holds no state.
    """
    checksum, body = data[:_CHECKSUM_BYTES], data[_CHECKSUM_BYTES:]
    if zlib.crc32(body).to_bytes(_CHECKSUM_BYTES) != checksum:
        raise DamagedStateError("a record's checksum is wrong")
    try:
        return _Reader(outside or _none).read(cbor2.loads(body))
    except DamagedStateError:
        raise
    except Exception as error:
        raise DamagedStateError(f"a record cannot be read ({error!r})") from error


class _Writer:
    """Turns objects into what CBOR has, and notes those that are referred to."""

    def __init__(self, outside: Outside) -> None:
        self.objects: list[Any] = []
        self._numbers: dict[int, int] = {}
        self._outside = outside
        self._kinds: dict[type, Callable[[Any], cbor2.CBORTag]] = {
            tuple: lambda value: cbor2.CBORTag(_TUPLE, [self.plain(each) for each in value]),
            set: self._set,
            frozenset: self._set,
            dt.datetime: lambda value: cbor2.CBORTag(_TIME, value.isoformat()),
            collections.OrderedDict: lambda value: self._map("OrderedDict", value),
            collections.defaultdict: self._default_map,
            **dict.fromkeys(_LOCK_NAMES, _lock),
        }

    def plain(self, value: Any) -> Any:
        """*value* as CBOR holds it."""
        kind = type(value)
        if kind in _PLAIN:
            return value
        if kind is dict:
            if all(type(key) is str for key in value):
                return {key: self.plain(each) for key, each in list(value.items())}
            return self._map("dict", value)
        if kind is list:
            return [self.plain(each) for each in value]
        return self._tagged(kind, value)

    def _tagged(self, kind: type, value: Any) -> cbor2.CBORTag:
        found_by = self._outside(value)
        if found_by is not None:
            return cbor2.CBORTag(_OUTSIDE, self.plain(found_by))
        if isinstance(value, enum.Enum):
            return cbor2.CBORTag(_ENUM, [_enum_name(kind), value.value])
        written = self._kinds.get(kind)
        return written(value) if written else cbor2.CBORTag(_OBJECT, self._number(kind, value))

    def _set(self, value: Any) -> cbor2.CBORTag:
        return cbor2.CBORTag(_SET, [type(value).__name__, [self.plain(each) for each in value]])

    def _default_map(self, value: Any) -> cbor2.CBORTag:
        return self._map(f"defaultdict {getattr(value.default_factory, '__name__', '')}", value)

    def _map(self, kind: str, value: Any) -> cbor2.CBORTag:
        if kind not in _MAPS:
            raise NotDataError(type(value))
        pairs = [[self.plain(key), self.plain(each)] for key, each in list(value.items())]
        return cbor2.CBORTag(_MAP, [kind, pairs])

    def _number(self, kind: type, value: Any) -> int:
        if not _holds_state(kind) or not hasattr(value, "__dict__"):
            raise NotDataError(kind)
        number = self._numbers.setdefault(id(value), len(self.objects))
        if number == len(self.objects):
            self.objects.append(value)
        return number


class _Reader:
    """Makes the objects first, so that they can refer to each other, and then fills them."""

    def __init__(self, outside: Outside) -> None:
        self._outside = outside
        self._objects: list[Any] = []
        self._tags: dict[int, Callable[[Any], Any]] = {
            _OBJECT: lambda number: self._objects[number],
            _ENUM: lambda value: _enum(value[0])(value[1]),
            _TUPLE: lambda value: tuple(self._value(value)),
            _SET: self._set,
            _MAP: self._map,
            _TIME: dt.datetime.fromisoformat,
            _LOCK: lambda name: _LOCKS[name](),
            _OUTSIDE: lambda value: self._outside(self._value(value)),
        }

    def read(self, body: Any) -> Any:
        """The root of what `encode` wrote."""
        root, objects = body
        classes = [_class(name) for name, _, _ in objects]
        self._objects = [_base(kind).__new__(kind) for kind in classes]
        for made, (_, attributes, items) in zip(self._objects, objects, strict=True):
            vars(made).update(self._value(attributes))
            if items is not None:
                (made.extend if isinstance(made, list) else made.update)(self._value(items))
        return self._value(root)

    def _value(self, plain: Any) -> Any:
        kind = type(plain)
        if kind is dict:
            return {key: self._value(each) for key, each in plain.items()}
        if kind is list:
            return [self._value(each) for each in plain]
        if kind is cbor2.CBORTag:
            return self._untagged(plain.tag, plain.value)
        if kind in _PLAIN:
            return plain
        raise DamagedStateError(f"a record holds {kind.__name__}, which is never written")

    def _untagged(self, tag: int, value: Any) -> Any:
        read = self._tags.get(tag)
        if read is None:
            raise DamagedStateError(f"a record has CBOR's tag {tag}, which is never written")
        return read(value)

    def _set(self, value: Any) -> Any:
        kind, items = value
        return (frozenset if kind == "frozenset" else set)(self._value(items))

    def _map(self, value: Any) -> Any:
        kind, pairs = value
        made = _MAPS[kind]()
        made.update((self._value(key), self._value(each)) for key, each in pairs)
        return made


def _lock(value: Any) -> cbor2.CBORTag:
    return cbor2.CBORTag(_LOCK, _LOCK_NAMES[type(value)])


def _none(_value: Any) -> None:
    return None


def _base(kind: type) -> Any:
    """What makes one of *kind* without any code of its."""
    return next((base for base in (dict, list) if issubclass(kind, base)), object)


def _is_map(value: Any) -> bool:
    return isinstance(value, dict)


def _holds_state(kind: type) -> bool:
    return kind.__module__ in STATE_MODULES


def _name(kind: type) -> str:
    return f"{kind.__module__}:{kind.__qualname__}"


def _enum_name(kind: type) -> str:
    if not (kind.__module__.startswith(_ENUM_MODULES) or _holds_state(kind)):
        raise NotDataError(kind)
    return _name(kind)


def _enum(name: str) -> Any:
    module = name.partition(":")[0]
    if not (module.startswith(_ENUM_MODULES) or module in STATE_MODULES):
        raise DamagedStateError(f"{name} is no Enum that state has")
    found = _find(name)
    if not issubclass(found, enum.Enum):
        raise DamagedStateError(f"{name} is no Enum that state has")
    return found


def _class(name: str) -> Any:
    if name.partition(":")[0] not in STATE_MODULES:
        raise DamagedStateError(f"{name} is no class that holds state")
    return _find(name)


def _find(name: str) -> type:
    """The class of that name.

    Raises:
        DamagedStateError: there is none in its module.
    """
    module, _, path = name.partition(":")
    found: Any = importlib.import_module(module)
    for part in path.split("."):
        found = vars(found).get(part)
    # What a module has imported is not its own; what is no class is never made.
    if not isinstance(found, type) or found.__module__ != module:
        raise DamagedStateError(f"{name} is no class that holds state")
    return found
