"""The hooks that LocalStack runs when it starts: state is put back, and kept from then on."""

from __future__ import annotations

import functools
import logging
import os
from pathlib import Path
from types import ModuleType
from typing import Final

import wrapt
from localstack.runtime import get_current_runtime, hooks
from localstack.runtime.shutdown import ON_AFTER_SERVICE_SHUTDOWN_HANDLERS
from localstack.services.plugins import SERVICE_PLUGINS
from localstack.utils.bootstrap import get_enabled_apis

from localstack_standalone.patching import switch
from localstack_standalone.persistence import folder, snapshot
from localstack_standalone.persistence.errors import DamagedStateError, PersistenceError
from localstack_standalone.persistence.folder import SetAside
from localstack_standalone.persistence.handler import Saving
from localstack_standalone.persistence.journal import Journal
from localstack_standalone.persistence.keepers import Keepers
from localstack_standalone.persistence.report import KeptState, StateReport

LOG = logging.getLogger(__name__)

# The folder in which state is kept; nothing is kept without it.
SETTING: Final = "STANDALONE_PERSISTENCE"
_S3: Final = "localstack.services.s3.provider"
_STATES: Final = "localstack.services.stepfunctions.provider"


@hooks.on_infra_start(name="standalone_persistence", priority=-100)
def keep() -> None:
    """Put back what the folder has, and have everything that changes written to it.

    Raises:
        WrongLocalStackError: this LocalStack is not the one that this was written for.
        UnusableFolderError: the folder cannot be read or written.
    """
    place = os.environ.get(SETTING, "").strip()
    if not place:
        StateReport(None).offer()
        return
    switch.require(SETTING)
    try:
        keepers, aside = _restored(Path(place))
    except PersistenceError as error:
        LOG.error("%s", error)  # noqa: TRY400 - the message says all, and the error goes on
        raise
    saving = Saving(keepers)
    get_current_runtime().components.gateway.response_handlers.append(saving)
    ON_AFTER_SERVICE_SHUTDOWN_HANDLERS.register(keepers.close)
    StateReport(KeptState(saving, Path(place), aside)).offer()


@hooks.on_infra_ready(name="standalone_resume")
def go_on() -> None:
    """Go on with what ran when the state was left, now that all of it can be asked for."""
    for handler in get_current_runtime().components.gateway.response_handlers:
        if isinstance(handler, Saving):
            handler.keepers.resume()


def _restored(place: Path) -> tuple[Keepers, SetAside | None]:
    """All that is there; a fresh state where that cannot be read, which is set aside."""
    try:
        snapshot.put_in_place(place)
        return _load(place), None
    except folder.UNREADABLE as error:
        aside = folder.set_aside(place, error)
        LOG.error(  # noqa: TRY400 - the message says all
            "%s. It was set aside in %s, and the emulator starts empty", error, aside.path
        )
        return _load(place), aside


def _load(place: Path) -> Keepers:
    journal = Journal(place)
    keepers = Keepers(journal, frozenset(get_enabled_apis()))
    wrapt.register_post_import_hook(functools.partial(_keep_bytes, journal), _S3)
    # Executions are written from their first event on, which is before an answer to a call.
    wrapt.register_post_import_hook(lambda _provider: keepers.of("stepfunctions"), _STATES)
    try:
        for name in keepers.with_records():
            # First the service: its modules are patched in the order in which it loads them.
            SERVICE_PLUGINS.require(name)
            keeper = keepers.of(name)
            if keeper is not None:
                keeper.restore()
    except Exception as error:
        for keeper in keepers.made():
            keeper.clear()
        journal.close()
        if isinstance(error, PersistenceError):
            raise
        # Whatever it is: what was written by this version can be put back by it.
        raise DamagedStateError(f"it cannot be put back ({error!r})") from error
    return keepers


def _keep_bytes(journal: Journal, provider: ModuleType) -> None:
    from localstack_standalone.persistence.services.s3_storage import KeptObjectStore

    provider.__dict__["EphemeralS3ObjectStore"] = functools.partial(KeptObjectStore, journal)
