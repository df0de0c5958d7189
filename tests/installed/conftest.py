"""A stranger: an environment of their own, an empty folder, and plugin/README.md."""

from __future__ import annotations

import dataclasses
import os
import re
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from testbed import settings

README = (settings.ROOT / "plugin" / "README.md").read_text(encoding="utf-8")
_CONSOLE = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_FILE = re.compile(r"^`([a-z_]+\.py)` [^\n]*\n\n```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)
COMMANDS = [
    line.removeprefix("$ ")
    for block in _CONSOLE.findall(README)
    for line in block.splitlines()
    if line.startswith("$ ")
]
FILES = dict(_FILE.findall(README))
# What this test run has set for itself is not the stranger's.
FOREIGN = ("AWS_", "LOCALSTACK", "PYTEST", "PYTHON", "TUNING", "VIRTUAL_ENV", "XDG_CACHE_HOME")


@dataclasses.dataclass(frozen=True)
class Stranger:
    """Somebody with the plugin installed, and a project in which it is used.

    Attributes:
        home: what is theirs: the environment, the cache and the project are in it.
        environ: the environment variables of their shell.
    """

    home: Path
    environ: dict[str, str]

    @property
    def project(self) -> Path:
        """Where their project is."""
        return self.home / "project"

    def run(self, command: str, folder: Path | None = None) -> subprocess.CompletedProcess[str]:
        """What *command* says, in a shell of theirs."""
        return subprocess.run(
            ["bash", "-c", command],
            cwd=folder or self.project,
            env=self.environ,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=500,
            check=False,
        )

    def start(self, command: str) -> subprocess.Popen[str]:
        """*command* as a process, whose output can be read while it runs."""
        return subprocess.Popen(
            ["bash", "-c", f"exec {command}"],
            cwd=self.project,
            env=self.environ,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            text=True,
        )

    def processes(self) -> list[psutil.Process]:
        """All that runs of theirs: emulators, workers, tests."""
        return [
            process
            for process in psutil.process_iter(["cmdline", "status"])
            if process.info["status"] != psutil.STATUS_ZOMBIE
            and any(str(self.home) in word for word in process.info["cmdline"] or ())
        ]


@pytest.fixture(scope="session")
def stranger(tmp_path_factory: pytest.TempPathFactory) -> Stranger:
    """Installed by the README's own first command, from this checkout; the project by its files."""
    home = tmp_path_factory.mktemp("stranger")
    environ = {name: text for name, text in os.environ.items() if not name.startswith(FOREIGN)}
    environ |= {
        "PATH": f"{home / 'venv' / 'bin'}{os.pathsep}{os.environ['PATH']}",
        "TMPDIR": str(home),
        "XDG_CACHE_HOME": str(home / "cache"),
        "PIP_CACHE_DIR": str(Path.home() / ".cache" / "pip"),
    }
    made = Stranger(home, environ)
    made.project.mkdir()
    subprocess.run([sys.executable, "-m", "venv", home / "venv"], check=True)
    installed = made.run(COMMANDS[0], settings.ROOT)
    assert 0 == installed.returncode, installed.stdout
    for name, text in FILES.items():
        (made.project / name).write_text(text, encoding="utf-8")
    return made
