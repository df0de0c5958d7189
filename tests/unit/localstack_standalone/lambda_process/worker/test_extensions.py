"""Extensions as their environment sees them."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from localstack_standalone.lambda_process.worker.extensions import (
    MOST,
    SHUTDOWN_INTERNAL_S,
    SHUTDOWN_S,
    ExtensionRefusedError,
    Extensions,
    ExtensionState,
)
from testbed import waiting


def made(*programs: str) -> Extensions:
    return Extensions(programs, threading.Condition(), lambda: None)


def ask(extensions: Extensions, identifier: str) -> list[object]:
    """Ask for the next event from another thread; what is there once it comes."""
    events: list[object] = []
    asking: Callable[[], None] = lambda: events.append(extensions.next_event(identifier))  # noqa: E731
    threading.Thread(target=asking, daemon=True).start()
    return events


def until(condition: Callable[[], bool], what: str) -> None:
    waiting.until(lambda: (condition() or None, ""), what, timeout_s=5)


def test_external_ones_register_then_are_ready() -> None:
    """By the names of their files."""
    extensions = made("/opt/extensions/a", "/opt/extensions/b")
    registered = [extensions.registered]
    ids = [extensions.register(name, ["INVOKE"]) for name in "ab"]
    assert [False, True] == [*registered, extensions.registered]
    assert not extensions.ready
    for identifier in ids:
        ask(extensions, identifier)
    until(lambda: extensions.ready, "ready")
    assert SHUTDOWN_S == extensions.shutdown_s
    extensions.close()


def test_an_event_is_for_those_that_want_it() -> None:
    """Who wants none stays ready, and the event ends without it."""
    extensions = made("/opt/extensions/a", "/opt/extensions/b")
    wants = ask(extensions, extensions.register("a", ["INVOKE", "SHUTDOWN"]))
    not_ = ask(extensions, extensions.register("b", []))
    until(lambda: extensions.ready, "ready")
    extensions.invoke({"eventType": "INVOKE"})
    assert not extensions.ready
    until(lambda: bool(wants), "the event")
    assert ([{"eventType": "INVOKE"}], []) == (wants, not_)
    states = [one.state for one in extensions.all]
    assert [ExtensionState.RUNNING, ExtensionState.READY] == states
    extensions.close()
    until(lambda: not_ == [None], "hung up")


def test_the_end_is_told_to_those_that_want_it() -> None:
    """And waited for as long as they have not ended."""
    extensions = made("/opt/extensions/a")
    told = ask(extensions, extensions.register("a", ["SHUTDOWN"]))
    until(lambda: extensions.ready, "ready")
    extensions.shut_down("timeout", 17)
    until(lambda: bool(told), "the event")
    assert [{"eventType": "SHUTDOWN", "shutdownReason": "timeout", "deadlineMs": 17}] == told
    assert extensions.waits_for_shutdown()
    extensions.ended("a", "exit code 0")
    assert not extensions.waits_for_shutdown()


@pytest.mark.parametrize(
    ("reported", "kind"),
    [
        (None, "Extension.Crash"),
        (ExtensionState.INIT_ERROR, "Extension.InitError"),
        (ExtensionState.EXIT_ERROR, "Extension.ExitError"),
    ],
)
def test_the_first_error_counts(reported: ExtensionState | None, kind: str) -> None:
    """What it reported before it ended, in the words of its end."""
    extensions = made("/opt/extensions/a")
    identifier = extensions.register("a", [])
    if reported is not None:
        extensions.failed(identifier, "Extension.Mine", reported)
        assert extensions.fault is None
    extensions.ended("a", "exit status 1")
    assert extensions.fault is not None
    assert (kind, "exit status 1") == (extensions.fault.kind, extensions.fault.why)


def test_one_that_cannot_be_run() -> None:
    """Is no crash, though the process that was to run it ends."""
    extensions = made("/opt/extensions/a")
    extensions.not_launched("a", "fork/exec /opt/extensions/a: permission denied")
    extensions.ended("a", "exit status 1")
    assert extensions.fault is not None
    assert "Extension.LaunchError" == extensions.fault.kind
    (one,) = extensions.all
    assert (ExtensionState.LAUNCH_ERROR, "PermissionDenied") == (one.state, one.error_type)


def refused(extensions: Extensions, name: str, *events: str) -> str:
    with pytest.raises(ExtensionRefusedError) as caught:
        extensions.register(name, events)
    return caught.value.kind


def test_what_is_refused() -> None:
    """In AWS's types."""
    extensions = made("/opt/extensions/a")
    assert "Extension.InvalidExtensionName" == refused(extensions, "")
    assert "Extension.InvalidEventType" == refused(extensions, "a", "ANY")
    assert "Extension.InvalidEventType" == refused(extensions, "inner", "SHUTDOWN")
    extensions.register("a", [])
    assert "Extension.InvalidExtensionState" == refused(extensions, "a")
    for number in range(MOST - 1):
        extensions.register(f"inner-{number}", ["INVOKE"])
    assert "Extension.InvalidExtensionState" == refused(extensions, "inner-0")
    assert "Extension.TooManyExtensions" == refused(extensions, "one-more")
    extensions.close_registration()
    assert "Extension.RegistrationClosed" == refused(extensions, "late")
    with pytest.raises(ExtensionRefusedError, match="Unknown extension nobody"):
        extensions.next_event("nobody")


def test_internal_ones_have_less_time() -> None:
    """And where there are none there is nothing to wait for."""
    extensions = made()
    assert (0.0, True, True) == (extensions.shutdown_s, extensions.ready, extensions.registered)
    extensions.register("inner", ["INVOKE"])
    assert SHUTDOWN_INTERNAL_S == extensions.shutdown_s
