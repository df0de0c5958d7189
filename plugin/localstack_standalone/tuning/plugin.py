"""The hook that LocalStack runs when it starts: has every wanted tuning made."""

from __future__ import annotations

import functools
from typing import Final

from localstack.runtime import hooks

from localstack_standalone.patching import patch, switch
from localstack_standalone.tuning import registry

SETTING: Final = "TUNING"


@functools.cache
def wanted() -> frozenset[str]:
    """The names of the tunings that TUNING asks for; it is read once.

    Raises:
        SwitchError: TUNING names a tuning that is none.
        WrongLocalStackError: they were tried with another LocalStack than this one.
    """
    return switch.read(SETTING, registry.names())


@hooks.on_infra_start(name="standalone_tuning")
def apply() -> None:
    """Have every wanted tuning made as soon as its module is there.

    Raises:
        SwitchError: TUNING names a tuning that is none.
        WrongLocalStackError: they were tried with another LocalStack than this one.
    """
    patch.apply(registry.PATCHES, wanted(), __package__, "tune")
