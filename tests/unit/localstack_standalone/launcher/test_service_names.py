from __future__ import annotations

import pytest

from infra import stack
from localstack_standalone.launcher import service_names


@pytest.mark.parametrize("asked", ["+sqs,s3", " sqs, +s3,", "+sqs,+s3"])
def test_services_are_added_to_those_that_are_needed(asked: str) -> None:
    """With a plus or without, and a list cannot take one away."""
    assert ("s3", "sts", "sqs") == service_names.added(("s3", "sts"), asked)
    assert () == service_names.added((), "")


def test_what_a_service_needs_comes_with_it() -> None:
    """And what that needs in turn: notifications go to queues, stacks have functions and roles."""
    assert ("s3", "sns", "sqs") == service_names.added(("s3",), "+sns")
    with_stacks = service_names.added((), "+cloudformation")
    assert {"iam", "lambda", "logs", "s3", "ssm", "sts"} <= set(with_stacks)


def test_words_are_services_alone_or_with_a_plus_beside_the_default() -> None:
    """So the command line and pytest's option have both."""
    assert ("s3", "sqs") == service_names.chosen(["s3", "sqs", ""])
    assert (*service_names.DEFAULT, "sqs") == service_names.chosen(["+sqs", "s3"])
    assert () == service_names.chosen([])


def test_the_default_is_what_the_pipeline_needs() -> None:
    """One list for the plugin's own command and for the testbed."""
    assert set(stack.SERVICES) == set(service_names.DEFAULT)
