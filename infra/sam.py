"""The stack as a SAM template, for those who come from there; docs/decisions/0010 says why so.

Each resource gives its own part. Account and region stand in it as CloudFormation's pseudo
parameters, so that the very policies and addresses of `infra` are what the template has.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from infra.account import Account

if TYPE_CHECKING:
    from collections.abc import Iterable

    from infra.resource import Resource

ACCOUNT: Final = Account(id="${AWS::AccountId}", region="${AWS::Region}")


def template(resources: Iterable[Resource]) -> dict[str, Any]:
    """The SAM template of *resources*."""
    resources = list(resources)
    parts = {}
    for each in resources:
        part = _substituted(each.template())
        if each.needs:
            part["DependsOn"] = [logical_id(need) for need in each.needs]
        parts[logical_id(each)] = part
    return {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Transform": "AWS::Serverless-2016-10-31",
        "Description": "The image pipeline: API Gateway, Step Functions, Lambda, S3",
        "Resources": parts,
    }


def logical_id(each: Resource) -> str:
    """What the template calls a resource: its name and kind, in letters and digits."""
    kind = "" if each.name.lower().endswith(each.kind.replace(" ", "")) else each.kind
    words = f"{each.name}-{kind}".replace("/", "-").replace(" ", "-").split("-")
    return "".join(word[:1].upper() + word[1:] for word in words)


def _substituted(value: Any) -> Any:
    """*value* with ``Fn::Sub`` around every text that names a pseudo parameter."""
    if isinstance(value, dict):
        return {key: _substituted(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_substituted(inner) for inner in value]
    return {"Fn::Sub": value} if isinstance(value, str) and "${AWS::" in value else value
