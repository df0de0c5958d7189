from __future__ import annotations

import http.server
import io
import json
import threading
import zipfile
from collections.abc import Callable, Iterator

import pytest
from botocore.stub import Stubber

from conformance import workshop
from conformance.check import DiffersError
from conformance.clients import EngineClients
from conformance.workshop import Workshop
from testbed.waiting import WaitTimeout

type Serve = Callable[[dict[str, int]], Workshop]


@pytest.fixture
def asked() -> list[str]:
    """Host and path of each request."""
    return []


@pytest.fixture
def serve(asked: list[str]) -> Iterator[Serve]:
    """Begins an emulator that answers by the beginning of the path, else with 404."""
    statuses: dict[str, int] = {}

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked.append(f"{self.headers['Host']} {self.path}")
            found = [s for start, s in statuses.items() if self.path.startswith(start)]
            self.send_response(found[0] if found else 404)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - likewise
            """Say nothing."""

    with http.server.HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()

        def begin(given: dict[str, int]) -> Workshop:
            statuses.update(given)
            return Workshop(EngineClients(f"http://127.0.0.1:{server.server_port}"), 5.0)

        yield begin
        server.shutdown()
        thread.join()


@pytest.mark.parametrize(
    ("statuses", "expected", "requests"),
    [
        ({"/_aws/execute-api/a1/test/tea": 200}, 200, 1),
        ({"/restapis/a1/test/_user_request_/tea": 403}, 403, 2),
        ({"/test/tea": 400}, 400, 3),
        ({"/_aws": 500, "/test/tea": 200}, 200, 3),
        ({"/_aws": 500}, 500, 3),
    ],
)
def test_an_api_is_found_where_emulators_have_it(
    serve: Serve, asked: list[str], statuses: dict[str, int], expected: int, requests: int
) -> None:
    """By the addresses that they are known to have, the last by AWS's own host name."""
    assert expected == serve(statuses).call("a1", "tea", body="{}").status_code
    assert requests == len(asked)
    if requests == 3:
        assert "a1.execute-api.ca-central-1.amazonaws.com /test/tea" == asked[-1]


def test_an_api_that_is_nowhere_differs(serve: Serve) -> None:
    with pytest.raises(DiffersError, match=r"none of the addresses .*\[404, 404, 404\]"):
        serve({}).call("a1", "tea")


def test_a_name_is_new_each_time() -> None:
    """And can be a bucket's, a function's, a role's."""
    shop = Workshop(EngineClients("http://127.0.0.1:9"), 1.0)
    names = {shop.name(), shop.name(), Workshop(shop.clients, 1.0).name()}
    assert 3 == len(names)
    assert all(name.replace("-", "").isalnum() and len(name) < 60 for name in names)


def test_waiting_has_the_time_of_the_check() -> None:
    shop = Workshop(EngineClients("http://127.0.0.1:9"), 0.0)
    with pytest.raises(WaitTimeout, match="a cup not reached within 0 s; last seen: none"):
        shop.until(lambda: (None, "none"), "a cup")


def test_a_bucket_goes_with_its_objects() -> None:
    """Also with older versions; leaving the workshop deletes it."""
    clients = EngineClients("http://127.0.0.1:9")
    with Stubber(clients.aws.s3) as s3:
        s3.add_response("create_bucket", {})
        with Workshop(clients, 5.0) as shop:
            name = shop.bucket()
            s3.add_response(
                "list_object_versions",
                {"Versions": [{"Key": "a", "VersionId": "1"}]},
                {"Bucket": name},
            )
            s3.add_response("delete_object", {}, {"Bucket": name, "Key": "a", "VersionId": "1"})
            s3.add_response("list_objects_v2", {"Contents": [{"Key": "b"}]}, {"Bucket": name})
            s3.add_response("delete_object", {}, {"Bucket": name, "Key": "b"})
            s3.add_response("delete_bucket", {}, {"Bucket": name})
        s3.assert_no_pending_responses()


def test_a_function_that_failed_is_told_at_once() -> None:
    """With the emulator's reason."""
    clients = EngineClients("http://127.0.0.1:9")
    with Stubber(clients.aws.lambda_) as lambda_:
        lambda_.add_response(
            "get_function_configuration", {"State": "Failed", "StateReason": "no image"}
        )
        with pytest.raises(DiffersError, match="cannot run: no image"):
            Workshop(clients, 60.0).settled("f")


def test_an_execution_that_failed_gives_no_output() -> None:
    """Its error is told."""
    clients = EngineClients("http://127.0.0.1:9")
    arn = "arn:aws:states:ca-central-1:000000000000:execution:m:e"
    with Stubber(clients.aws.stepfunctions) as states, Stubber(clients.aws.iam) as iam:
        role = {
            "Path": "/",
            "RoleName": "r",
            "RoleId": "AROA000000000000",
            "Arn": "arn:aws:iam::000000000000:role/r",
            "CreateDate": 1,
        }
        iam.add_response("create_role", {"Role": role})
        iam.add_response("put_role_policy", {})
        states.add_response("create_state_machine", {"stateMachineArn": "m", "creationDate": 1})
        states.add_response("start_execution", {"executionArn": arn, "startDate": 1})
        described = {"executionArn": arn, "stateMachineArn": "m", "startDate": 1}
        states.add_response(
            "describe_execution",
            {**described, "status": "FAILED", "error": "Tea.Cold", "cause": "late"},
        )
        with pytest.raises(DiffersError, match=r"FAILED.*Tea\.Cold.*late"):
            Workshop(clients, 5.0).output({"StartAt": "A"})


def test_code_is_zipped_as_a_module() -> None:
    """Without the indentation that it has here."""
    with zipfile.ZipFile(io.BytesIO(workshop.zipped("\n    x = 1\n"))) as archive:
        assert {"main.py": b"\nx = 1\n"} == {n: archive.read(n) for n in archive.namelist()}


def test_a_policy_allows() -> None:
    document = json.loads(workshop.statement(Action="*", Resource="*"))
    assert [{"Effect": "Allow", "Action": "*", "Resource": "*"}] == document["Statement"]
