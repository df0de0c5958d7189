"""Why a program cannot be run, in the words of AWS."""

from __future__ import annotations

import errno
from pathlib import Path
from types import ModuleType

import pytest

from localstack_standalone.lambda_process import guest


@pytest.fixture
def program(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The guest's module, imported as the zygote does: by its folder."""
    monkeypatch.syspath_prepend(next(iter(guest.__path__)))
    import _lambda_program  # type: ignore[import-not-found]  # noqa: PLC0415

    return _lambda_program  # type: ignore[no-any-return]  # it has no types


def why(program: ModuleType, path: Path, task: Path, number: int = errno.EACCES) -> str:
    """What is said of the program at *path*, which the system refuses to run."""
    spec = {"command": [str(path)], "task_root": str(task), "environment": {}}
    return str(program.refusal(spec, OSError(number, "")))


def test_a_bootstrap_that_is_not_there(program: ModuleType, tmp_path: Path) -> None:
    """Both places are named."""
    assert "Couldn't find valid bootstrap(s): [/var/task/bootstrap /opt/bootstrap]" == why(
        program, tmp_path / "bootstrap", tmp_path, errno.ENOENT
    )


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.EACCES, "permission denied"),
        (errno.ENOEXEC, "exec format error"),
        (errno.ENOENT, "no such file or directory"),
    ],
)
def test_a_bootstrap_that_does_not_run(
    program: ModuleType, tmp_path: Path, number: int, words: str
) -> None:
    """At the place that it has on AWS: the package's, or a layer's; in Go's words."""
    task, opt = tmp_path / "task", tmp_path / "opt"
    for folder, shown in ((task, "/var/task"), (opt, "/opt")):
        folder.mkdir()
        (folder / "bootstrap").touch()
        seen = why(program, folder / "bootstrap", task, number)
        assert f"fork/exec {shown}/bootstrap: {words}" == seen


def test_another_program_has_its_own_name(program: ModuleType, tmp_path: Path) -> None:
    """What is not the function's is where this machine has it."""
    (tmp_path / "node").touch()
    seen = why(program, tmp_path / "node", tmp_path / "task")
    assert f"fork/exec {tmp_path}/node: permission denied" == seen
