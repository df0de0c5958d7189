"""The two buckets, from the environment."""

import pytest

from image_resize.errors import Code, Refusal
from image_resize.settings import BucketNames


def test_both_buckets_are_read() -> None:
    """ORIGINAL_BUCKET is read from, RESIZED_BUCKET is written to."""
    environment = {"ORIGINAL_BUCKET": "in", "RESIZED_BUCKET": "out"}
    expected = BucketNames(original_bucket="in", resized_bucket="out")
    assert expected == BucketNames.from_environment(environment)


@pytest.mark.parametrize(
    ("environment", "named"),
    [
        ({"RESIZED_BUCKET": "out"}, "ORIGINAL_BUCKET"),
        ({"ORIGINAL_BUCKET": "in"}, "RESIZED_BUCKET"),
        ({"ORIGINAL_BUCKET": "in", "RESIZED_BUCKET": ""}, "RESIZED_BUCKET"),
        ({"ORIGINAL_BUCKET": "one", "RESIZED_BUCKET": "one"}, "one"),
    ],
)
def test_a_setting_that_is_missing_or_a_loop_is_a_config_error(
    environment: dict[str, str], named: str
) -> None:
    """The message names the variable, or the bucket that stands for both."""
    with pytest.raises(Refusal, match=named) as refusal:
        BucketNames.from_environment(environment)
    assert Code.CONFIG_ERROR == refusal.value.code
