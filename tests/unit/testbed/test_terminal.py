import io

import pytest
from rich.console import Console

from testbed import terminal
from testbed.errors import TestbedError


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
    assert "✓ started 0.0 s\n" == page.getvalue()


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
