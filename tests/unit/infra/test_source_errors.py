from __future__ import annotations

from pathlib import Path

import pytest

from infra import package, source_errors
from testbed.errors import ProvisioningError


def test_the_functions_own_files_are_python() -> None:
    """As they are here."""
    source_errors.refuse_unparsable(package.SOURCE)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"def handler(:\n    pass\n", r"app\.py:1: no Python at 'def handler\(:': invalid syntax"),
        (b"x = 1\nif x:\n", r"app\.py:2: no Python at 'if x:': expected an indented block"),
        (b"x = '\xe9'\n", r"app\.py:1: no Python at .*: .*utf-8"),
        (b"x = '\x00'\n", r"app\.py:1: no Python.*: source code .*null bytes"),
    ],
)
def test_what_is_no_python_is_told_with_its_line(
    content: bytes, words: str, tmp_path: Path
) -> None:
    """And what to do; nothing of it is run."""
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner" / "app.py").write_bytes(content)
    with pytest.raises(ProvisioningError, match=words) as told:
        source_errors.refuse_unparsable(tmp_path)
    assert "Mend the file and run the command again; the function is as it was." in str(told.value)


def test_each_file_is_told(tmp_path: Path) -> None:
    """Who mends one is not sent back for the next."""
    for name in ("a.py", "b.py"):
        (tmp_path / name).write_text("def")
    with pytest.raises(ProvisioningError, match=r"(?s)a\.py:1: .*b\.py:1: "):
        source_errors.refuse_unparsable(tmp_path)
