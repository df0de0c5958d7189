"""Which program a runtime is: Node with AWS's client, or a bootstrap; Python is the zygote's own.

Sources: https://docs.aws.amazon.com/lambda/latest/dg/runtimes-custom.html and
https://docs.aws.amazon.com/lambda/latest/dg/lambda-nodejs.html
"""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from localstack_standalone.lambda_process.deployment.roots import Roots
from localstack_standalone.lambda_process.zygote import runtimes

# AWS's clients for Node, and what they need beside them; /var/runtime on AWS.
NODE_RUNTIME: Final = Path(__file__).parents[1] / "nodejs"
# A folder whose packages Node's functions find, as on AWS those of its SDK.
NODE_MODULES: Final = "LAMBDA_PROCESS_NODE_MODULES"
# That of AWS's user. Node asks the system whose it is, which knows no worker's user everywhere.
HOME: Final = "/home/sbx_user1051"
_NODE_ARGUMENTS: Final = ("--expose-gc", "--max-http-header-size=81920")
# What Node does and Lambda does not, unless NODE_OPTIONS has it on.
_SWITCHED_OFF: Final = {
    "nodejs20.x": ("experimental-require-module",),
    "nodejs22.x": ("experimental-require-module", "experimental-detect-module"),
}


@dataclasses.dataclass(frozen=True)
class Entrypoint:
    """What is run.

    Attributes:
        command: the program with its arguments; none where the zygote's own Python is the runtime.
        environment: variables that it has where the function has none of that name.
    """

    command: list[str] = dataclasses.field(default_factory=list)
    environment: Mapping[str, str] = dataclasses.field(default_factory=dict)


def of(
    runtime: str,
    program: str,
    roots: Roots,
    *,
    memory_mb: int,
    environment: Mapping[str, str],
) -> Entrypoint:
    """What is run for *runtime*.

    Args:
        runtime: its identifier.
        program: what it is on this machine.
        roots: the function's folders.
        memory_mb: what it may use.
        environment: the function's variables.
    """
    if runtime in runtimes.OS_ONLY:
        return Entrypoint([str(_bootstrap(roots))])
    if runtimes.is_node(runtime):
        options = _node_options(runtime, memory_mb, environment.get("NODE_OPTIONS", ""))
        return Entrypoint(
            [program, *_NODE_ARGUMENTS, *options, str(NODE_RUNTIME / "index.mjs")],
            {"NODE_PATH": os.pathsep.join(_node_path(runtime, roots)), "HOME": HOME},
        )
    return Entrypoint()


def wrapper(runtime: str, environment: Mapping[str, str]) -> str:
    """What is given the runtime's command; "" for none. A bootstrap is never wrapped, as on AWS."""
    return "" if runtime in runtimes.OS_ONLY else environment.get("AWS_LAMBDA_EXEC_WRAPPER", "")


def _bootstrap(roots: Roots) -> Path:
    """The function's comes before a layer's.

    Where there is none, the function's place is named: what runs it finds that out, and says so.
    """
    own = roots.task / "bootstrap"
    layers = roots.opt / "bootstrap" if roots.opt is not None else own
    return layers if layers.exists() and not own.exists() else own


def _node_options(runtime: str, memory_mb: int, wanted: str) -> list[str]:
    """Limits of V8's heap, made of the function's memory as on AWS, and what is switched off."""
    new_mb = memory_mb // 10
    off = [name for name in _SWITCHED_OFF.get(runtime, ()) if f"--{name}" not in wanted.split()]
    return [
        f"--max-semi-space-size={new_mb // 2}",
        f"--max-old-space-size={memory_mb - new_mb}",
        *(f"--no-{name}" for name in off),
    ]


def _node_path(runtime: str, roots: Roots) -> list[str]:
    """Where packages are looked for: a layer's, then what stands for AWS's own."""
    opt = roots.opt or Path("/opt")
    own = os.environ.get(NODE_MODULES) or str(NODE_RUNTIME / "node_modules")
    return [
        f"{opt}/nodejs/{runtime.removesuffix('.x').replace('nodejs', 'node')}/node_modules",
        f"{opt}/nodejs/node_modules",
        own,
        str(NODE_RUNTIME),
        str(roots.task),
    ]
