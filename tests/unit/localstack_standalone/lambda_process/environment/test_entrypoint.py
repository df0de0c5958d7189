from __future__ import annotations

from pathlib import Path

import pytest

from localstack_standalone.lambda_process.deployment.roots import Roots
from localstack_standalone.lambda_process.environment import entrypoint
from localstack_standalone.lambda_process.environment.entrypoint import Entrypoint

INDEX = str(entrypoint.NODE_RUNTIME / "index.mjs")


@pytest.fixture
def roots(tmp_path: Path) -> Roots:
    """A version's folders, with a layer."""
    made = Roots(tmp_path, tmp_path / "task", tmp_path / "opt")
    made.task.mkdir()
    (tmp_path / "opt").mkdir()
    return made


def run(runtime: str, roots: Roots, memory_mb: int = 128, **environment: str) -> Entrypoint:
    """What is run, with this memory and these variables."""
    return entrypoint.of(runtime, "/bin/node", roots, memory_mb=memory_mb, environment=environment)


def test_a_python_is_the_zygotes_own(roots: Roots) -> None:
    """No other program is run for it."""
    assert Entrypoint() == run("python3.13", roots)


@pytest.mark.parametrize("runtime", ["provided.al2023", "provided.al2"])
def test_a_bootstrap(roots: Roots, runtime: str) -> None:
    """The function's, else its layers'; where there is none, the function's is looked for."""
    own, layers = roots.task / "bootstrap", Path(str(roots.opt)) / "bootstrap"
    assert [str(own)] == run(runtime, roots).command
    layers.touch()
    assert [str(layers)] == run(runtime, roots).command
    own.touch()
    assert [str(own)] == run(runtime, roots).command


def test_the_heap_follows_the_memory(roots: Roots) -> None:
    """A tenth is for what is new, of which there are two halves; the rest is for what is old."""
    command = run("nodejs24.x", roots, 1024).command
    assert "/bin/node" == command[0]
    assert INDEX == command[-1]
    assert ["--max-semi-space-size=51", "--max-old-space-size=922"] == command[3:5]


@pytest.mark.parametrize(
    ("runtime", "off"),
    [
        ("nodejs20.x", ["--no-experimental-require-module"]),
        (
            "nodejs22.x",
            ["--no-experimental-require-module", "--no-experimental-detect-module"],
        ),
        ("nodejs24.x", []),
    ],
)
def test_what_lambda_switches_off(roots: Roots, runtime: str, off: list[str]) -> None:
    """Experimental features of a version; the function's own options have them on again."""
    command = run(runtime, roots).command
    assert off == [word for word in command if word.startswith("--no-")]
    wanted = " ".join(word.replace("--no-", "--") for word in off)
    assert "--no-" not in " ".join(run(runtime, roots, NODE_OPTIONS=wanted).command)


def test_where_packages_are_found(roots: Roots) -> None:
    """A layer's for the version, for any, then those that stand for AWS's."""
    own = entrypoint.of(
        *("nodejs22.x", "/bin/node", roots),
        memory_mb=128,
        environment={},
        node_modules="/srv/node_modules",
    )
    found = own.environment["NODE_PATH"].split(":")
    assert [
        f"{roots.opt}/nodejs/node22/node_modules",
        f"{roots.opt}/nodejs/node_modules",
        "/srv/node_modules",
    ] == found[:3]


def in_sandbox(program: Path, roots: Roots, node_modules: str = "") -> Entrypoint:
    """What is run of Node in a sandbox."""
    return entrypoint.of(
        "nodejs22.x",
        str(program),
        roots,
        memory_mb=128,
        environment={},
        node_modules=node_modules,
        sandboxed=True,
    )


def test_a_sandbox_has_node_where_aws_has_it(roots: Roots, tmp_path: Path) -> None:
    """With what a version manager keeps beside it, and the packages that are named."""
    node, packages = tmp_path / "v22" / "bin" / "node", tmp_path / "packages"
    node.parent.mkdir(parents=True)
    node.touch()
    packages.mkdir()
    run_in_it = in_sandbox(node, roots, str(packages))
    assert ("/var/lang/bin/node", "/var/runtime/index.mjs") == (
        run_in_it.command[0],
        run_in_it.command[-1],
    )
    assert (str(node.parents[1]), "/var/lang") in run_in_it.mounts
    assert (str(packages), "/var/runtime/node_modules") in run_in_it.mounts
    assert "/var/runtime/node_modules" == run_in_it.environment["NODE_PATH"].split(":")[2]


def test_of_the_systems_node_the_program_alone_is_mounted(roots: Roots) -> None:
    """Its folders are a sandbox's anyway."""
    mounts = in_sandbox(Path("/usr/bin/node"), roots).mounts
    assert [("", "/var/lang")] == [each for each in mounts if each[1] == "/var/lang"]
    assert "/var/lang/bin/node" in [place for _, place in mounts]
