"""Which patches are wanted, where this is the LocalStack that they fit.

A setting is ``off``, ``all`` or a list of names: ``all,-redrive_fields`` is everything but that
one; ``escape_javascript,payload_limit`` is those two alone. Nothing said means all.
"""

from __future__ import annotations

import os
from collections.abc import Collection
from typing import Final

WRITTEN_FOR: Final = "4.14.0"


class SwitchError(ValueError):
    """The setting holds a word that is not understood."""


class WrongLocalStackError(RuntimeError):
    """Another LocalStack runs than the one that was patched when this was written."""


def read(name: str, names: Collection[str]) -> frozenset[str]:
    """The names of the patches that the setting *name* asks for, of *names*.

    Raises:
        SwitchError: it names a patch that is none.
        WrongLocalStackError: there are some, and this LocalStack is not WRITTEN_FOR.
    """
    chosen = wanted(os.environ.get(name), names, name=name)
    if chosen:
        require(name)
    return chosen


def require(name: str) -> None:
    """See that this LocalStack is the one that what the setting *name* asks for was written for.

    Raises:
        WrongLocalStackError: it is not.
    """
    from localstack.version import version

    if version != WRITTEN_FOR:
        raise WrongLocalStackError(
            f"this is LocalStack {version}, and {name} was written for {WRITTEN_FOR}: "
            f"install that one, or switch it off with {name}=off"
        )


def wanted(setting: str | None, names: Collection[str], *, name: str) -> frozenset[str]:
    """The names of the patches to apply.

    Args:
        setting: its value; None or blank is ``all``.
        names: every patch that there is.
        name: of the setting, for the error.

    Raises:
        SwitchError: a word of *setting* is neither ``all``, ``off`` nor one of *names*.
    """
    words = [word.strip() for word in (setting or "").split(",") if word.strip()] or ["all"]
    if words == ["off"]:
        return frozenset()
    chosen: set[str] = set(names) if words[0].startswith("-") else set()
    for word in words:
        patch = word.removeprefix("-")
        if word == "all":
            chosen.update(names)
        elif patch not in names:
            raise SwitchError(
                f"{name}={setting!r}: {word!r} is not known; allowed are off, all, and the "
                f"names {', '.join(sorted(names))} (with a - before a name: all but that one)"
            )
        elif word.startswith("-"):
            chosen.discard(patch)
        else:
            chosen.add(patch)
    return frozenset(chosen)
