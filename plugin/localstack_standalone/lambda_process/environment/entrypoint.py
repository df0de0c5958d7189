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
# Node asks the system for it, which knows an environment's user in a sandbox alone.
HOME: Final = {"HOME": "/home/sbx_user1051"}
# Where a sandbox has them, as on AWS.
SEEN_AT: Final = "/var/runtime"
NODE_SEEN_AT: Final = "/var/lang/bin/node"
_SYSTEM: Final = frozenset(map(Path, ("/", "/usr", "/usr/local")))
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
        mounts: what a sandbox needs for it, as `WorkerSpec` has them.
    """

    command: list[str] = dataclasses.field(default_factory=list)
    environment: Mapping[str, str] = dataclasses.field(default_factory=dict)
    mounts: list[tuple[str, str]] = dataclasses.field(default_factory=list)


def of(
    runtime: str,
    program: str,
    roots: Roots,
    *,
    memory_mb: int,
    environment: Mapping[str, str],
    node_modules: str = "",
    sandboxed: bool = False,
) -> Entrypoint:
    """What is run for *runtime*.

    Args:
        runtime: its identifier.
        program: what it is on this machine.
        roots: the function's folders on this machine.
        memory_mb: what it may use.
        environment: the function's variables.
        node_modules: a folder whose packages Node's functions find; none where it is empty.
        sandboxed: whether it is run in a sandbox, at AWS's paths.
    """
    seen = roots.seen() if sandboxed else roots
    if runtime in runtimes.OS_ONLY:
        return Entrypoint([str(_bootstrap(roots, seen))])
    if runtimes.is_node(runtime):
        options = _node_options(runtime, memory_mb, environment.get("NODE_OPTIONS", ""))
        modules = node_modules or str(NODE_RUNTIME / "node_modules")
        own, client, mounts, home = modules, str(NODE_RUNTIME), [], HOME
        if sandboxed:
            own, client, home = f"{SEEN_AT}/node_modules", SEEN_AT, {}
            mounts, program = _node_mounts(program, modules), NODE_SEEN_AT
        return Entrypoint(
            [program, *_NODE_ARGUMENTS, *options, f"{client}/index.mjs"],
            {"NODE_PATH": os.pathsep.join(_node_path(runtime, seen, own, client)), **home},
            mounts,
        )
    return Entrypoint()


def wrapper(runtime: str, environment: Mapping[str, str]) -> str:
    """What is given the runtime's command; "" for none. A bootstrap is never wrapped, as on AWS."""
    return "" if runtime in runtimes.OS_ONLY else environment.get("AWS_LAMBDA_EXEC_WRAPPER", "")


def _node_mounts(program: str, modules: str) -> list[tuple[str, str]]:
    """AWS's /var/lang and /var/runtime of Node: the program, its clients, and the packages.

    One that a version manager keeps brings its own folders; one of the system's needs none.
    """
    found = Path(os.path.realpath(program))
    prefix = found.parents[1]
    if found.parent.name == "bin" and found.name == "node" and prefix not in _SYSTEM:
        lang = [(str(prefix), "/var/lang")]
    else:
        lang = [("", "/var/lang"), (str(found), NODE_SEEN_AT)]
    entries = [entry for entry in NODE_RUNTIME.iterdir() if entry.name != "node_modules"]
    client = [("", SEEN_AT), *((str(each), f"{SEEN_AT}/{each.name}") for each in entries)]
    packages = [(modules, f"{SEEN_AT}/node_modules")] if Path(modules).is_dir() else []
    return lang + client + packages


def _bootstrap(roots: Roots, seen: Roots) -> Path:
    """The function's comes before a layer's.

    Where there is none, the function's place is named: what runs it finds that out, and says so.
    """
    own = roots.task / "bootstrap"
    layers = roots.opt / "bootstrap" if roots.opt is not None else own
    if layers.exists() and not own.exists() and seen.opt is not None:
        return seen.opt / "bootstrap"
    return seen.task / "bootstrap"


def _node_options(runtime: str, memory_mb: int, wanted: str) -> list[str]:
    """Limits of V8's heap, made of the function's memory as on AWS, and what is switched off."""
    new_mb = memory_mb // 10
    off = [name for name in _SWITCHED_OFF.get(runtime, ()) if f"--{name}" not in wanted.split()]
    return [
        f"--max-semi-space-size={new_mb // 2}",
        f"--max-old-space-size={memory_mb - new_mb}",
        *(f"--no-{name}" for name in off),
    ]


def _node_path(runtime: str, roots: Roots, own: str, client: str) -> list[str]:
    """Where packages are looked for: a layer's, then what stands for AWS's own."""
    opt = roots.opt or Path("/opt")
    return [
        f"{opt}/nodejs/{runtime.removesuffix('.x').replace('nodejs', 'node')}/node_modules",
        f"{opt}/nodejs/node_modules",
        own,
        client,
        str(roots.task),
    ]
