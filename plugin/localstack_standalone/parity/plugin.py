"""The hook that LocalStack runs when it starts: has every wanted patch made."""

from __future__ import annotations

import logging
from typing import Final

from localstack.runtime import hooks

from localstack_standalone.parity import registry
from localstack_standalone.patching import patch, switch

LOG = logging.getLogger(__name__)

SETTING: Final = "STANDALONE_PARITY"


@hooks.on_infra_start(name="standalone_parity")
def apply() -> None:
    """Have every wanted patch made as soon as its module is there.

    Raises:
        SwitchError: STANDALONE_PARITY names a patch that is none.
        WrongLocalStackError: this LocalStack is not the one that the patches were written for.
    """
    try:
        wanted = switch.read(SETTING, registry.names())
    except (switch.SwitchError, switch.WrongLocalStackError) as error:
        LOG.error("%s", error)  # noqa: TRY400 - the message says all, and the error goes on
        raise
    patch.apply(registry.PATCHES, wanted, __package__, "cure")
