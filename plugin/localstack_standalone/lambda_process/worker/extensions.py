"""The extensions of one environment: who has registered, who is ready, what each is to be told.

STARTED ─register→ REGISTERED ─next→ READY ─event→ RUNNING ─next→ READY …
Internal ones, within the runtime's process, begin REGISTERED.

Sources: https://docs.aws.amazon.com/lambda/latest/dg/runtimes-extensions-api.html, and AWS's own
emulator (https://github.com/aws/aws-lambda-runtime-interface-emulator) for the words of refusals.
"""

from __future__ import annotations

import dataclasses
import enum
import threading
import uuid
from collections.abc import Callable, Sequence
from pathlib import PurePosixPath
from typing import Any, Final

from localstack_standalone.lambda_process.worker.ends import ExtensionError

MOST: Final = 10
INVOKE: Final = "INVOKE"
SHUTDOWN: Final = "SHUTDOWN"
# How long the shutdown may take (AWS's page on the execution environment).
SHUTDOWN_S: Final = 2.0
SHUTDOWN_INTERNAL_S: Final = 0.5


class ExtensionState(enum.Enum):
    """Where an extension is in its life; in the log by these names."""

    STARTED = "Started"
    REGISTERED = "Registered"
    READY = "Ready"
    RUNNING = "Running"
    INIT_ERROR = "InitError"
    EXIT_ERROR = "ExitError"
    LAUNCH_ERROR = "LaunchError"
    EXITED = "Exited"


class ExtensionRefusedError(Exception):
    """A request of an extension that is answered with 403.

    Attributes:
        kind: AWS's type of error.
    """

    def __init__(self, kind: str, why: str) -> None:
        super().__init__(why)
        self.kind = kind


@dataclasses.dataclass
class Extension:
    """One extension.

    Attributes:
        name: of its file, or what an internal one calls itself.
        is_external: whether it is a program of its own.
        identifier: what it shows with each request.
        state: where it is in its life.
        events: those that it wants.
        error_type: what it reported, or why it could not be run.
        told: the event that it has not taken yet.
    """

    name: str
    is_external: bool
    identifier: str = dataclasses.field(default_factory=lambda: str(uuid.uuid4()))
    state: ExtensionState = ExtensionState.STARTED
    events: tuple[str, ...] = ()
    error_type: str = ""
    told: dict[str, Any] | None = None


