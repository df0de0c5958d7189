"""Fixtures for any project: an emulator for a session, and a fresh fork of it for each test.

Every pytest of an environment that has the plugin loads this. Nothing of ours is imported, and
nothing is started, until a fixture is asked for.
"""

from __future__ import annotations

import contextlib
import os
import warnings
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from localstack_standalone.clients import RunningEmulator
    from localstack_standalone.launcher.emulator import Installation
    from localstack_standalone.launcher.forks import Parent
    from localstack_standalone.launcher.record import Record
    from localstack_standalone.state_outcome import TestedMachine


class FullStartWarning(pytest.PytestWarning):
    """Forks cannot be had, so that each is a full start: the same, and slower by seconds."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """The options of an ini file."""
    parser.addini("localstack_services", "what the emulator serves (all)", type="args")
    parser.addini("localstack_settings", "LocalStack's settings, NAME=value", type="linelist")
    parser.addini("localstack_runtimes", "Lambda's Pythons beside pytest's own", type="args")


@pytest.fixture(scope="session")
def localstack_installation(pytestconfig: pytest.Config) -> Installation:
    """What emulators are started with: this environment's LocalStack, by the ini file's options."""
    from localstack_standalone import installation
    from localstack_standalone.launcher import service_names

    def progress(words: str) -> None:
        capture = pytestconfig.pluginmanager.getplugin("capturemanager")
        with capture.global_and_fixture_disabled() if capture else contextlib.nullcontext():
            print(f"\n{words}", flush=True)

    return installation.here(
        runtimes_wanted=pytestconfig.getini("localstack_runtimes"),
        services=service_names.chosen(pytestconfig.getini("localstack_services")),
        settings=installation.settings_of(pytestconfig.getini("localstack_settings")),
        progress=progress,
    )


@pytest.fixture(scope="session")
def localstack_parent_setup() -> Callable[[RunningEmulator], object]:
    """Yours to override: fills an emulator with what every test shall find."""
    return lambda _emulator: None


@pytest.fixture(scope="session")
def localstack_parent(
    localstack_installation: Installation,
    localstack_parent_setup: Callable[[RunningEmulator], object],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Parent]:
    """What the session's emulators are forks of; filled once, and nobody else's."""
    from localstack_standalone.clients import RunningEmulator
    from localstack_standalone.launcher import forks

    def fill(known: Record, state_dir: Path) -> None:
        localstack_parent_setup(RunningEmulator(known.endpoint, state_dir))

    reason = forks.obstacle(localstack_installation)
    if reason:
        words = f"each fresh emulator is a full start, not a fork: {reason}"
        warnings.warn(FullStartWarning(words), stacklevel=1)
    home = tmp_path_factory.mktemp("localstack-parent")
    with forks.parent(home, localstack_installation, fill) as made:
        yield made


@pytest.fixture(scope="session")
def localstack(
    localstack_parent: Parent, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RunningEmulator]:
    """One emulator for the whole session."""
    with forked(localstack_parent, tmp_path_factory.mktemp("localstack")) as emulator:
        yield emulator


@pytest.fixture
def localstack_fork(
    localstack_parent: Parent, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[RunningEmulator]:
    """An emulator for one test; the environment variables of the test lead to it."""
    with forked(localstack_parent, tmp_path / "localstack") as emulator:
        led = emulator.environ(os.environ)
        for name in os.environ.keys() - led.keys():
            monkeypatch.delenv(name)
        for name in led:
            monkeypatch.setenv(name, led[name])
        yield emulator


@pytest.fixture(scope="session")
def localstack_machine(
    localstack: RunningEmulator,
) -> Callable[[str | Mapping[str, Any]], TestedMachine]:
    """Gives a definition, a text or an object, as a machine whose states are run alone."""
    from localstack_standalone.state_outcome import TestedMachine

    states = localstack.client("stepfunctions")
    return lambda definition: TestedMachine(states, definition)


@contextlib.contextmanager
def forked(parent: Parent, state_dir: Path) -> Iterator[RunningEmulator]:
    """A fork of *parent* in *state_dir*, for as long as the block runs."""
    from localstack_standalone.clients import RunningEmulator
    from localstack_standalone.launcher import forks

    known = parent.fork(state_dir)
    try:
        yield RunningEmulator(known.endpoint, state_dir)
    finally:
        forks.stop(state_dir)
