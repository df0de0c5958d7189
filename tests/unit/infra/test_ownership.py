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


MINE, THEIRS = "ca-central-1/mine", "ca-central-1/theirs"


def test_a_deployments_resources_are_its_own() -> None:
    """Another one's are not ours; an earlier version's, which had one deployment, are."""
    assert ownership.is_ours(ownership.tags(MINE), MINE)
    assert ownership.is_ours(ownership.pairs(MINE), MINE)
    assert not ownership.is_ours(ownership.tags(THEIRS), MINE)
    assert ownership.is_ours(ownership.TAGS, MINE)
    assert ownership.is_ours(ownership.tags(THEIRS))


def test_another_deployment_is_known_by_name() -> None:
    """Of this project's alone: others may have a tag of that name for themselves."""
    assert THEIRS == ownership.other_deployment(ownership.tags(THEIRS), MINE)
    assert "" == ownership.other_deployment(ownership.tags(MINE), MINE)
    assert "" == ownership.other_deployment({"deployment": "blue"}, MINE)
    message = str(ownership.refuse("role R", THEIRS))
    assert "AWS_REGION=ca-central-1 BUCKET_PREFIX=theirs" in message
