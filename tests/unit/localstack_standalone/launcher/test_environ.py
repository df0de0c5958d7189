from __future__ import annotations

from localstack_standalone.launcher import environ


def test_an_emulator_is_told_what_to_serve_and_where() -> None:
    """Address, runtimes and services; all services where none is named."""
    where = {"listen": "127.0.0.1:1", "reached_at": "127.0.0.1:2"}
    some = environ.common(**where, runtimes={"a": "/a", "b": "/b"}, services=("s3", "sts"))
    assert ("127.0.0.1:1", "127.0.0.1:2") == (some["GATEWAY_LISTEN"], some["LOCALSTACK_HOST"])
    assert "a=/a:b=/b" == some["LAMBDA_PROCESS_RUNTIMES"]
    assert ("s3,sts", "1") == (some["SERVICES"], some["STRICT_SERVICE_LOADING"])
    assert not {"SERVICES", "STRICT_SERVICE_LOADING"} & environ.common(**where, runtimes={}).keys()
