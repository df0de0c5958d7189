"""LocalStack's index of AWS's services is built once for an installation.

It takes 2.6 s of processor time, at the first request or, with kept state, before the emulator is
ready. LocalStack keeps it in its cache folder, which is each emulator's own and goes with it. Here
it lies beside the interpreter, as bytecode does; its name has LocalStack's version and botocore's.
"""

from __future__ import annotations

import logging
import os
import sys
import tempfile
from pathlib import Path
from types import ModuleType
from typing import Any, Final

LOG = logging.getLogger(__name__)

FOLDER: Final = "localstack-standalone"


def tune(module: ModuleType) -> None:
    """Have *module* (localstack.aws.spec) keep its index where the next emulator finds it."""
    its: Any = module
    named = its._get_catalog_filename  # noqa: SLF001 - who patches a module knows its inside
    load, build = its.load_service_index_cache, its.build_service_index_cache

    def file_name() -> str:
        """A whole path: LocalStack joins it to folders of its own, which leaves it as it is."""
        name: str = named()
        if Path(its.config.dirs.static_libs, name).exists():  # an image has it already
            return name
        kept = Path(sys.prefix, FOLDER, name)
        try:
            kept.parent.mkdir(exist_ok=True)
        except OSError:
            return name
        return str(kept) if kept.exists() or os.access(kept.parent, os.W_OK) else name

    def build_whole(file_path: str) -> Any:
        """Others start meanwhile: they find all of it or none."""
        with tempfile.TemporaryDirectory(dir=Path(file_path).parent) as folder:
            made = Path(folder, "index")
            index = build(str(made))
            made.replace(file_path)
        return index

    def load_or_build(file: str) -> Any:
        try:
            return load(file)
        except Exception as error:  # noqa: BLE001 - dill raises whatever the bytes make it do
            LOG.warning("the index of AWS's services in %s is built anew: %s", file, error)
            return build_whole(file)

    its._get_catalog_filename = file_name  # noqa: SLF001 - likewise
    its.load_service_index_cache = load_or_build
    its.build_service_index_cache = build_whole
