"""What large bodies leave behind in the emulator."""

from __future__ import annotations

from collections.abc import Iterator

import psutil
import requests

from tests.conftest import Emulator

LARGE_BYTES = 100_000_000
JSON = {"Content-Type": "application/json"}


def _resident_bytes(emulator: Emulator) -> int:
    resident: int = psutil.Process(emulator.pid).memory_info().rss
    return resident


def _mock_api(emulator: Emulator) -> str:
    client = emulator.aws.apigateway
    api = client.create_rest_api(name="mock")
    api_id, resource = api["id"], api["rootResourceId"]
    client.put_method(
        restApiId=api_id, resourceId=resource, httpMethod="POST", authorizationType="NONE"
    )
    client.put_integration(
        restApiId=api_id,
        resourceId=resource,
        httpMethod="POST",
        type="MOCK",
        requestTemplates={"application/json": '{"statusCode": 200}'},
    )
    client.put_method_response(
        restApiId=api_id, resourceId=resource, httpMethod="POST", statusCode="200"
    )
    client.put_integration_response(
        restApiId=api_id, resourceId=resource, httpMethod="POST", statusCode="200"
    )
    client.create_deployment(restApiId=api_id, stageName="prod")
    return f"{emulator.endpoint}/_aws/execute-api/{api_id}/prod/"


def _chunks() -> Iterator[bytes]:
    """A body whose length is not told."""
    for _ in range(LARGE_BYTES // 1_000_000):
        yield bytes(1_000_000)


def test_large_bodies_are_not_kept(private_emulator: Emulator) -> None:
    """12 refused ones of 100 MB and 24 accepted ones of 10 MB: less stays than of one and ten."""
    address = _mock_api(private_emulator)
    assert 200 == requests.post(address, data=b"{}", headers=JSON, timeout=20).status_code
    before = _resident_bytes(private_emulator)
    refused = bytes(LARGE_BYTES)
    for _ in range(12):
        assert 413 == requests.post(address, data=refused, headers=JSON, timeout=20).status_code
    accepted = b"{" + b" " * 10_000_000 + b"}"
    for _ in range(24):
        assert 200 == requests.post(address, data=accepted, headers=JSON, timeout=20).status_code
    grown = _resident_bytes(private_emulator) - before
    assert grown < LARGE_BYTES


def test_a_body_in_chunks_is_counted_while_it_is_read(emulator: Emulator) -> None:
    """413 although no length was told; the connection may be closed before all of it is sent."""
    address = f"{emulator.endpoint}/_aws/execute-api/abc/prod/"
    answer = requests.post(address, data=_chunks(), headers=JSON, timeout=20)
    assert 413 == answer.status_code
