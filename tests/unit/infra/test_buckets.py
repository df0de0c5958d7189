from typing import Any

import pytest
from botocore.stub import Stubber

from infra import buckets
from infra.change import Change
from infra.place import Place
from testbed.aws import Aws
from testbed.errors import ProvisioningError
from tests.unit.infra.conftest import Answers

NAME = "originals"
OURS = {"TagSet": [{"Key": "made-by", "Value": "image-pipeline-testbed"}]}
CLOSED = {"PublicAccessBlockConfiguration": buckets.CLOSED}
ENFORCED = {"OwnershipControls": {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}}


def head(s3: Stubber, status: int = 200) -> None:
    asked = {"Bucket": NAME, "ExpectedBucketOwner": "123456789012"}
    if status == 200:
        s3.add_response("head_bucket", {}, asked)
    else:
        s3.add_client_error("head_bucket", str(status), "", status, expected_params=asked)


def settings_as_wanted(s3: Stubber) -> None:
    s3.add_response("get_public_access_block", CLOSED)
    s3.add_response("get_bucket_ownership_controls", ENFORCED)


def creation(place: Place) -> dict[str, Any]:
    expected: dict[str, Any] = {"Bucket": NAME, "ObjectOwnership": "BucketOwnerEnforced"}
    if place.region != "us-east-1":
        expected["CreateBucketConfiguration"] = {"LocationConstraint": place.region}
    return expected


@pytest.mark.parametrize("region", ["ca-central-1", "us-east-1"])
def test_a_bucket_is_made_in_its_region_and_closed(aws: Aws, answers: Answers, region: str) -> None:
    """A new bucket is in the right region (us-east-1 must not be named), tagged and closed."""
    place = Place("123456789012", region)
    s3 = answers(aws.s3)
    head(s3, 404)
    s3.add_response("create_bucket", {}, creation(place))
    s3.add_response("head_bucket", {})
    s3.add_client_error("get_bucket_tagging", "NoSuchTagSet")
    s3.add_response("list_object_versions", {})
    s3.add_response("put_bucket_tagging", {}, {"Bucket": NAME, "Tagging": OURS})
    s3.add_client_error("get_public_access_block", "NoSuchPublicAccessBlockConfiguration")
    s3.add_response("put_public_access_block", {}, {"Bucket": NAME, **CLOSED})
    s3.add_client_error("get_bucket_ownership_controls", "OwnershipControlsNotFoundError")
    s3.add_response("put_bucket_ownership_controls", {}, {"Bucket": NAME, **ENFORCED})
    assert Change.CREATED == buckets.ensure(aws.s3, NAME, place=place)


def test_a_name_that_was_just_deleted_is_tried_again(
    aws: Aws, answers: Answers, place: Place
) -> None:
    """S3 answers OperationAborted for a while after a deletion; that passes."""
    s3 = answers(aws.s3)
    head(s3, 404)
    s3.add_client_error("create_bucket", "OperationAborted", http_status_code=409)
    s3.add_response("create_bucket", {})
    s3.add_response("head_bucket", {})
    s3.add_response("get_bucket_tagging", OURS)
    settings_as_wanted(s3)
    assert Change.CREATED == buckets.ensure(aws.s3, NAME, place=place)


def test_a_bucket_as_wanted_is_only_read(aws: Aws, answers: Answers, place: Place) -> None:
    """Nothing is written when nothing differs."""
    s3 = answers(aws.s3)
    head(s3)
    s3.add_response("get_bucket_tagging", OURS)
    settings_as_wanted(s3)
    assert Change.UNCHANGED == buckets.ensure(aws.s3, NAME, place=place)


def test_a_bucket_that_was_opened_is_closed_again(aws: Aws, answers: Answers, place: Place) -> None:
    """Public access that someone allowed is blocked by the next run."""
    s3 = answers(aws.s3)
    head(s3)
    s3.add_response("get_bucket_tagging", OURS)
    opened = {"PublicAccessBlockConfiguration": {**buckets.CLOSED, "BlockPublicPolicy": False}}
    s3.add_response("get_public_access_block", opened)
    s3.add_response("put_public_access_block", {}, {"Bucket": NAME, **CLOSED})
    s3.add_response("get_bucket_ownership_controls", ENFORCED)
    assert Change.UPDATED == buckets.ensure(aws.s3, NAME, place=place)


def test_a_bucket_of_another_account_is_an_error_that_says_what_to_do(
    aws: Aws, answers: Answers, place: Place
) -> None:
    """Bucket names are global: a taken one is explained, with the place to change it."""
    head(answers(aws.s3), 403)
    with pytest.raises(ProvisioningError, match=r"originals belongs to another.*names\.py"):
        buckets.ensure(aws.s3, NAME, place=place)


