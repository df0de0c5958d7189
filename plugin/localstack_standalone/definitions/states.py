"""A state on its own: its fields, what they exclude, what their values may be."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from typing import Any, Final

from localstack_standalone.definitions import fields, handlers, paths, resources, rules
from localstack_standalone.definitions.diagnostic import Diagnostic, schema
from localstack_standalone.definitions.values import enumerated, filled, missing, numbers
from localstack_standalone.definitions.walk import JSONATA, JSONPATH, State

NAME_CHARACTERS: Final = 80
LABEL_CHARACTERS: Final = 40
_TIMESTAMP: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", re.ASCII)


def mistakes(state: State, *, of_machine: str, express: bool) -> Iterator[Diagnostic]:
    """What is wrong with *state*, in a machine whose query language is *of_machine*."""
    if len(state.name) > NAME_CHARACTERS:
        yield Diagnostic(
            "INVALID_STATE_NAME",
            f"Invalid State name: State '{state.name}' exceeds the {NAME_CHARACTERS}-character "
            "limit allowed by the service",
            state.at,
        )
    if "Type" not in state.body:
        yield schema("These fields are required: [Type]", state.at)
        return
    if state.type not in fields.TYPES:
        yield schema(
            f"The field 'Type' should have one of these values: [{', '.join(fields.TYPES)}]",
            f"{state.at}/Type",
        )
        return
    yield from _language(state, of_machine)
    yield from _shape(state)
    yield from numbers(state.body, fields.NUMBERS, state.at)
    yield from paths.mistakes(state)
    yield from handlers.mistakes(state)
    yield from rules.mistakes(state)
    yield from _task(state, express=express)
    yield from _timestamp(state)
    yield from _map(state, express=express)
    yield from filled(state.body, "Branches", state.at)


def _language(state: State, of_machine: str) -> Iterator[Diagnostic]:
    """Fields of the other language, unless the state may not have its own at all."""
    if of_machine == JSONATA and state.language == JSONPATH:
        yield schema(
            "'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine",
            state.at,
        )
    else:
        others, other = (
            (fields.JSONATA_ONLY, JSONATA)
            if state.language == JSONPATH
            else (fields.JSONPATH_ONLY, JSONPATH)
        )
        for field in others:
            if field in state.body and field in fields.ALLOWED[state.type]:
                yield schema(
                    f"The QueryLanguage is set to '{state.language}', but field '{field}' is only "
                    f"supported for the '{other}' QueryLanguage",
                    state.at,
                )
    yield from enumerated(state.body, "QueryLanguage", (JSONPATH, JSONATA), state.at)


def _shape(state: State) -> Iterator[Diagnostic]:
    """Fields that are unknown, missing, or exclude each other."""
    for field in state.body:
        if field not in fields.ALLOWED[state.type]:
            yield schema(f"Field '{field}' is not supported", state.at)
    yield from missing(state.body, fields.REQUIRED.get(state.type, ()), state.at)
    for pair in fields.EXCLUSIVE:
        if all(field in state.body for field in pair):
            yield schema(_too_many(pair), state.at)
    if one_of := fields.ONE_OF.get(state.type):
        yield from _exactly_one(sum(field in state.body for field in one_of), one_of, state.at)
    if state.type in fields.LEAVING:
        count = ("Next" in state.body) + (state.body.get("End") is True)
        yield from _exactly_one(count, ("Next", "End"), state.at)


def _exactly_one(count: int, of: tuple[str, ...], at: str) -> Iterator[Diagnostic]:
    if count > 1:
        yield schema(_too_many(of), at)
    elif count == 0:
        yield schema(
            f"This object should have only one of the following fields: [{', '.join(of)}]", at
        )


def _too_many(of: tuple[str, ...]) -> str:
    return f"There should only be one of the following fields: [{', '.join(of)}]"


def _task(state: State, *, express: bool) -> Iterator[Diagnostic]:
    resource = state.body.get("Resource")
    if state.type != "Task" or not isinstance(resource, str):
        return
    for message in resources.mistakes(resource, express=express):
        yield schema(message, f"{state.at}/Resource")
    at = f"{state.at}/Credentials"
    credentials = state.body.get("Credentials")
    if credentials is not None and resources.is_activity(resource):
        yield schema("The field 'Credentials' is not supported for activities", at)
    elif isinstance(credentials, dict) and not {"RoleArn", "RoleArn.$"} & credentials.keys():
        yield schema("The field 'RoleArn' is required but was missing", at)


def _timestamp(state: State) -> Iterator[Diagnostic]:
    value = state.body.get("Timestamp")
    if not isinstance(value, str) or (state.language == JSONATA and value.startswith("{%")):
        return
    try:
        is_one = _TIMESTAMP.fullmatch(value) and dt.datetime.fromisoformat(value)
    except ValueError:
        is_one = None
    if not is_one:
        yield schema("String does not match RFC3339 timestamp", f"{state.at}/Timestamp")


def _map(state: State, *, express: bool) -> Iterator[Diagnostic]:
    label = state.body.get("Label")
    if isinstance(label, str) and len(label) > LABEL_CHARACTERS:
        yield Diagnostic(
            "INVALID_LABEL_NAME",
            f"Invalid Label name: Label '{label}' exceeds the {LABEL_CHARACTERS}-character limit "
            "allowed by the service",
            f"{state.at}/Label",
        )
    for field in ("ItemProcessor", "Iterator"):
        processor = state.body.get(field)
        config = processor.get("ProcessorConfig") if isinstance(processor, dict) else None
        if isinstance(config, dict):
            at = f"{state.at}/{field}/ProcessorConfig"
            yield from _processor_config(config, at, express=express)


def _processor_config(config: dict[str, Any], at: str, *, express: bool) -> Iterator[Diagnostic]:
    mode = config.get("Mode")
    if mode == "DISTRIBUTED":
        yield from missing(config, ("ExecutionType",), at)
        if express:
            yield schema(
                "The field 'Mode' with value 'DISTRIBUTED' is not supported inside 'EXPRESS' "
                "state machines",
                f"{at}/Mode",
            )
    elif mode == "INLINE" and "ExecutionType" in config:
        yield schema("Field 'ExecutionType' is not supported", at)
    yield from enumerated(config, "ExecutionType", ("STANDARD", "EXPRESS"), at)
