"""Which buckets the function works between; the only module that reads the environment for them."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from image_resize.errors import Code, Refusal


@dataclass(frozen=True, kw_only=True)
class BucketNames:
    """The bucket that originals are read from and the one that thumbnails are written to."""

    original_bucket: str
    resized_bucket: str

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Self:
        """Read ORIGINAL_BUCKET and RESIZED_BUCKET.

        Raises:
            Refusal: CONFIG_ERROR if one is missing or empty, or if both are the same bucket: with
                an S3 trigger, a function that writes where it reads starts itself for ever
                (AWS Lambda Developer Guide, "Recursive loop detection").
        """
        original = _required(environment, "ORIGINAL_BUCKET")
        resized = _required(environment, "RESIZED_BUCKET")
        if original == resized:
            raise Refusal(
                Code.CONFIG_ERROR,
                f"ORIGINAL_BUCKET and RESIZED_BUCKET are both {original!r}; they must differ, "
                "or every thumbnail would become an original",
            )
        return cls(original_bucket=original, resized_bucket=resized)


def _required(environment: Mapping[str, str], name: str) -> str:
    value = environment.get(name, "")
    if not value:
        raise Refusal(Code.CONFIG_ERROR, f"the environment variable {name} is not set")
    return value
