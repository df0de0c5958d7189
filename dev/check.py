"""`make check`: format, lint, types, import directions, shell scripts."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

from scripts import lint_pipeline
from testbed import settings, terminal

SOURCES = [
    *("bench", "client", "console", "dev", "infra", "runs", "scripts", "targets", "testbed"),
    *(
        "tests",
        "conformance",
        "grading",
        "views",
        "lambda/image_resize",
        "plugin/localstack_standalone",
    ),
]
SHELLCHECK = Path(sys.executable).parent / "shellcheck"
WORKFLOWS = settings.ROOT / "docs" / "ci"


def main() -> int:
    """Run every check, show what each found, and fail if one did."""
    # The examples for GitHub Actions; GitLab has no such checker.
    workflows = [str(path) for path in sorted(WORKFLOWS.glob("github-*.yml"))]
    checks = {
        "format": ["ruff", "format", "--check", "--quiet", "."],
        "lint": ["ruff", "check", "--quiet", "."],
        "types": ["mypy", *SOURCES],
        "imports": ["lint-imports"],
        "pipeline": ["python", "-m", "localstack_standalone", "lint", *lint_pipeline.SOURCES],
        "shell": ["shellcheck", *_shell_scripts()],
        "workflows": ["actionlint", "-shellcheck", str(SHELLCHECK), *workflows],
    }
    return max(_run(name, *command) for name, command in checks.items())


def _run(name: str, program: str, *arguments: str) -> int:
    started = time.monotonic()
    environment = os.environ | {"PYTHONPATH": os.pathsep.join((".", "lambda", "plugin"))}
    done = subprocess.run(
        [Path(sys.executable).parent / program, *arguments],
        cwd=settings.ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    mark = "[green]✓[/]" if done.returncode == 0 else "[red]✗[/]"
    terminal.out.print(f"{mark} {name} [dim]{time.monotonic() - started:.1f} s[/]")
    if done.returncode:
        terminal.out.print(done.stdout + done.stderr, markup=False)
    return int(done.returncode != 0)


def _shell_scripts() -> list[str]:
    """The shell scripts of the checkout, with or without an ending."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=settings.ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [name for name in listed.stdout.splitlines() if is_shell_script(name)]


def is_shell_script(name: str) -> bool:
    """By its ending, or by its first line where it has none."""
    path = settings.ROOT / name
    if path.suffix:
        return path.suffix == ".sh"
    with path.open("rb") as file:
        first = file.readline(64)
    return first.startswith(b"#!") and (b"bash" in first or first.rstrip().endswith(b"sh"))


if __name__ == "__main__":
    terminal.run(main)
