"""AWS_LAMBDA_EXEC_WRAPPER: a program of the function's own that is given the runtime's command.

It gets the interpreter and, as its last argument, the script that is to be run, as on AWS; what
it puts between them is for the interpreter.

Source: https://docs.aws.amazon.com/lambda/latest/dg/runtimes-modify.html
"""

from __future__ import annotations

import os
import sys
import typing

# As AWS's runtimes end.
NOT_THERE, NOT_EXECUTABLE = 127, 126
ANYBODY_RUNS = 0o111

_SCRIPT = """
import os, runpy, sys
os.close({descriptor})
sys.path[:1] = {path!r}
sys.argv = ["awslambdaric", {handler!r}]
runpy.run_module("awslambdaric", run_name="__main__", alter_sys=True)
"""


def become(spec: typing.Dict[str, typing.Any]) -> typing.NoReturn:  # noqa: UP006 - Python 3.9
    """Replace this process by the wrapper of *spec*, with the runtime's command."""
    wrapper = spec["wrapper"]
    if not os.path.isfile(wrapper):
        end(f"{wrapper}: does not exist", NOT_THERE)
    if not os.stat(wrapper).st_mode & ANYBODY_RUNS:
        end(f"{wrapper}: is not an executable", NOT_EXECUTABLE)
    os.execve(wrapper, [wrapper, *command(spec)], spec["environment"])  # noqa: S606 - the point


def command(spec: typing.Dict[str, typing.Any]) -> typing.List[str]:  # noqa: UP006 - likewise
    """What starts the runtime; Python's script is read from a pipe."""
    if spec.get("command"):
        return list(spec["command"])
    reader, writer = os.pipe()
    os.set_inheritable(reader, True)  # noqa: FBT003 - its signature
    script = _SCRIPT.format(descriptor=reader, path=spec["path"], handler=spec["handler"])
    os.write(writer, script.encode())
    os.close(writer)
    ignored = ["-B", "-X", "pycache_prefix=" + os.devnull] if spec["fresh"] else []
    return [sys.executable, *ignored, f"/dev/fd/{reader}"]


def end(why: str, status: int) -> typing.NoReturn:
    """Say *why* where the runtime would, and end with *status*."""
    os.write(1, why.encode() + b"\n")
    os._exit(status)
