"""Addresses of pages."""

from __future__ import annotations

from urllib.parse import parse_qs, unquote, urlsplit

from console import links
from tests.support.addresses import EMULATED

MACHINE = EMULATED.state_machine_arn
OTHER = MACHINE.replace(":M", ":Other")


def execution(machine: str, name: str) -> str:
    return f"{machine.replace(':stateMachine:', ':execution:')}:{name}"


def test_the_pipelines_executions_go_by_name_and_others_by_arn() -> None:
    """An address that is shared stays short; nothing in it breaks out of its place."""
    assert "/executions/e%20%3F" == links.execution(EMULATED, execution(MACHINE, "e ?"))
    other = execution(OTHER, "e/?")
    address = links.execution(EMULATED, other)
    assert other == unquote(address.removeprefix("/executions/"))
    assert "/" not in address.removeprefix("/executions/")


def test_what_is_asked_for_is_quoted_and_left_out_if_empty() -> None:
    """An ARN, or a name with an ampersand."""
    assert {"first": ["arn:a&b"]} == parse_qs(urlsplit(links.comparison("arn:a&b")).query)
    both = parse_qs(urlsplit(links.comparison("arn:1", "arn:2")).query)
    assert {"first": ["arn:1"], "second": ["arn:2"]} == both
    new = parse_qs(urlsplit(links.new_execution(MACHINE, like="arn:e")).query)
    assert {"machine": [MACHINE], "like": ["arn:e"]} == new


def test_an_execution_tells_its_machine() -> None:
    """By its ARN."""
    assert OTHER == links.machine_of(execution(OTHER, "e"))