class Extensions:
    """See the module. All share the lock of *changed*.

    Args:
        programs: paths of external extensions.
        changed: told when anything has.
        on_change: called when an extension has registered, is ready or has failed.
    """

    def __init__(
        self, programs: Sequence[str], changed: threading.Condition, on_change: Callable[[], None]
    ) -> None:
        names = [PurePosixPath(program).name for program in programs]
        self._all = [Extension(name, is_external=True) for name in names]
        self._changed, self._on_change = changed, on_change
        self._fatal = ""  # the first error's type
        self._registering = True
        self._closed = False
        self.fault: ExtensionError | None = None

    @property
    def all(self) -> list[Extension]:
        """Every one, as it stands."""
        return list(self._all)

    @property
    def registered(self) -> bool:
        """Whether no external one has still to register."""
        return all(one.state is not ExtensionState.STARTED for one in self._all)

    @property
    def ready(self) -> bool:
        """Whether every one has asked for the next event."""
        return all(one.state is ExtensionState.READY and one.told is None for one in self._all)

    @property
    def gone(self) -> bool:
        """Whether every external one has ended."""
        ended = {ExtensionState.EXITED, ExtensionState.LAUNCH_ERROR}
        return all(one.state in ended for one in self._all if one.is_external)

    @property
    def shutdown_s(self) -> float:
        """How long their shutdown may take; 0 where there are none."""
        if any(one.is_external for one in self._all):
            return SHUTDOWN_S
        return SHUTDOWN_INTERNAL_S if self._all else 0.0

    # What the emulator tells them.

    def close_registration(self) -> None:
        """The init phase is over: no further internal extension may register."""
        with self._changed:
            self._registering = False

    def invoke(self, event: dict[str, Any]) -> None:
        """Tell those that want it of an event for the function."""
        with self._changed:
            for one in self._all:
                if INVOKE in one.events:
                    one.told = event
            self._changed.notify_all()

    def shut_down(self, reason: str, deadline_ms: int) -> None:
        """Tell the external ones that want it that all of this ends."""
        event = {"eventType": SHUTDOWN, "shutdownReason": reason, "deadlineMs": deadline_ms}
        with self._changed:
            for one in self._all:
                if SHUTDOWN in one.events:
                    one.told = event
            self._changed.notify_all()

    def waits_for_shutdown(self) -> bool:
        """Whether one that wants to be told of the end has not ended."""
        return any(
            SHUTDOWN in one.events and one.state is not ExtensionState.EXITED for one in self._all
        )

    def ended(self, name: str, how: str) -> None:
        """The process of the external one *name* has ended; in AWS's words, *how*."""
        with self._changed:
            one = next(one for one in self._all if one.is_external and one.name == name)
            if one.state is not ExtensionState.LAUNCH_ERROR:
                one.state = ExtensionState.EXITED
                self._fail("Extension.Crash", how)

    def not_launched(self, name: str, why: str) -> None:
        """The external one *name* could not be run at all."""
        with self._changed:
            one = next(one for one in self._all if one.is_external and one.name == name)
            denied = why.endswith("permission denied")
            one.error_type = "PermissionDenied" if denied else "UnknownError"
            one.state = ExtensionState.LAUNCH_ERROR
            self._fail("Extension.LaunchError", why)

    def close(self) -> None:
        """Nobody gets an event any more."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    # What they ask for.

    def register(self, name: str, events: Sequence[str]) -> str:
        """Have *name* get *events*; its identifier.

        Raises:
            ExtensionRefusedError: AWS does not take that.
        """
        if not name:
            raise ExtensionRefusedError("Extension.InvalidExtensionName", "Empty extension name")
        with self._changed:
            external = [one for one in self._all if one.is_external and one.name == name]
            for event in events:
                if event not in ((INVOKE, SHUTDOWN) if external else (INVOKE,)):
                    internal = event == SHUTDOWN
                    why = "ShutdownEventNotSupportedForInternalExtension" if internal else ""
                    why = f"{event}: {why or 'ErrorInvalidEventType'}"
                    raise ExtensionRefusedError("Extension.InvalidEventType", why)
            one = external[0] if external else self._internal(name)
            if one.state is not ExtensionState.STARTED:
                raise self._out_of_order(one, ExtensionState.REGISTERED)
            one.state, one.events = ExtensionState.REGISTERED, tuple(dict.fromkeys(events))
            self._tell_change()
            return one.identifier

    def next_event(self, identifier: str) -> dict[str, Any] | None:
        """Block until there is an event for an extension; None when there will be none.

        Raises:
            ExtensionRefusedError: there is no such extension, or it waits already.
        """
        with self._changed:
            one = self._find(identifier)
            if one.state not in {ExtensionState.REGISTERED, ExtensionState.RUNNING}:
                raise self._out_of_order(one, ExtensionState.READY)
            one.state = ExtensionState.READY
            self._tell_change()
            self._changed.wait_for(lambda: one.told is not None or self._closed)
            if one.told is None:
                return None
            event, one.told = one.told, None
            one.state = ExtensionState.RUNNING
            return event

    def failed(self, identifier: str, error_type: str, state: ExtensionState) -> None:
        """An extension reports an error of its init, or before it exits.

        Raises:
            ExtensionRefusedError: there is no such extension, or it cannot be in *state*.
        """
        with self._changed:
            one = self._find(identifier)
            started = one.state in {ExtensionState.READY, ExtensionState.RUNNING}
            if state is ExtensionState.INIT_ERROR and started:
                raise self._out_of_order(one, state)
            one.state, one.error_type = state, error_type
            self._fatal = self._fatal or f"Extension.{state.value}"
            self._tell_change()

    def _internal(self, name: str) -> Extension:
        if not self._registering:
            raise ExtensionRefusedError(
                "Extension.RegistrationClosed", "Extension registration closed already"
            )
        if any(one.name == name for one in self._all):
            raise ExtensionRefusedError(
                "Extension.InvalidExtensionState", "Extension with this name already registered"
            )
        if len(self._all) >= MOST:
            raise ExtensionRefusedError(
                "Extension.TooManyExtensions", f"Extension limit ({MOST}) reached"
            )
        self._all.append(Extension(name, is_external=False))
        return self._all[-1]

    def _find(self, identifier: str) -> Extension:
        for one in self._all:
            if one.identifier == identifier:
                return one
        raise ExtensionRefusedError(
            "Extension.UnknownExtensionIdentifier", f"Unknown extension {identifier}"
        )

    def _out_of_order(self, one: Extension, wanted: ExtensionState) -> ExtensionRefusedError:
        return ExtensionRefusedError(
            "Extension.InvalidExtensionState",
            f"State transition from {one.state.value} to {wanted.value} failed for extension "
            f"{one.name}. Error: State transition is not allowed",
        )

    def _fail(self, kind: str, why: str) -> None:
        self._fatal = self._fatal or kind
        if self.fault is None:
            self.fault = ExtensionError(self._fatal, why)
        self._tell_change()

    def _tell_change(self) -> None:
        self._changed.notify_all()
        self._on_change()
