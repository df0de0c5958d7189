from __future__ import annotations

from pathlib import Path

import pytest

from dev import check
from testbed import settings


@pytest.mark.parametrize(
    ("name", "content", "is_shell"),
    [
        ("a.sh", "", True),
        ("run", "#!/usr/bin/env bash\n", True),
        ("run", "#!/bin/sh\n", True),
        ("run", "#!/usr/bin/env python3\n", False),
        ("run", "bash\n", False),
        ("a.py", "#!/bin/sh\n", False),
    ],
)
def test_shell_scripts_are_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, content: str, *, is_shell: bool
) -> None:
    """By their ending, or by their first line where they have none."""
    monkeypatch.setattr(settings, "ROOT", tmp_path)
    (tmp_path / name).write_text(content, encoding="utf-8")
    assert is_shell == check.is_shell_script(name)


def test_every_folder_of_python_is_checked() -> None:
    """Mypy is given each."""
    folders = {source.split("/")[0] for source in check.SOURCES}
    assert {path.parent.name for path in settings.ROOT.glob("*/__init__.py")} <= folders
