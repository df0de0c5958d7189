import pytest

from infra import ownership


@pytest.mark.parametrize(
    "tags",
    [
        {"made-by": "image-pipeline-testbed", "team": "a"},
        [{"Key": "made-by", "Value": "image-pipeline-testbed"}],
        [{"key": "made-by", "value": "image-pipeline-testbed"}],
    ],
)
def test_our_tag_is_known_in_every_spelling_of_aws(tags: object) -> None:
    """Mappings and both spellings of pairs are read alike."""
    assert ownership.is_ours(tags)  # type: ignore[arg-type]  # a table of shapes


@pytest.mark.parametrize("tags", [None, {}, [], {"made-by": "someone else"}])
def test_anything_without_our_tag_is_not_ours(tags: object) -> None:
    """No tags, or other ones, mean that somebody else made it."""
    assert not ownership.is_ours(tags)  # type: ignore[arg-type]  # a table of shapes


def test_a_refusal_says_what_to_do() -> None:
    """A person learns which resource is in the way and how to hand it over."""
    message = str(ownership.refuse("function F"))
    assert "function F exists already" in message
    assert "made-by=image-pipeline-testbed" in message
