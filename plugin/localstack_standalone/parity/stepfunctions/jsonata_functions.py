"""The functions that Step Functions adds to JSONata's own.

AWS: ``$hash``, ``$uuid``, ``$parse``, and ``$random`` with a seed; ``$eval`` is not there (Step
Functions Developer Guide, "Transforming data with JSONata", "JSONata functions provided by AWS").
LocalStack gives a text for the first two and takes no seed; its ``$partition`` and ``$range`` stay.
"""

from __future__ import annotations

import hashlib
import json
import random
import uuid
from collections.abc import Mapping
from types import MappingProxyType, ModuleType
from typing import Any, Final

import jsonata

_OURS: Final = ("$hash", "$uuid", "$parse")
_DIGESTS: Final = MappingProxyType(
    {
        "MD5": hashlib.md5,
        "SHA-1": hashlib.sha1,
        "SHA-256": hashlib.sha256,
        "SHA-384": hashlib.sha384,
        "SHA-512": hashlib.sha512,
    }
)


def cure(module: ModuleType) -> None:
    """Have LocalStack's *module* no longer declare what `bind` gives."""
    declared: dict[str, str] = module._DECLARATION_BY_VARIABLE_REFERENCE  # noqa: SLF001 - its table
    for name in _OURS:
        declared.pop(name, None)


def bind(frame: Any) -> None:
    """Give them to the expression that is evaluated in *frame*, which may define its own."""
    for name, (signature, function) in _functions().items():
        frame.bind(name, jsonata.Jsonata.JFunction(jsonata.Jsonata.JLambda(function), signature))
    frame.bind("eval", None)


def _functions() -> Mapping[str, tuple[str, Any]]:
    return {
        "hash": ("<ss:s>", _hash),
        "uuid": ("<:s>", lambda: str(uuid.uuid4())),
        "parse": ("<s:x>", _parse),
        "random": ("<n?:n>", _random),
    }


def _hash(text: str, algorithm: str) -> str:
    digest = _DIGESTS.get(algorithm)
    if digest is None:
        raise ValueError(f"{algorithm!r} is none of {', '.join(_DIGESTS)}")
    return digest(text.encode()).hexdigest()


def _parse(text: str) -> Any:
    found = json.loads(text)
    return jsonata.Utils.NULL_VALUE if found is None else found


def _random(seed: float | None = None) -> float:
    return (random if seed is None else random.Random(seed)).random()  # noqa: S311 - as on AWS
