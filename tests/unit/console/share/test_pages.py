"""The class's pages: they show, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from console.share import pages
from console.share.link import ClassLink
from tests.support.asgi import AppClient
from tests.support.fake_step_functions import StepFunctions

if TYPE_CHECKING:
    from console.watch import WatchedTestbed

LINK = ClassLink("192.168.1.20", 8765, "secret")


@pytest.fixture
def student(watch: WatchedTestbed) -> AppClient:
    return AppClient(pages.app(watch, LINK), "http://192.168.1.20:8765")


def test_the_latest_executions_are_listed(student: AppClient, sfn: StepFunctions) -> None:
    """With a link to each; the page may do nothing but be looked at, and looks again by itself."""
    sfn.start("one<b>")
    sfn.start("two", status="FAILED")
    answer = student.get("/secret/")
    assert 200 == answer.status_code
    assert 'href="executions/two"' in answer.text
    assert "one&lt;b&gt;" in answer.text
    assert [pages.LISTED] == sfn.listed
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")
    assert ("no-referrer", "5") == (answer.headers["referrer-policy"], answer.headers["refresh"])


@pytest.mark.parametrize("path", ["/secreT/", "/secret", "/", "/executions", "/secret/objects"])
def test_what_is_not_the_link_is_not_there(student: AppClient, path: str) -> None:
    """Nor does it lead anywhere."""
    assert (404, False) == ((answer := student.get(path)).status_code, "execution" in answer.text)


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
def test_nothing_is_changed(student: AppClient, method: str) -> None:
    """The link's own pages included."""
    for path in ("/secret/", "/secret/latest", "/batches/x/files"):
        assert 405 == student.ask(method, path).status_code


def test_another_host_name_is_refused(watch: WatchedTestbed) -> None:
    """A page elsewhere that has its name point here gets nothing."""
    stranger = AppClient(pages.app(watch, LINK), "http://evil.example:8765")
    assert 400 == stranger.get("/secret/").status_code


def test_what_the_testbed_does_not_have_is_told(student: AppClient, sfn: StepFunctions) -> None:
    """In words, which are no markup."""
    told = {"Error": {"Code": "ExecutionDoesNotExist", "Message": "gone <b>"}}
    sfn.failure = sfn.exceptions.ExecutionDoesNotExist(told, "DescribeExecution")
    answer = student.get("/secret/executions/gone")
    assert 404 == answer.status_code
    assert "Nothing to see now" in answer.text
    assert "<b>" not in answer.text
