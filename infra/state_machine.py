"""The state machine, from its definition in statemachine/."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Final

from infra import ownership
from infra.change import Change, Ensured, settled
from infra.eventually import consistent, role_not_known
from infra.substitution import substitute
from testbed import waiting

if TYPE_CHECKING:
    from mypy_boto3_stepfunctions import SFNClient
    from mypy_boto3_stepfunctions.type_defs import DescribeStateMachineOutputTypeDef

DEFINITION: Final = Path(__file__).parent.parent / "statemachine" / "image_processing.asl.json"
# A machine stays in DELETING until its running executions have ended.
GONE_WITHIN_S: Final = 180.0
POLL_S: Final = 0.05


def definition(*, function_arn: str) -> str:
    """The definition in the Amazon States Language, with the function's ARN filled in."""
    text = DEFINITION.read_text(encoding="utf-8")
    return substitute(text, {"ImageResizeFunctionArn": function_arn}, where=DEFINITION.name)


def ensure(sfn: SFNClient, name: str, *, arn: str, role_arn: str, definition: str) -> Ensured:
    """Make the state machine what it should be, in place.

    Args:
        sfn: client.
        name: its name in account and region.
        arn: the ARN that follows from that name.
        role_arn: the role that its executions run under.
        definition: JSON text in the Amazon States Language.

    Raises:
        ProvisioningError: a machine of that name exists that we did not make.
    """
    found = _find(sfn, arn)
    if found is not None and found["status"] == "DELETING":
        _wait_until_gone(sfn, arn)
        found = None
    if found is None:
        _create(sfn, name, role_arn=role_arn, definition=definition)
        return Ensured(Change.CREATED, arn)
    if not _is_ours(sfn, arn):
        raise ownership.refuse(f"state machine {name}")
    stale = found["roleArn"] != role_arn or not _same(found["definition"], definition)
    if stale:
        consistent(
            lambda: sfn.update_state_machine(
                stateMachineArn=arn, roleArn=role_arn, definition=definition
            ),
            f"update of state machine {name}",
            lagging=role_not_known,
        )
    return Ensured(settled(updated=stale), arn)


def destroy(sfn: SFNClient, arn: str) -> Change:
    """Delete the state machine, if it is ours, and wait until it is gone."""
    found = _find(sfn, arn)
    if found is None:
        return Change.ABSENT
    if not _is_ours(sfn, arn):
        return Change.KEPT
    sfn.delete_state_machine(stateMachineArn=arn)
    _wait_until_gone(sfn, arn)
    return Change.DESTROYED


def _create(sfn: SFNClient, name: str, *, role_arn: str, definition: str) -> None:
    created = consistent(
        lambda: sfn.create_state_machine(
            name=name,
            type="STANDARD",
            roleArn=role_arn,
            definition=definition,
            tags=[{"key": ownership.TAG_KEY, "value": ownership.TAG_VALUE}],
        ),
        f"creation of state machine {name}",
        lagging=role_not_known,
    )
    waiting.until(
        lambda: _active(sfn, created["stateMachineArn"]),
        f"state machine {name} being ACTIVE",
        timeout_s=60,
        interval_s=POLL_S,
    )


def _active(sfn: SFNClient, arn: str) -> tuple[bool | None, str]:
    found = _find(sfn, arn)
    status = found["status"] if found else "no such state machine"
    return (True if status == "ACTIVE" else None), status


def _find(sfn: SFNClient, arn: str) -> DescribeStateMachineOutputTypeDef | None:
    try:
        return sfn.describe_state_machine(stateMachineArn=arn)
    except sfn.exceptions.StateMachineDoesNotExist:
        return None


def _is_ours(sfn: SFNClient, arn: str) -> bool:
    return ownership.is_ours(sfn.list_tags_for_resource(resourceArn=arn)["tags"])


def _same(one: str, other: str) -> bool:
    """Whether two definitions are the same JSON, however they are laid out."""
    return bool(json.loads(one) == json.loads(other))


def _wait_until_gone(sfn: SFNClient, arn: str) -> None:
    waiting.until(
        lambda: (None if _find(sfn, arn) else True, "it still exists"),
        f"deletion of state machine {arn}",
        timeout_s=GONE_WITHIN_S,
        interval_s=POLL_S,
    )
