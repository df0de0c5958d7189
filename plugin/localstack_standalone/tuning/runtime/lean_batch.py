"""Step Functions is loaded without the simulation of AWS Batch and, behind it, of EC2.

LocalStack takes a list of job states from moto's package for Batch, whose first lines load Batch's
and EC2's models: 0.5 s and 76 MB at the first use of Step Functions. The package is entered here
without its first lines; any of its modules that is asked for by name is there as before.
"""

from __future__ import annotations

import importlib.util
import sys
from types import ModuleType
from typing import Final

PACKAGE: Final = "moto.batch"


def tune(_module: ModuleType) -> None:
    """Put the package in place without running it, unless it was loaded already."""
    if PACKAGE in sys.modules:
        return
    spec = importlib.util.find_spec(PACKAGE)
    if spec is not None:
        package = ModuleType(PACKAGE)
        package.__path__ = list(spec.submodule_search_locations or [])
        package.__spec__ = spec
        sys.modules[PACKAGE] = package
