"""The hook that LocalStack runs when it starts: has every wanted patch made."""

from __future__ import annotations

import functools
import importlib
import logging
import os
from types import ModuleType

from localstack.runtime import hooks
from localstack.version import version

from localstack_standalone.parity import registry, switch
from localstack_standalone.parity.on_import import when_imported

LOG = logging.getLogger(__name__)

WRITTEN_FOR = "4.14.0"


class WrongLocalStackError(RuntimeError):
    """The patches were written for another LocalStack than the one that runs."""


@hooks.on_infra_start(name="standalone_parity")
def apply() -> None:
    """Have every wanted patch made as soon as its module is there.

    Raises:
        SwitchError: STANDALONE_PARITY names a patch that is none.
        WrongLocalStackError: this LocalStack is not the one that the patches were written for.
    """
    try:
        wanted = _wanted()
    except (switch.SwitchError, WrongLocalStackError) as error:
        LOG.error("%s", error)  # noqa: TRY400 - the message says all, and the error goes on
        raise
    for patch in registry.PATCHES:
        if patch.name in wanted:
            for target in (patch.target, *patch.others):
                when_imported(target, functools.partial(_cure, patch))


def _wanted() -> frozenset[str]:
    wanted = switch.wanted(os.environ.get(switch.SETTING), registry.names())
    if wanted and version != WRITTEN_FOR:
        raise WrongLocalStackError(
            f"this is LocalStack {version}, and the parity patches were written for "
            f"{WRITTEN_FOR}: install that one, or switch them off with {switch.SETTING}=off"
        )
    return wanted


def _cure(patch: registry.Patch, target: ModuleType) -> None:
    importlib.import_module(f"{__package__}.{patch.name}").cure(target)
    LOG.debug("Parity patch %s applied to %s", patch.name, target.__name__)
