"""`make lint-pipeline [JSON=1|SARIF=1]`: find what works here and fails on AWS."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING, Final

from infra import package
from infra.resources import function
from testbed import setting_table, settings, terminal
from testbed.errors import SettingError

if TYPE_CHECKING:
    from collections.abc import Mapping

# What is deployed: the stack as a template, which names the definition and the code.
SOURCES: Final = ("docs/template.yaml", "statemachine", "lambda")
FORMS: Final = ("JSON", "SARIF")


def main() -> int:
    """Look at the sources and at the archive as AWS gets it; the linter's exit status."""
    form = asked(os.environ)
    platform = package.Platform("Linux", "x86_64")
    built = package.build(platform, uv=settings.uv())
    done = subprocess.run(
        [
            *(sys.executable, "-m", "localstack_standalone", "lint", *form),
            *("--architecture", platform.architecture, "--runtime", function.RUNTIME),
            *(*SOURCES, built.path),
        ],
        cwd=settings.ROOT,
        check=False,
    )
    return done.returncode


def asked(environ: Mapping[str, str]) -> list[str]:
    """The linter's option for the form that is wanted.

    Raises:
        SettingError: two are.
    """
    wanted = [name for name in FORMS if setting_table.is_on(environ, name)]
    if len(wanted) > 1:
        raise SettingError("SARIF", "1", "alone, without JSON")
    return [f"--{name.lower()}" for name in wanted]


if __name__ == "__main__":
    terminal.run(main)
