"""What can go wrong with an emulator; each error carries what it is about, for other words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path


class LauncherError(Exception):
    """An emulator could not be started, reached or stopped; its text says why."""


class StateFolderError(LauncherError):
    """A folder that was named for an emulator is somebody's."""

    def __init__(self, folder: Path, contents: str) -> None:
        super().__init__(f"{folder} is no emulator's folder: in it is {contents}")
        self.folder, self.contents = folder, contents


class PortTakenError(LauncherError):
    """Somebody else listens there; *owner* is who, as far as this user may know."""

    def __init__(self, port: int, owner: str) -> None:
        super().__init__(f"port {port} is taken{f' by {owner}' if owner else ''}")
        self.port, self.owner = port, owner


class OtherTargetError(LauncherError):
    """The emulator of that folder was started in another way than the launcher's."""

    def __init__(self, state_dir: Path, target: str) -> None:
        super().__init__(
            f"the emulator of {state_dir} was started as {target}: whoever did that stops it"
        )


class OtherPortError(LauncherError):
    """The emulator of that folder is up, elsewhere than it is asked for."""

    def __init__(self, state_dir: Path, port: int) -> None:
        super().__init__(f"the emulator of {state_dir} is up on port {port} already")
        self.state_dir, self.port = state_dir, port


class OtherSettingsError(LauncherError):
    """The emulator of that folder is up, and was started without what is asked for."""

    def __init__(self, state_dir: Path, missing: Mapping[str, str]) -> None:
        self.state_dir = state_dir
        self.named = tuple(f"{name}={text}" for name, text in missing.items())
        super().__init__(
            f"the emulator of {state_dir} is up already, and was started without "
            f"{', '.join(self.named)}"
        )


class UnwellError(LauncherError):
    """The emulator of that folder is up, but would not serve a request."""

    def __init__(self, pid: int, seen: str) -> None:
        super().__init__(f"the emulator (process {pid}) is up but not well: {seen}")
        self.pid, self.seen = pid, seen


class StartError(LauncherError):
    """It did not come up; the text has the end of its log."""


class UnknownServicesError(StartError):
    """It was told to serve what LocalStack does not have; it is stopped again."""

    def __init__(self, names: Sequence[str], known: Sequence[str]) -> None:
        super().__init__(
            f"LocalStack has no service {', '.join(names)}; it has {', '.join(sorted(known))}"
        )
        self.names, self.known = names, known


class ForkError(LauncherError):
    """A fork of an emulator could not be made."""
