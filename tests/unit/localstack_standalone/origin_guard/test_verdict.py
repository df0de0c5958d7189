"""What becomes of a request: the table of the module, cell by cell."""

from __future__ import annotations

import itertools

import pytest

from localstack_standalone.origin_guard.destination import (
    Destination,
    changes_unsigned,
    destination_of,
)
from localstack_standalone.origin_guard.sender import Sender
from localstack_standalone.origin_guard.verdict import Verdict, judge

PAGES = (Sender.OWN_PAGE, Sender.FOREIGN_PAGE)


@pytest.mark.parametrize(
    ("host", "path", "destination"),
    [
        ("localhost:4566", "/_aws/execute-api/abc/prod/process", Destination.API),
        ("localhost:4566", "/restapis/abc/prod/_user_request_/process", Destination.API),
        ("abc.execute-api.localhost:4566", "/prod/process", Destination.API),
        ("abc.lambda-url.ca-central-1.localhost:4566", "/", Destination.FUNCTION_URL),
        ("site.s3-website.localhost:4566", "/index.html", Destination.WEBSITE),
        ("localhost:4566", "/", Destination.SERVICE),
        ("localhost:4566", "/2015-03-31/functions", Destination.SERVICE),
        ("localhost:4566", "/restapis/abc/resources", Destination.SERVICE),
        ("localhost:4566", "/bucket/_aws/execute-api/x", Destination.SERVICE),
        ("bucket.s3.localhost:4566", "/key", Destination.SERVICE),
        ("abc.execute-api.localhost:4566", "/_localstack/health", Destination.SERVICE),
        ("abc.lambda-url.x.localhost", "/_aws/lambda/init", Destination.SERVICE),
        ("evil-execute-api.localhost", "/", Destination.SERVICE),
    ],
)
def test_a_destination_is_known_by_name_and_path(
    host: str, path: str, destination: Destination
) -> None:
    """What pages may call is told apart from what runs and changes things."""
    assert destination == destination_of(host, path)


@pytest.mark.parametrize("sender", [Sender.PROGRAM, Sender.ADDRESS_BAR])
def test_programs_and_persons_pass(sender: Sender) -> None:
    """SDKs, curl, and an address that is typed: everywhere."""
    verdicts = {
        judge(sender, destination, method, cors=cors)
        for destination, method, cors in itertools.product(
            Destination, ("GET", "POST", "DELETE"), (True, False)
        )
    }
    assert {Verdict.PASS} == verdicts


@pytest.mark.parametrize(
    ("destination", "method", "verdict"),
    [
        (Destination.API, "POST", Verdict.PASS),
        (Destination.FUNCTION_URL, "POST", Verdict.PASS),
        (Destination.WEBSITE, "GET", Verdict.PASS),
        (Destination.WEBSITE, "POST", Verdict.REFUSE),
        (Destination.SERVICE, "GET", Verdict.REFUSE),
        (Destination.SERVICE, "POST", Verdict.REFUSE),
    ],
)
def test_a_page_of_the_emulators_own(
    destination: Destination, method: str, verdict: Verdict
) -> None:
    """It may call the APIs that it belongs to, and no service."""
    assert verdict == judge(Sender.OWN_PAGE, destination, method, cors=False)


@pytest.mark.parametrize(
    ("destination", "cors", "verdict"),
    [
        (Destination.API, True, Verdict.ASK_API),
        (Destination.API, False, Verdict.REFUSE),
        (Destination.SERVICE, True, Verdict.ASK_BUCKET),
        (Destination.SERVICE, False, Verdict.REFUSE),
        (Destination.WEBSITE, True, Verdict.REFUSE),
        (Destination.FUNCTION_URL, True, Verdict.REFUSE),
    ],
)
def test_a_foreign_page(destination: Destination, verdict: Verdict, *, cors: bool) -> None:
    """It is let through where the user's own API or bucket says so, and nowhere else."""
    assert verdict == judge(Sender.FOREIGN_PAGE, destination, "POST", cors=cors)


@pytest.mark.parametrize(
    ("method", "query", "changes"),
    [
        ("GET", {"Action", "UserName", "Version"}, True),
        ("HEAD", {"Action"}, True),
        ("GET", {"action"}, True),
        ("GET", {"Action", "X-Amz-Signature"}, False),
        ("GET", {"Action", "Signature", "AWSAccessKeyId"}, False),
        ("GET", {"list-type"}, False),
        ("POST", {"Action"}, False),
    ],
)
def test_an_unsigned_action_in_an_address(method: str, query: set[str], *, changes: bool) -> None:
    """What an image could carry is refused, as AWS refuses it."""
    service = Destination.SERVICE
    assert changes == changes_unsigned(method, frozenset(query), service, authorized=False)
    assert not changes_unsigned(method, frozenset(query), service, authorized=True)
    assert not changes_unsigned(method, frozenset(query), Destination.API, authorized=False)
