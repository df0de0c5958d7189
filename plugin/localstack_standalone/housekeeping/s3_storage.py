"""Keeps S3's objects in the emulator's own temporary folder.

LocalStack 4.14 writes them to ``/tmp/localstack-s3-storage`` whatever TMPDIR says. Two emulators on
one machine then share it, and a bucket that is deleted in one takes the other's folder along; one
of another user may not write there at all.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from types import ModuleType
from typing import Final

import wrapt
from localstack.runtime import hooks

PROVIDER: Final = "localstack.services.s3.provider"


@hooks.on_infra_start(name="standalone_s3_storage")
def use_own_folder() -> None:
    """Set the folder as soon as the provider is imported, before it is made."""
    wrapt.register_post_import_hook(_set_folder, PROVIDER)


def _set_folder(provider: ModuleType) -> None:
    folder = Path(tempfile.gettempdir(), "localstack-s3-storage")
    provider.DEFAULT_S3_TMP_DIR = str(folder)  # type: ignore[attr-defined]
