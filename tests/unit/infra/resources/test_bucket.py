import dataclasses
from typing import Any

import pytest
from botocore.stub import Stubber

from infra import resource
from infra.account import Account
from infra.resource import Cloud, Outcome
from infra.resources import bucket
from infra.resources.bucket import Bucket
from testbed.errors import ProvisioningError
from tests.unit.infra.conftest import Answers

NAME = "originals"
BUCKET = Bucket(NAME)
OURS = {"TagSet": [{"Key": "made-by", "Value": "image-pipeline-testbed"}]}
CLOSED = {"PublicAccessBlockConfiguration": bucket.CLOSED}
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


def creation(region: str) -> dict[str, Any]:
    configuration: dict[str, Any] = {"Tags": OURS["TagSet"]}
    if region != "us-east-1":
        configuration["LocationConstraint"] = region
    return {
        "Bucket": NAME,
        "ObjectOwnership": "BucketOwnerEnforced",
        "CreateBucketConfiguration": configuration,
    }


def is_filled(s3: Stubber) -> None:
    s3.add_response("put_bucket_tagging", {}, {"Bucket": NAME, "Tagging": OURS})
    s3.add_response("put_public_access_block", {}, {"Bucket": NAME, **CLOSED})
    s3.add_response("put_bucket_ownership_controls", {}, {"Bucket": NAME, **ENFORCED})


@pytest.mark.parametrize("region", ["ca-central-1", "us-east-1"])
def test_a_bucket_is_made_in_its_region_and_closed(
    answers: Answers, cloud: Cloud, region: str
) -> None:
    """It is in the right region (us-east-1 must not be named), tagged at once, and closed."""
    there = dataclasses.replace(cloud, account=Account("123456789012", region))
    s3 = answers(cloud.aws.s3)
    head(s3, 404)
    s3.add_response("create_bucket", {}, creation(region))
    s3.add_response("head_bucket", {})
    is_filled(s3)
    assert Outcome.CREATED == resource.settle(BUCKET, there)


def test_a_name_that_was_just_deleted_is_tried_again(answers: Answers, cloud: Cloud) -> None:
    """S3 answers OperationAborted for a while after a deletion; that passes."""
    s3 = answers(cloud.aws.s3)
    head(s3, 404)
    s3.add_client_error("create_bucket", "OperationAborted", http_status_code=409)
    s3.add_response("create_bucket", {})
    s3.add_response("head_bucket", {})
    is_filled(s3)
    assert Outcome.CREATED == resource.settle(BUCKET, cloud)


def test_a_bucket_as_wanted_is_only_read(answers: Answers, cloud: Cloud) -> None:
    """Nothing is written when nothing differs."""
    s3 = answers(cloud.aws.s3)
    head(s3)
    s3.add_response("get_bucket_tagging", OURS)
    settings_as_wanted(s3)
    assert Outcome.UNCHANGED == resource.settle(BUCKET, cloud)


def test_a_bucket_that_was_opened_is_closed_again(answers: Answers, cloud: Cloud) -> None:
    """Public access that someone allowed is blocked by the next run."""
    s3 = answers(cloud.aws.s3)
    head(s3)
    s3.add_response("get_bucket_tagging", OURS)
    opened = {"PublicAccessBlockConfiguration": {**bucket.CLOSED, "BlockPublicPolicy": False}}
    s3.add_response("get_public_access_block", opened)
    s3.add_response("get_bucket_ownership_controls", ENFORCED)
    s3.add_response("put_public_access_block", {}, {"Bucket": NAME, **CLOSED})
    assert Outcome.UPDATED == resource.settle(BUCKET, cloud)


def test_a_bucket_of_another_account_is_an_error_that_says_what_to_do(
    answers: Answers, cloud: Cloud
) -> None:
    """Bucket names are global: a taken one is explained, with the setting for another."""
    head(answers(cloud.aws.s3), 403)
    with pytest.raises(ProvisioningError, match=r"originals belongs to another.*BUCKET_PREFIX=…"):
        resource.settle(BUCKET, cloud)


def test_a_race_for_the_name_is_the_same_error(answers: Answers, cloud: Cloud) -> None:
    """A name that another account takes in between is explained alike."""
    s3 = answers(cloud.aws.s3)
    head(s3, 404)
    s3.add_client_error("create_bucket", "BucketAlreadyExists", http_status_code=409)
    with pytest.raises(ProvisioningError, match="belongs to another AWS account"):
        resource.settle(BUCKET, cloud)


def test_a_bucket_of_ours_that_was_not_seen_is_in_another_region(
    answers: Answers, cloud: Cloud
) -> None:
    """Creation tells it, where looking did not."""
    s3 = answers(cloud.aws.s3)
    head(s3, 404)
    s3.add_client_error("create_bucket", "BucketAlreadyOwnedByYou", http_status_code=409)
    with pytest.raises(ProvisioningError, match=r"in another region.*AWS_REGION"):
        resource.settle(BUCKET, cloud)


def test_a_bucket_in_another_region_is_an_error(answers: Answers, cloud: Cloud) -> None:
    """A bucket cannot be moved, so that is for a person to settle."""
    head(answers(cloud.aws.s3), 301)
    with pytest.raises(ProvisioningError, match="in another region, not in ca-central-1"):
        resource.settle(BUCKET, cloud)


