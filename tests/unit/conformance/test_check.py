from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

from conformance.check import DiffersError, matches, member, refused, same

REFUSAL = ClientError(
    {
        "Error": {"Code": "NoSuchKey", "Message": "It is not there."},
        "ResponseMetadata": {
            "HTTPStatusCode": 404,
            "RequestId": "1",
            "HostId": "",
            "HTTPHeaders": {},
            "RetryAttempts": 0,
        },
    },
    "GetObject",
)


def test_what_differs_is_told_with_both() -> None:
    same("a", 1, 1)
    with pytest.raises(DiffersError, match="a: AWS gives 1, here it is 2"):
        same("a", 1, 2)


@pytest.mark.parametrize("found", ["tea", None, 7, b"mint"])
def test_a_text_without_the_pattern_differs(found: object) -> None:
    """Whatever else it is, too."""
    matches("a", "^mi", "mint")
    with pytest.raises(DiffersError):
        matches("a", "^mi", found)


@pytest.mark.parametrize("found", [{}, {"a": []}, {"a": None}, {"a": [{}]}, [], "a", None])
def test_what_is_missing_in_an_answer_differs(found: object) -> None:
    """An answer of any form comes from an emulator."""
    assert 1 == member("it", {"a": [{"b": 1}]}, "a", 0, "b")
    with pytest.raises(DiffersError, match=r"AWS gives a\.0\.b"):
        member("it", found, "a", 0, "b")


def test_a_refusal_like_awss_is_right() -> None:
    with refused("NoSuchKey", status=404, message="not there"):
        raise REFUSAL


@pytest.mark.parametrize(
    "expected",
    [
        {"code": "NoSuchBucket"},
        {"code": "NoSuchKey", "status": 403},
        {"code": "NoSuchKey", "message": "^there"},
    ],
)
def test_another_refusal_differs(expected: dict[str, object]) -> None:
    with pytest.raises(DiffersError), refused(**expected):  # type: ignore[arg-type]
        raise REFUSAL


def test_what_is_allowed_differs() -> None:
    with pytest.raises(DiffersError, match="here it is allowed"), refused("NoSuchKey"):
        pass
