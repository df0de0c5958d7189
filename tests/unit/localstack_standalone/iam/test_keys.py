from __future__ import annotations

import pytest

from localstack_standalone.iam import keys

SCOPE = "20260101/us-east-1/s3/aws4_request"


@pytest.mark.parametrize(
    ("headers", "query", "expected"),
    [
        ({"Authorization": f"AWS4-HMAC-SHA256 Credential=AKIA1/{SCOPE}, Signature=1"}, {}, "AKIA1"),
        ({"Authorization": "AWS AKIA1:signature"}, {}, "AKIA1"),
        ({}, {"X-Amz-Credential": f"AKIA2/{SCOPE}"}, "AKIA2"),
        ({}, {"AWSAccessKeyId": "AKIA3"}, "AKIA3"),
        ({}, {}, None),
        ({"Authorization": "Bearer token"}, {}, None),
    ],
)
def test_a_key_is_found_wherever_a_signature_has_it(
    headers: dict[str, str], query: dict[str, str], expected: str | None
) -> None:
    """In the header of versions 4 and 2, and in a presigned URL of each."""
    assert expected == keys.of(headers, query)


def test_a_presigned_url_is_its_signer_s_though_localstack_adds_a_key() -> None:
    """LocalStack signs what has no header, with a key of nobody's."""
    injected = {"Authorization": f"AWS4-HMAC-SHA256 Credential={keys.INJECTED}/{SCOPE}"}
    assert "AKIA2" == keys.of(injected, {"X-Amz-Credential": f"AKIA2/{SCOPE}"})
    assert keys.of(injected, {}) is None


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("AKIAQAAAAAAAGMKEM7X5", True),
        ("ASIAQAAAAAAAGMKEM7X5", True),
        ("LSIAQAAAAAAAGMKEM7X5", True),
        ("test", False),
        ("000000000000", False),
        (keys.INTERNAL, False),
    ],
)
def test_only_keys_of_iam_s_form_are_looked_for(key: str, *, expected: bool) -> None:
    """``test`` and a bare account are administrators, and cost no look."""
    assert expected is keys.may_be_known(key)
