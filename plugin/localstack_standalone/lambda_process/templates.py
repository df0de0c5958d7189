"""The template processes of this emulator, one for each Python."""

from __future__ import annotations

import atexit
import contextlib
import functools
import threading

from localstack.services.lambda_.invocation.runtime_executor import LambdaRuntimeException

from localstack_standalone.lambda_process import runtimes
from localstack_standalone.lambda_process.template import Template

_TEMPLATES: dict[str, Template] = {}
_LOCK = threading.Lock()


@functools.cache
def runtimes_here() -> dict[str, str]:
    """Lambda runtimes that can be run here: identifier → interpreter."""
    return runtimes.find()


def python_for(runtime: str) -> str:
    """The interpreter of *runtime*.

    Raises:
        LambdaRuntimeException: this machine has none.
    """
    here = runtimes_here()
    if runtime not in here:
        raise LambdaRuntimeException(
            f"runtime {runtime} is not on this machine (here: {', '.join(here) or 'none'}); "
            f"install it and name it in {runtimes.SETTING}"
        )
    return here[runtime]


def template_for(runtime: str) -> Template:
    """The template process that starts workers of *runtime*."""
    python = python_for(runtime)
    with _LOCK:
        if python not in _TEMPLATES:
            _TEMPLATES[python] = Template(python)
        return _TEMPLATES[python]


def renew() -> None:
    """After a fork: the template processes are the parent's; have some of our own, at once."""
    pythons = list(_TEMPLATES)
    for template in _TEMPLATES.values():
        template.abandon()
    _TEMPLATES.clear()
    for python in pythons:
        _TEMPLATES[python] = Template(python)
        warm(_TEMPLATES[python])


def warm(template: Template) -> None:
    """Start *template*'s process meanwhile."""
    threading.Thread(target=template.warm, daemon=True, name="lambda-template").start()


@atexit.register
def _stop_all() -> None:
    for template in _TEMPLATES.values():
        with contextlib.suppress(OSError):
            template.stop()
