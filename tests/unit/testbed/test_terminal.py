import io
import re

import pytest
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    EndpointConnectionError,
    NoCredentialsError,
)
from rich.console import Console

from testbed import terminal
from testbed.errors import TestbedError, UnconfirmedError


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    page = io.StringIO()
    monkeypatch.setattr(terminal, "out", Console(file=page))
    monkeypatch.setattr(terminal, "err", Console(file=page))
    return page


def test_a_step_ends_with_its_last_note_and_time(page: io.StringIO) -> None:
    """A log file without a terminal gets one line a step."""
    with terminal.step("start") as note:
        note("started")
    assert re.fullmatch(r"✓ started \d+\.\d s\n", page.getvalue())


def test_a_failed_step_is_marked_and_the_error_goes_on(page: io.StringIO) -> None:
    """A step hides no error."""
    with pytest.raises(TestbedError), terminal.step("start"):
        raise TestbedError("no")
    assert "✗ start\n" == page.getvalue()


@pytest.mark.parametrize(("answer", "code"), [(None, 0), (0, 0), (1, 1)])
def test_a_commands_answer_is_its_exit_code(answer: int | None, code: int) -> None:
    """None and 0 are success."""
    with pytest.raises(SystemExit) as caught:
        terminal.run(lambda: answer)
    assert code == caught.value.code


def test_an_error_for_people_is_one_message(page: io.StringIO) -> None:
    """Brackets in a message are text, not styles; the exit code is 1."""

    def command() -> int:
        raise TestbedError("bad key 'a[/]b'")

    with pytest.raises(SystemExit) as caught:
        terminal.run(command)
    assert (1, "error: bad key 'a[/]b'\n") == (caught.value.code, page.getvalue())


def test_an_interrupt_is_130(page: io.StringIO) -> None:
    """As a shell counts SIGINT."""

    def command() -> int:
        raise KeyboardInterrupt

    with pytest.raises(SystemExit) as caught:
        terminal.run(command)
    assert (130, "interrupted\n") == (caught.value.code, page.getvalue())


@pytest.mark.parametrize(
    ("error", "asks"),
    [
        (ClientError({"Error": {"Code": "InvalidName", "Message": "no"}}, "StartExecution"), False),
        (EndpointConnectionError(endpoint_url="http://127.0.0.1:9"), True),
    ],
)
def test_whether_the_testbed_is_up_is_asked_where_nobody_answered(
    page: io.StringIO, error: ClientError | BotoCoreError, *, asks: bool
) -> None:
    """What answers is up, and its answer says what is wrong."""

    def command() -> None:
        raise error

    with pytest.raises(SystemExit):
        terminal.run(command)
    assert asks == ("Is the testbed up?" in page.getvalue()), page.getvalue()


def test_what_could_not_be_asked_is_a_wrong_call(page: io.StringIO) -> None:
    """A CI job that forgot YES=1 ends as one with a misspelt setting does."""

    def command() -> None:
        raise UnconfirmedError("YES=1")

    with pytest.raises(SystemExit) as caught:
        terminal.run(command)
    assert (2, "error: YES=1\n") == (caught.value.code, page.getvalue())


def test_on_aws_an_error_says_what_to_do(
    page: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Credentials are a person's own to mend; an emulator takes any."""
    monkeypatch.setenv("TARGET", "aws")

    def command() -> None:
        raise NoCredentialsError

    with pytest.raises(SystemExit):
        terminal.run(command)
    assert "`aws configure`" in page.getvalue()
    assert "Is the testbed up?" not in page.getvalue()