def test_a_bucket_in_another_region_is_found_where_boto3_follows(
    answers: Answers, cloud: Cloud
) -> None:
    """Of S3's redirection boto3 shows nothing but the region in the answer (HeadBucket)."""
    answers(cloud.aws.s3).add_response("head_bucket", {"BucketRegion": "eu-west-1"})
    with pytest.raises(ProvisioningError, match=r"is in eu-west-1, not in.*AWS_REGION"):
        resource.settle(BUCKET, cloud)


def test_a_bucket_of_another_deployment_is_refused_and_kept(answers: Answers, cloud: Cloud) -> None:
    """It is told which, and how to remove that one."""
    there = dataclasses.replace(cloud, deployment="ca-central-1/mine")
    theirs = {"TagSet": [*OURS["TagSet"], {"Key": "deployment", "Value": "eu-west-1/theirs"}]}
    s3 = answers(cloud.aws.s3)
    for _ in range(2):
        head(s3)
        s3.add_response("get_bucket_tagging", theirs)
    with pytest.raises(ProvisioningError, match=r"AWS_REGION=eu-west-1 BUCKET_PREFIX=theirs"):
        resource.settle(BUCKET, there)
    assert Outcome.KEPT == resource.remove(BUCKET, there)


@pytest.mark.parametrize(
    ("keys", "told"),
    [
        ([], None),
        (["a.png"], "1 object, 5 bytes: a.png"),
        (["a", "b", "a", "d", "e"], "5 objects, 25 bytes: a, b, d, …"),
    ],
)
def test_what_is_in_a_bucket_is_told(
    answers: Answers, cloud: Cloud, keys: list[str], told: str | None
) -> None:
    """Each version counts, and the first keys are named, so that nobody's images go unseen."""
    versions = [
        {"Key": key, "VersionId": str(number), "Size": 5} for number, key in enumerate(keys)
    ]
    answers(cloud.aws.s3).add_response("list_object_versions", {"Versions": versions})
    assert told == BUCKET.contents(cloud)


def test_a_full_bucket_is_not_counted_to_the_end(answers: Answers, cloud: Cloud) -> None:
    """Ten pages say enough."""
    s3 = answers(cloud.aws.s3)
    for page in range(bucket.COUNTED_PAGES):
        versions = [{"Key": f"{page}-{n}", "VersionId": "v", "Size": 1} for n in range(1000)]
        markers = {"NextKeyMarker": str(page), "NextVersionIdMarker": "v", "IsTruncated": True}
        s3.add_response("list_object_versions", {"Versions": versions, **markers})
    assert "at least 10,000 objects" in str(BUCKET.contents(cloud))


def test_someone_elses_images_are_not_taken_over(answers: Answers, cloud: Cloud) -> None:
    """A bucket with objects and without our tag is refused before anything is changed."""
    s3 = answers(cloud.aws.s3)
    head(s3)
    s3.add_client_error("get_bucket_tagging", "NoSuchTagSet")
    s3.add_response("list_object_versions", {"Versions": [{"Key": "a", "VersionId": "1"}]})
    with pytest.raises(ProvisioningError, match="was not made by this project"):
        resource.settle(BUCKET, cloud)


def test_a_bucket_that_lacks_only_its_tag_is_completed(answers: Answers, cloud: Cloud) -> None:
    """A run that ended between making and tagging is completed by the next."""
    s3 = answers(cloud.aws.s3)
    head(s3)
    s3.add_client_error("get_bucket_tagging", "NoSuchTagSet")
    s3.add_response("list_object_versions", {})
    settings_as_wanted(s3)
    s3.add_response("put_bucket_tagging", {})
    assert Outcome.UPDATED == resource.settle(BUCKET, cloud)


def test_destroy_deletes_every_version_in_batches(answers: Answers, cloud: Cloud) -> None:
    """Versions and delete markers go too, at most 1,000 a request."""
    s3 = answers(cloud.aws.s3)
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
    assert Outcome.DESTROYED == resource.remove(BUCKET, cloud)


def test_an_object_that_cannot_be_deleted_is_named(answers: Answers, cloud: Cloud) -> None:
    """DeleteObjects answers 200 with errors inside; they are not overlooked."""
    s3 = answers(cloud.aws.s3)
    head(s3)
    s3.add_response("get_bucket_tagging", OURS)
    s3.add_response("list_object_versions", {"Versions": [{"Key": "a", "VersionId": "1"}]})
    s3.add_response("delete_objects", {"Errors": [{"Key": "a", "Message": "Access Denied"}]})
    with pytest.raises(ProvisioningError, match=r"cannot be emptied: 'a': Access Denied"):
        resource.remove(BUCKET, cloud)


def test_destroying_what_is_not_there_is_no_error(answers: Answers, cloud: Cloud) -> None:
    """A destroy that was interrupted can be repeated."""
    head(answers(cloud.aws.s3), 404)
    assert Outcome.ABSENT == resource.remove(BUCKET, cloud)


def test_destroy_keeps_a_bucket_of_another_account(answers: Answers, cloud: Cloud) -> None:
    """A bucket that we may not even see is left alone."""
    head(answers(cloud.aws.s3), 403)
    assert Outcome.KEPT == resource.remove(BUCKET, cloud)


def test_destroy_keeps_a_bucket_that_we_did_not_make(answers: Answers, cloud: Cloud) -> None:
    """Without our tag nothing is emptied or deleted."""
    s3 = answers(cloud.aws.s3)
    head(s3)
    s3.add_client_error("get_bucket_tagging", "NoSuchTagSet")
    s3.add_response("list_object_versions", {})
    assert Outcome.KEPT == resource.remove(BUCKET, cloud)
