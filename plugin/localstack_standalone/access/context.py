"""The context of a request: condition keys and their values.

Source: IAM User Guide, "IAM JSON policy elements: Condition".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

type Context = Mapping[str, str | Sequence[str]]
"""Condition keys and their values. Names in any case; a sequence for a key that has many values by
its nature (``aws:TagKeys``), be it with one or none here."""


class Facts:
    """A context, looked up by names in any case: "Condition key names are not case-sensitive"."""

    def __init__(self, context: Context) -> None:
        self._values: dict[str, str | tuple[str, ...]] = {
            name.lower(): value if isinstance(value, str) else tuple(value)
            for name, value in context.items()
        }

    def get(self, key: str) -> str | tuple[str, ...] | None:
        """The value, or the values of a key with many; None where the request has no such key."""
        return self._values.get(key.lower())

    def variable(self, key: str) -> str | None:
        """What stands for ``${key}``; None where it has no value.

        "You can't use a multivalued condition key as a variable", and an empty value is none
        (IAM User Guide, "Variables and tags").
        """
        value = self.get(key)
        return value if value and isinstance(value, str) else None
