"""Which resources are ours: those with our tag. Others of the same name are never touched."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from testbed.errors import ProvisioningError

TAG_KEY: Final = "made-by"
TAG_VALUE: Final = "image-pipeline-testbed"

TAGS: Final[dict[str, str]] = {TAG_KEY: TAG_VALUE}
"""For services that take tags as a mapping (Lambda, Logs, API Gateway)."""


def is_ours(tags: Mapping[str, str] | Iterable[Mapping[str, Any]] | None) -> bool:
    """Whether *tags* hold ours, as a mapping or as a list of pairs.

    Pairs are spelt ``Key``/``Value`` by IAM and S3 and ``key``/``value`` by Step Functions.
    """
    if not isinstance(tags, Mapping):
        pairs = [{name.lower(): value for name, value in tag.items()} for tag in tags or ()]
        tags = {pair["key"]: pair["value"] for pair in pairs}
    return tags.get(TAG_KEY) == TAG_VALUE


def refuse(resource: str) -> ProvisioningError:
    """The error for a *resource* that exists without our tag."""
    return ProvisioningError(
        f"{resource} exists already and was not made by this project, so it is left alone. "
        f"Rename or delete it, or hand it over with the tag {TAG_KEY}={TAG_VALUE}, then run "
        "`make provision` again."
    )
