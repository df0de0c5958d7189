from __future__ import annotations

import pytest

from infra.account import Account
from infra.deployment import check_region, of
from testbed import names, setting_table
from testbed.errors import ProvisioningError, SettingError

ACCOUNT = Account("123456789012", "ca-central-1")
LONGEST_PREFIX = "p" * 31


def test_buckets_have_the_prefix_and_all_else_its_name() -> None:
    """Names of buckets are global; the others are an account's own."""
    made = of(ACCOUNT, "mine")
    assert (
        "mine-lukman-original-images-capstone",
        "mine-lukman-resized-images-capstone",
    ) == (made.pipeline.originals.name, made.pipeline.thumbnails.name)
    assert {names.FUNCTION, names.STATE_MACHINE, names.API} < {
        each.name for each in made.pipeline.resources
    }


def test_what_uses_the_buckets_knows_them() -> None:
    """The function by its environment, its role by its policy."""
    pipeline = of(ACCOUNT, "mine").pipeline
    buckets = {pipeline.originals.name, pipeline.thumbnails.name}
    assert buckets == set(pipeline.function.environment.values())
    statements = pipeline.function_role.grants(ACCOUNT).permissions["Statement"]
    allowed = {statement["Resource"] for statement in statements}
    assert {
        f"arn:aws:s3:::{pipeline.originals.name}/*",
        f"arn:aws:s3:::{pipeline.originals.name}",
        f"arn:aws:s3:::{pipeline.thumbnails.name}/*",
    } < allowed
    assert not any("::lukman" in each for each in allowed)


def test_without_a_prefix_the_accounts_own_id_is_one() -> None:
    """Nobody else has it, so that a first deployment needs no choice."""
    made = of(ACCOUNT)
    assert made.pipeline.originals.name.startswith("123456789012-lukman-")
    assert "ca-central-1/123456789012" == made.name


def test_whoever_owns_the_given_names_can_have_them() -> None:
    """`none` is a word, for an empty setting counts as unset."""
    assert names.ORIGINAL_BUCKET == of(ACCOUNT, "none").pipeline.originals.name


def test_two_deployments_have_two_names() -> None:
    """By region and by prefix; the name is what all of it is tagged with."""
    elsewhere = Account(ACCOUNT.id, "eu-west-1")
    assert 3 == len({of(ACCOUNT, "a").name, of(ACCOUNT, "b").name, of(elsewhere, "a").name})


def test_the_longest_prefix_makes_the_longest_name() -> None:
    """S3 takes 63 characters; the table of settings says the same number."""
    assert 63 == len(of(ACCOUNT, LONGEST_PREFIX).pipeline.originals.name)
    assert setting_table.problem("BUCKET_PREFIX", LONGEST_PREFIX) is None
    assert setting_table.problem("BUCKET_PREFIX", LONGEST_PREFIX + "p")


@pytest.mark.parametrize(
    "prefix",
    [LONGEST_PREFIX + "p", "Mine", "my_own", "-mine", "xn--mine", "sthree-mine", "amzn-s3-demo-me"],
)
def test_a_prefix_that_makes_no_bucket_name_is_refused(prefix: str) -> None:
    """Before anything is made; S3's rules (General purpose bucket naming rules)."""
    assert setting_table.problem("BUCKET_PREFIX", prefix)
    with pytest.raises(SettingError, match="BUCKET_PREFIX"):
        of(ACCOUNT, prefix)


def test_another_partition_is_refused() -> None:
    """ARNs and addresses there are others; better told than half made."""
    with pytest.raises(ProvisioningError, match="us-gov-west-1 is in partition aws-us-gov"):
        of(Account("123456789012", "us-gov-west-1"), "mine")


def test_a_region_that_is_none_is_told_before_anybody_is_asked() -> None:
    """Its host would be looked for, again and again."""
    with pytest.raises(ProvisioningError, match="AWS_REGION=zz-nowhere-1 is no region"):
        check_region("zz-nowhere-1")
