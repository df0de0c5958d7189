"""Tells LocalStack which runtimes there are, so that it refuses the others when asked for one.

LocalStack checks CreateFunction and UpdateFunctionConfiguration against its list of AWS's
runtimes; the list is narrowed to what this machine can run, before the provider reads it. A
container image it would take, and never run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from types import ModuleType
from typing import Any, Final

import wrapt
from localstack.aws.api.lambda_ import InvalidParameterValueException, PackageType
from localstack.services.lambda_ import runtimes as known
from localstack.utils.patch import patch

from localstack_standalone.lambda_process.zygote.runtimes import SETTING

_PROVIDER: Final = "localstack.services.lambda_.provider"
_MORE: Final = (
    "what runs on this machine; another Python, or Node.js 20, 22 or 24, does once it is "
    f"installed and named in {SETTING}; Java, Ruby and .NET do as a custom runtime, "
    "provided.al2023 with a bootstrap that brings its own: see localstack-standalone's README"
)
_NO_IMAGES: Final = (
    "The function is a container image, which localstack-standalone has nothing to run with. Make "
    "a .zip file of it (PackageType Zip): for a runtime that is here, or for provided.al2023 with "
    "a bootstrap; what it needs beside its code can come as a layer. See localstack-standalone's "
    "README."
)


def narrow_to(here: Iterable[str]) -> None:
    """Let functions be created for the runtimes *here* alone; the refusal names them."""
    names = sorted(here)
    # A new list: what layers are compatible with is not narrowed, and that is checked against the
    # old one, which their module holds already.
    known.ALL_RUNTIMES = [runtime for runtime in known.ALL_RUNTIMES if runtime in names]
    known.VALID_RUNTIMES = f"[{', '.join(names)}] ({_MORE})"
    wrapt.register_post_import_hook(_refuse_images, _PROVIDER)


def _refuse_images(provider: ModuleType) -> None:
    """Patch what CreateFunction asks of a package's type and runtime."""

    @patch(provider.LambdaProvider._validate_runtime)  # noqa: SLF001 - there is no other place
    def validate(original: Callable[..., None], self: Any, package_type: str, runtime: str) -> None:
        if package_type == PackageType.Image:
            raise InvalidParameterValueException(_NO_IMAGES, Type="User")
        original(self, package_type, runtime)
