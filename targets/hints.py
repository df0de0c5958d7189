"""The launcher's errors as a user of this checkout needs them: with the next step to take."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from localstack_standalone.launcher.errors import (
    LauncherError,
    OtherPortError,
    OtherSettingsError,
    PortTakenError,
    StateFolderError,
    UnknownServicesError,
    UnwellError,
)
from localstack_standalone.launcher.record import Record
from testbed import settings, terminal
from testbed.errors import EmulatorError, SettingError

_NEXT_STEPS: Final[Mapping[type[LauncherError], Callable[[Any], str]]] = {
    StateFolderError: lambda _: (
        ". A testbed empties and removes its folder; name one with STATE_DIR that does not exist "
        "yet, or that is empty"
    ),
    PortTakenError: lambda error: (
        f"; stop that, or choose another port: `make up PORT={error.port + 1}`, or PORT=auto for "
        "any free one"
    ),
    OtherPortError: lambda _: (
        "; `make down` first, or set another STATE_DIR to run a second one beside it"
    ),
    OtherSettingsError: lambda error: (
        f"; `make reset {' '.join(error.named)}` starts it anew with that"
    ),
    UnwellError: lambda _: "\n`make logs` shows its log; `make down` and `make up` start it anew",
}


@contextlib.contextmanager
def worded() -> Iterator[None]:
    """Turn the launcher's errors into ours.

    Raises:
        EmulatorError: in the place of a LauncherError.
        SettingError: where a setting is to blame.
    """
    try:
        yield
    except UnknownServicesError as error:
        there = ", ".join(sorted(error.known))
        allowed = (
            f"names of services that LocalStack has, not {', '.join(error.names)}; it has {there}"
        )
        raise SettingError("SERVICES", settings.for_emulator()["SERVICES"], allowed) from error
    except LauncherError as error:
        hint = _NEXT_STEPS.get(type(error), lambda _: "")
        raise EmulatorError(f"{error}{hint(error)}") from error


def tell_other_port(wanted: settings.Settings, before: int | None, started: Record) -> None:
    """Where any port is as good: say that addresses of *before* lead nowhere now."""
    if wanted.port is None and before not in (None, started.port):
        terminal.err.print(
            f"[yellow]port {before}, which this testbed had before, is taken: it is at "
            f"{started.endpoint} now[/]"
        )
