from infra import policies
from infra.policies import Document


def same(one: Document, other: Document) -> bool:
    return bool(policies.normal(one) == policies.normal(other))


def test_a_list_of_one_is_its_element() -> None:
    """IAM gives the two the same meaning, and tools turn one into the other."""
    one = {"Statement": [{"Action": "s3:GetObject", "Resource": ["a"]}]}
    other = {"Statement": {"Action": ["s3:GetObject"], "Resource": "a"}}
    assert same(one, other)


def test_the_order_of_lists_has_no_meaning() -> None:
    """Actions and statements are sets to IAM."""
    assert same({"Action": ["a", "b"]}, {"Action": ["b", "a"]})


def test_another_action_is_a_difference() -> None:
    """What is allowed beside the wanted is not overlooked."""
    assert not same({"Action": ["a"]}, {"Action": ["a", "b"]})


def test_another_condition_is_a_difference() -> None:
    """A condition that is missing widens a policy."""
    assert not same({"Action": "a"}, {"Action": "a", "Condition": {}})
