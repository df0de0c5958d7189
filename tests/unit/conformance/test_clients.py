from __future__ import annotations

from typing import Any

import pytest

from conformance import clients
from conformance.clients import EndpointError


@pytest.mark.parametrize(
    ("endpoint", "expected"),
    [
        ("http://127.0.0.1:4566", "http://127.0.0.1:4566"),
        ("http://localhost:4566/", "http://localhost:4566"),
        ("http://[::1]:1234", "http://[::1]:1234"),
    ],
)
def test_an_emulator_of_this_machine_is_taken(endpoint: str, expected: str) -> None:
    assert expected == clients.checked(endpoint)


@pytest.mark.parametrize(
    "endpoint",
    [
        *("", "4566", "localhost:4566", "ftp://localhost", "http://", "http://localhost:x"),
        *("http://localhost:4566/path", "http://localhost?a=b", "http://me@localhost:4566"),
    ],
)
def test_what_is_no_base_url_is_refused(endpoint: str) -> None:
    """It names the setting, and gives an example."""
    with pytest.raises(EndpointError, match="is no base URL, such as"):
        clients.checked(endpoint, any_host=True)


@pytest.mark.parametrize(
    "endpoint",
    ["https://s3.amazonaws.com", "http://127.0.0.1.example:4566", "http://10.0.0.1:4566"],
)
def test_another_machine_needs_to_be_allowed(endpoint: str) -> None:
    """Resources are made and deleted there."""
    with pytest.raises(EndpointError, match=r"is not this machine.*ANY_HOST=1"):
        clients.checked(endpoint)
    assert endpoint == clients.checked(endpoint, any_host=True)


def test_nothing_is_asked_twice() -> None:
    """A second request after an error would be another question."""
    config: Any = clients.EngineClients("http://127.0.0.1:9").aws.s3.meta.config
    assert 1 == config.retries["total_max_attempts"]
    assert "path" == config.s3["addressing_style"]
