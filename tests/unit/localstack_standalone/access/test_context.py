"""The context of a request."""

from __future__ import annotations

from localstack_standalone.access.context import Facts


def test_keys_are_found_in_any_case() -> None:
    """Names of condition keys are not case-sensitive."""
    facts = Facts({"aws:PrincipalTag/Team": "red", "aws:TagKeys": ["a", "b"], "s3:prefix": ""})
    assert facts.get("AWS:principaltag/team") == "red"
    assert facts.get("aws:tagkeys") == ("a", "b")
    assert facts.get("aws:username") is None


def test_a_variable_is_a_single_value() -> None:
    """A key with many values is none, and neither is an empty one."""
    facts = Facts({"aws:username": "alice", "aws:TagKeys": ["a"], "s3:prefix": ""})
    assert facts.variable("aws:UserName") == "alice"
    assert facts.variable("aws:TagKeys") is None
    assert facts.variable("s3:prefix") is None
