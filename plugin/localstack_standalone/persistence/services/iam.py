"""Users, groups, roles, policies, keys: an account is one unit, for they refer to each other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from moto.iam import models

from localstack_standalone.persistence.services.whole import WholeKeeper

_BACKEND: Final = "account"
# What every account has, and what nobody changes.
_NOT_KEPT: Final = ("aws_managed_policies", "policy_arn_regex", "account_summary")


class IamKeeper(WholeKeeper):
    """Keeps moto's accounts; of AWS's own policies only which of them are attached."""

    name = "iam"

    def units(self) -> Mapping[str, Any]:
        """What was changed in each account."""
        return {
            f"{account}/{partition}": _attributes(backend)
            for account, partition, backend in _backends()
        }

    def put_back(self, name: str, unit: Any) -> None:
        """Give an account what it had; AWS's own policies are there already."""
        account, partition = name.split("/")
        backend = models.iam_backends[account][partition]
        own = unit.pop("managed_policies")
        attached = unit.pop("attached")
        vars(backend).update(unit)
        backend.managed_policies.update(own)
        for arn, told in attached.items():
            vars(backend.managed_policies[arn]).update(told)

    def empty(self) -> None:
        """Begin anew in each account."""
        for _, _, backend in _backends():
            backend.reset()

    def found_by(self, value: Any) -> Any:
        """An account by its number, one of AWS's policies by its ARN."""
        if isinstance(value, models.IAMBackend):
            return [_BACKEND, value.account_id, value.partition, None]
        if isinstance(value, models.AWSManagedPolicy):
            return ["policy", value.account_id, value.partition, value.arn]
        return None

    def find(self, found_by: Any) -> Any:
        """That account or policy."""
        kind, account, partition, arn = found_by
        backend = models.iam_backends[account][partition]
        return backend if kind == _BACKEND else backend.managed_policies[arn]


def _backends() -> Iterator[tuple[str, str, Any]]:
    for account, partitions in list(models.iam_backends.items()):
        for partition, backend in list(partitions.items()):
            yield account, partition, backend


def _attributes(backend: Any) -> dict[str, Any]:
    own = {
        arn: policy
        for arn, policy in list(backend.managed_policies.items())
        if not isinstance(policy, models.AWSManagedPolicy)
    }
    attached = {
        policy.arn: {"attachment_count": policy.attachment_count, "id": policy.id}
        for policy in backend.aws_managed_policies
        if policy.attachment_count
    }
    kept = {name: value for name, value in vars(backend).items() if name not in _NOT_KEPT}
    return kept | {"managed_policies": own, "attached": attached}
