from __future__ import annotations

import requests

from tests.conftest import Emulator


def test_an_answer_of_s3_names_its_server(emulator: Emulator) -> None:
    """AmazonS3, on successes and errors; no other service says so."""
    listed = emulator.aws.s3.list_buckets()["ResponseMetadata"]["HTTPHeaders"]
    assert "AmazonS3" == listed["server"]
    missing = requests.get(f"{emulator.endpoint}/no-such-bucket-here/k", timeout=20)
    assert (404, "AmazonS3") == (missing.status_code, missing.headers["Server"])
    functions = emulator.aws.lambda_.list_functions()["ResponseMetadata"]["HTTPHeaders"]
    assert "server" not in functions
