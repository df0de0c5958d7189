"""Function URLs by path: what of a request's path is the function's."""

from __future__ import annotations

import pytest

from localstack_standalone import function_urls


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("/_aws/lambda-url/abc", "/"),
        ("/_aws/lambda-url/abc/", "/"),
        ("/_aws/lambda-url/abc/tea/green", "/tea/green"),
        ("/_aws/lambda-url/abc//tea", "//tea"),
        ("/tea", "/tea"),
        ("/", "/"),
    ],
)
def test_the_function_is_told_what_is_behind_its_id(path: str, told: str) -> None:
    """A path under a name of its own is its own as it stands."""
    assert told == function_urls.path_within(path)
    assert path.startswith(function_urls.PREFIX) is function_urls.is_by_path(path)
