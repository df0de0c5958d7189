import pytest

from infra import stack
from infra.change import Change, Ensured, Row


@pytest.mark.parametrize(
    ("endpoint", "expected"),
    [
        (None, "https://abc.execute-api.ca-central-1.amazonaws.com/prod/process"),
        (
            "http://127.0.0.1:4566",
            "http://127.0.0.1:4566/_aws/execute-api/abc/prod/process",
        ),
    ],
)
def test_the_address_fits_the_place(endpoint: str | None, expected: str) -> None:
    """AWS has a host of the API's own; the emulator's address needs no DNS."""
    assert expected == stack.api_url(endpoint=endpoint, region="ca-central-1", api_id="abc")


def test_works_done_together_each_give_a_row() -> None:
    """Every resource is announced once, with what was done, and ids come back by name."""
    rows: list[Row] = []
    works: dict[str, stack.Work] = {
        "bucket": lambda: Change.CREATED,
        "role": lambda: Ensured(Change.UPDATED, "arn"),
    }
    assert {"bucket": "", "role": "arn"} == stack.together(works, rows.append)
    expected = {"bucket": Change.CREATED, "role": Change.UPDATED}
    assert expected == {row.resource: row.change for row in rows}


def test_a_failure_is_raised_after_the_others_have_ended() -> None:
    """Nothing goes on in the background when the error reaches the person."""
    ended: list[str] = []

    def fail() -> Change:
        raise ValueError("no")

    def work() -> Change:
        ended.append("work")
        return Change.CREATED

    with pytest.raises(ValueError, match="no"):
        stack.together({"a": fail, "b": work}, lambda _: None)
    assert ["work"] == ended
