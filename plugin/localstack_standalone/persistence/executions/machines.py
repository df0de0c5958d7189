"""State machines, their versions and aliases, and activities as data, and back."""

from __future__ import annotations

import threading
from collections import deque
from typing import Any, Final

from localstack.services.stepfunctions.asl.eval.event.logging import (
    CloudWatchLoggingConfiguration,
)
from localstack.services.stepfunctions.backend.activity import Activity
from localstack.services.stepfunctions.backend.alias import Alias
from localstack.services.stepfunctions.backend.state_machine import (
    StateMachineRevision,
    StateMachineVersion,
    TagManager,
)

# What follows from the rest, or is kept by itself.
_FOLLOWS: Final = ("cloud_watch_logging_configuration", "tag_manager", "aliases")
_LOCK: Final = "_mutex"
_TASKS: Final = "_tasks"  # whoever goes on puts them back
# What of a state machine an execution that was started with it has nothing to do with.
_LATER: Final = ("versions", "_version_number", "tags")


def machine_data(machine: Any) -> dict[str, Any]:
    """A state machine, or a version of one."""
    attributes = {name: value for name, value in vars(machine).items() if name not in _FOLLOWS}
    if isinstance(machine, StateMachineVersion):
        return {"attributes": attributes, "is_version": True}
    return {
        "attributes": attributes,
        "is_version": False,
        "tags": machine.tag_manager.to_tag_list(),
        "aliases": sorted(alias.state_machine_alias_arn for alias in machine.aliases),
    }


def started_data(machine: Any) -> dict[str, Any]:
    """The same for an execution that is started with it."""
    data = machine_data(machine)
    attributes = {name: v for name, v in data["attributes"].items() if name not in _LATER}
    return {"attributes": attributes, "is_version": data["is_version"]}


def machine_of(data: dict[str, Any]) -> Any:
    """What `machine_data` or `started_data` gave; `link` gives it its aliases."""
    kind = StateMachineVersion if data["is_version"] else StateMachineRevision
    made = object.__new__(kind)
    vars(made).update(data["attributes"])
    made.cloud_watch_logging_configuration = (
        CloudWatchLoggingConfiguration.from_logging_configuration(
            state_machine_arn=made.source_arn if data["is_version"] else made.arn,
            logging_configuration=made.logging_config,
        )
    )
    if not data["is_version"]:
        made.tag_manager, made.aliases = TagManager(), set()
        made.tag_manager.add_all(data.get("tags", []))
    return made


def link(machine: Any, data: dict[str, Any], aliases: dict[str, Any]) -> None:
    """Give *machine* those of *aliases* that are its own."""
    machine.aliases.update(aliases[arn] for arn in data["aliases"] if arn in aliases)


def alias_data(alias: Any) -> dict[str, Any]:
    """An alias."""
    return {name: value for name, value in vars(alias).items() if name != _LOCK}


def alias_of(data: dict[str, Any]) -> Any:
    """What `alias_data` gave."""
    made = object.__new__(Alias)
    vars(made).update(data, **{_LOCK: threading.Lock()})
    return made


def activity_data(activity: Any) -> dict[str, Any]:
    """An activity."""
    return {name: value for name, value in vars(activity).items() if name != _TASKS}


def activity_of(data: dict[str, Any]) -> Any:
    """What `activity_data` gave, with no task yet."""
    made = object.__new__(Activity)
    vars(made).update(data, **{_TASKS: deque()})
    return made
