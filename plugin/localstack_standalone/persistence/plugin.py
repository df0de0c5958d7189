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
from localstack_standalone.persistence import folder
from localstack_standalone.persistence.errors import DamagedStateError, PersistenceError
from localstack_standalone.persistence.handler import Saving
from localstack_standalone.persistence.journal import Journal
from localstack_standalone.persistence.keepers import Keepers

LOG = logging.getLogger(__name__)

# The folder in which state is kept; nothing is kept without it.
SETTING: Final = "STANDALONE_PERSISTENCE"
_S3: Final = "localstack.services.s3.provider"


@hooks.on_infra_start(name="standalone_persistence", priority=-100)
def keep() -> None:
    """Put back what the folder has, and have everything that changes written to it.

    Raises:
        WrongLocalStackError: this LocalStack is not the one that this was written for.
        NotSavedError: the folder cannot be written.
    """
    place = os.environ.get(SETTING, "").strip()
    if not place:
        return
    switch.require(SETTING)
    keepers = _restored(Path(place))
    get_current_runtime().components.gateway.response_handlers.append(Saving(keepers))
    ON_AFTER_SERVICE_SHUTDOWN_HANDLERS.register(keepers.close)


@hooks.on_infra_ready(name="standalone_resume")
def go_on() -> None:
    """Go on with what ran when the state was left, now that all of it can be asked for."""
    for handler in get_current_runtime().components.gateway.response_handlers:
        if isinstance(handler, Saving):
            handler.keepers.resume()


def _restored(place: Path) -> Keepers:
    """All that is there; a fresh state where that cannot be read."""
    try:
        return _load(place)
    except folder.UNREADABLE as error:
        aside = folder.set_aside(place, error)
        LOG.error(  # noqa: TRY400 - the message says all
            "%s. It was set aside in %s, and the emulator starts empty", error, aside
        )
        return _load(place)


def _load(place: Path) -> Keepers:
    journal = Journal(place)
    keepers = Keepers(journal, frozenset(get_enabled_apis()))
    wrapt.register_post_import_hook(functools.partial(_keep_bytes, journal), _S3)
    try:
        for keeper in keepers.with_records():
            SERVICE_PLUGINS.require(keeper.name)
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
