import pytest

from infra.change import Change, settled


@pytest.mark.parametrize(
    ("created", "updated", "expected"),
    [
        (True, True, Change.CREATED),
        (True, False, Change.CREATED),
        (False, True, Change.UPDATED),
        (False, False, Change.UNCHANGED),
    ],
)
def test_a_new_resource_counts_as_created_only(
    created: bool,  # noqa: FBT001 - a table of cases
    updated: bool,  # noqa: FBT001 - likewise
    expected: Change,
) -> None:
    """What was created is not reported as updated as well."""
    assert expected == settled(created=created, updated=updated)
