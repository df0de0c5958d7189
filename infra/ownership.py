"""Which resources are ours: those with our tags. Others of the same name are never touched.

One tag says that this project made a resource. On AWS a second one says for which deployment: two
regions of an account, or two people in it, each have one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final

from testbed.errors import ProvisioningError

if TYPE_CHECKING:
    from mypy_boto3_s3.type_defs import TagTypeDef

TAG_KEY: Final = "made-by"
TAG_VALUE: Final = "image-pipeline-testbed"

DEPLOYMENT_KEY: Final = "deployment"

TAGS: Final[dict[str, str]] = {TAG_KEY: TAG_VALUE}
"""For services that take tags as a mapping (Lambda, Logs, API Gateway), in every deployment."""
PAIRS: Final[list[TagTypeDef]] = [{"Key": TAG_KEY, "Value": TAG_VALUE}]
"""For those that take pairs (IAM, S3), likewise."""

type Tags = Mapping[str, str] | Iterable[Mapping[str, Any]] | None
"""As services give them. Pairs are ``Key``/``Value`` at IAM and S3, ``key``/``value`` at Step
Functions."""


class ForeignError(ProvisioningError):
    """Somebody else's resource stands in the way."""


def tags(deployment: str) -> dict[str, str]:
    """What a resource of *deployment* is tagged with; without one, as in an emulator, TAGS."""
    return TAGS | ({DEPLOYMENT_KEY: deployment} if deployment else {})


def pairs(deployment: str) -> list[TagTypeDef]:
    """The same for services that take pairs."""
    return [{"Key": key, "Value": value} for key, value in tags(deployment).items()]


def is_ours(found: Tags, deployment: str = "") -> bool:
    """Whether *found* are the tags of something that this project made for *deployment*.

    What has no deployment's tag is an earlier version's, which had one deployment; and without a
    *deployment*, as in an emulator, all that this project made is ours.
    """
    return _is_the_projects(found) and not other_deployment(found, deployment)


def other_deployment(found: Tags, deployment: str) -> str:
    """The deployment of this project, other than *deployment*, that *found* name; "" for none."""
    named = _mapping(found).get(DEPLOYMENT_KEY, "") if _is_the_projects(found) else ""
    return named if deployment and named != deployment else ""


def _is_the_projects(found: Tags) -> bool:
    return _mapping(found).get(TAG_KEY) == TAG_VALUE


def _mapping(found: Tags) -> Mapping[str, str]:
    if isinstance(found, Mapping):
        return found
    lower = [{name.lower(): value for name, value in tag.items()} for tag in found or ()]
    return {pair["key"]: pair["value"] for pair in lower}


def removal(deployment: str) -> str:
    """The command that removes *deployment*."""
    region, _, prefix = deployment.partition("/")
    return f"make down TARGET=aws AWS_REGION={region} BUCKET_PREFIX={prefix}"


def refuse(resource: str, other: str = "") -> ForeignError:
    """The error for a *resource* that exists without our tag, or of the deployment *other*."""
    if other:
        return ForeignError(
            f"{resource} belongs to another deployment of this project in this account, {other}, "
            f"and an account has room for one. Remove that first, if nobody needs it: "
            f"`{removal(other)}`; or use another account."
        )
    return ForeignError(
        f"{resource} exists already and was not made by this project, so it is left alone. "
        f"Rename or delete it, or hand it over with the tag {TAG_KEY}={TAG_VALUE}, then run "
        "`make provision` again."
    )