def test_a_race_for_the_name_is_the_same_error(aws: Aws, answers: Answers, place: Place) -> None:
    """A name that another account takes in between is explained alike."""
    s3 = answers(aws.s3)
    head(s3, 404)
    s3.add_client_error("create_bucket", "BucketAlreadyExists", http_status_code=409)
    with pytest.raises(ProvisioningError, match="belongs to another AWS account"):
        buckets.ensure(aws.s3, NAME, place=place)


def test_a_bucket_in_another_region_is_an_error(aws: Aws, answers: Answers, place: Place) -> None:
    """A bucket cannot be moved, so that is for a person to settle."""
    head(answers(aws.s3), 301)
    with pytest.raises(ProvisioningError, match="in another region than ca-central-1"):
        buckets.ensure(aws.s3, NAME, place=place)


def test_someone_elses_images_are_not_taken_over(aws: Aws, answers: Answers, place: Place) -> None:
    """A bucket with objects and without our tag is refused before anything is changed."""
    s3 = answers(aws.s3)
    head(s3)
    s3.add_client_error("get_bucket_tagging", "NoSuchTagSet")
    s3.add_response("list_object_versions", {"Versions": [{"Key": "a", "VersionId": "1"}]})
    with pytest.raises(ProvisioningError, match="was not made by this project"):
        buckets.ensure(aws.s3, NAME, place=place)


def test_a_bucket_that_lacks_only_its_tag_is_completed(
    aws: Aws, answers: Answers, place: Place
) -> None:
    """A run that ended between making and tagging is completed by the next."""
    s3 = answers(aws.s3)
    head(s3)
    s3.add_client_error("get_bucket_tagging", "NoSuchTagSet")
    s3.add_response("list_object_versions", {})
    s3.add_response("put_bucket_tagging", {})
    settings_as_wanted(s3)
    assert Change.UPDATED == buckets.ensure(aws.s3, NAME, place=place)


def test_destroy_deletes_every_version_in_batches(aws: Aws, answers: Answers, place: Place) -> None:
    """Versions and delete markers go too, at most 1,000 a request."""
    s3 = answers(aws.s3)
    head(s3)
    s3.add_response("get_bucket_tagging", OURS)
    versions = [{"Key": f"k{number}", "VersionId": "v"} for number in range(1000)]
    marker = {"Key": "gone", "VersionId": "m"}
    s3.add_response("list_object_versions", {"Versions": versions, "DeleteMarkers": [marker]})
    for batch in (versions, [marker]):
        delete = {"Objects": batch, "Quiet": True}
        s3.add_response("delete_objects", {}, {"Bucket": NAME, "Delete": delete})
    s3.add_response("delete_bucket", {}, {"Bucket": NAME})
    head(s3, 404)
    assert Change.DESTROYED == buckets.destroy(aws.s3, NAME, place=place)


def test_an_object_that_cannot_be_deleted_is_named(
    aws: Aws, answers: Answers, place: Place
) -> None:
    """DeleteObjects answers 200 with errors inside; they are not overlooked."""
    s3 = answers(aws.s3)
    head(s3)
    s3.add_response("get_bucket_tagging", OURS)
    s3.add_response("list_object_versions", {"Versions": [{"Key": "a", "VersionId": "1"}]})
    s3.add_response("delete_objects", {"Errors": [{"Key": "a", "Message": "Access Denied"}]})
    with pytest.raises(ProvisioningError, match=r"cannot be emptied: 'a': Access Denied"):
        buckets.destroy(aws.s3, NAME, place=place)


def test_destroying_what_is_not_there_is_no_error(aws: Aws, answers: Answers, place: Place) -> None:
    """A destroy that was interrupted can be repeated."""
    head(answers(aws.s3), 404)
    assert Change.ABSENT == buckets.destroy(aws.s3, NAME, place=place)


def test_destroy_keeps_a_bucket_of_another_account(
    aws: Aws, answers: Answers, place: Place
) -> None:
    """A bucket that we may not even see is left alone."""
    head(answers(aws.s3), 403)
    assert Change.KEPT == buckets.destroy(aws.s3, NAME, place=place)


def test_destroy_keeps_a_bucket_that_we_did_not_make(
    aws: Aws, answers: Answers, place: Place
) -> None:
    """Without our tag nothing is emptied or deleted."""
    s3 = answers(aws.s3)
    head(s3)
    s3.add_client_error("get_bucket_tagging", "NoSuchTagSet")
    assert Change.KEPT == buckets.destroy(aws.s3, NAME, place=place)
