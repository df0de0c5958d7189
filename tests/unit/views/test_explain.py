"""What a word means; that none is missing is seen to in tests/contract/test_explanations.py."""

from __future__ import annotations

import pytest

from views import explain
from views.explain import Topic


def test_a_word_has_a_sentence_and_aws_page() -> None:
    """As the catalogue has them."""
    found = explain.find(Topic.STATE_TYPE, "Choice")
    assert found is not None
    assert found.sentence.startswith("Looks at the data")
    assert "https://docs.aws.amazon.com/step-functions/latest/dg/state-choice.html" == found.link


@pytest.mark.parametrize(
    ("topic", "name"),
    [(Topic.ERROR, "MyOwnError"), (Topic.ERROR, ""), (Topic.STATION, "Choice")],
)
def test_what_nobody_has_explained_is_none(topic: Topic, name: str) -> None:
    """A definition may name errors of its own; a word means something where it belongs."""
    assert explain.find(topic, name) is None


def test_an_error_with_more_behind_a_dot_is_known_by_its_beginning() -> None:
    """Each status has a name of its own."""
    found = explain.find(Topic.ERROR, "States.Http.StatusCode.404")
    assert found is not None
    assert "States.Http" == found.name
