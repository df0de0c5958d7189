"""How commands talk to people: steps with their times, errors without tracebacks."""

from __future__ import annotations

import contextlib
import os
import sys
import time
from collections.abc import Callable, Iterator
from typing import Final, NoReturn

from botocore.exceptions import BotoCoreError, ClientError
from rich.console import Console
from rich.markup import escape

from testbed import aws_errors, settings
from testbed.errors import SettingError, SettingNameError, TestbedError, UnconfirmedError

# What programs exit with that were called wrongly.
MISUSED: Final = 2
PIPE_COLUMNS: Final = 300

out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)


def wide() -> Console:
    """For what may not be cut or folded in a file or a pipe, which have no width."""
    return Console(width=None if out.is_terminal else PIPE_COLUMNS)


@contextlib.contextmanager
def step(what: str) -> Iterator[Callable[[str], None]]:
    """Show *what* is under way, then that it is done and how long it took.

    Gives a function that changes the text while the step runs.
    """
    started = time.monotonic()
    last = what
    with out.status(escape(f"{what} …")) as status:

        def note(text: str) -> None:
            nonlocal last
            last = text
            status.update(escape(f"{text} …"))

        try:
            yield note
        except BaseException:
            out.print(f"[red]✗[/] {escape(last)}")
            raise
    out.print(f"[green]✓[/] {escape(last)} [dim]{time.monotonic() - started:.1f} s[/]")


def run(command: Callable[[], int | None]) -> NoReturn:
    """Run *command* and exit: a person's error is one message, an interrupt is 130."""
    try:
        settings.adopt()
        code = command()
    except (SettingError, SettingNameError, UnconfirmedError) as error:
        fail(str(error), code=MISUSED)
    except TestbedError as error:
        fail(str(error))
    except (ClientError, BotoCoreError) as error:
        fail(_told(error))
    except KeyboardInterrupt:
        err.print("interrupted")
        sys.exit(130)
    except BrokenPipeError:
        sys.stderr.close()  # the reader went away; Python would complain about it at exit
        sys.exit(141)
    sys.exit(code or 0)


def _told(error: ClientError | BotoCoreError) -> str:
    if os.environ.get("TARGET") == "aws":
        return aws_errors.told(error)
    if isinstance(error, ClientError):
        return f"AWS answered: {error}"
    return f"AWS did not answer: {error}\nIs the testbed up? `make status` tells."


def fail(message: str, code: int = 1) -> NoReturn:
    """Print *message* as an error and exit with *code*."""
    err.print("[red bold]error:[/] ", end="")
    err.print(message, markup=False)
    sys.exit(code)
