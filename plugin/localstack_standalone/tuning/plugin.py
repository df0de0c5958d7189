"""The hook that LocalStack runs when it starts: has every wanted measure taken."""

from __future__ import annotations

import functools
import importlib
import os
from types import ModuleType
from typing import Final

from localstack.runtime import hooks
from localstack.version import version

from localstack_standalone.parity import switch
from localstack_standalone.parity.on_import import when_imported
from localstack_standalone.parity.plugin import WRITTEN_FOR, WrongLocalStackError
from localstack_standalone.parity.registry import Patch
from localstack_standalone.tuning import registry

SETTING: Final = "TUNING"


def wanted() -> frozenset[str]:
    """The names of the measures that TUNING asks for.

    Raises:
        SwitchError: TUNING names a measure that is none.
        WrongLocalStackError: the measures were tried with another LocalStack than this one.
    """
    names = switch.wanted(os.environ.get(SETTING), registry.names(), name=SETTING)
    if names and version != WRITTEN_FOR:
        raise WrongLocalStackError(
            f"this is LocalStack {version}, and the tuning was tried with {WRITTEN_FOR}: "
            f"install that one, or switch it off with {SETTING}=off"
        )
    return names


@hooks.on_infra_start(name="standalone_tuning")
def apply() -> None:
    """Have every wanted measure taken as soon as its module is there.

    Raises:
        SwitchError: TUNING names a measure that is none.
        WrongLocalStackError: the measures were tried with another LocalStack than this one.
    """
    names = wanted()
    for measure in registry.MEASURES:
        if measure.name in names:
            for target in (measure.target, *measure.others):
                when_imported(target, functools.partial(_take, measure))


def _take(measure: Patch, target: ModuleType) -> None:
    importlib.import_module(f"{__package__}.{measure.name}").tune(target)
