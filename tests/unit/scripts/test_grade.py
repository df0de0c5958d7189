from __future__ import annotations

from pathlib import Path

import pytest

from scripts import grade
from testbed.errors import SettingError
from testbed.settings import ROOT


def test_what_is_asked_for_comes_from_make() -> None:
    """As variables, which arguments go before."""
    given = grade.read_arguments([], {"LAB": "3", "FOLDER": "x", "JSON": "1", "HIDDEN": ""})
    assert ("3", "x", True, None, 60) == (
        *(given.lab, given.folder, given.json, given.hidden, given.limit_s),
    )
    assert "4" == grade.read_arguments(["4"], {"LAB": "3"}).lab


def test_a_time_that_is_none_is_refused() -> None:
    """By its name."""
    with pytest.raises(SettingError, match="GRADE_SECONDS"):
        grade.limit_s({"GRADE_SECONDS": "0"})


def test_labs_may_be_of_one_s_own(tmp_path: Path) -> None:
    """In a folder that is there; else they are this checkout's."""
    assert ROOT / "labs" == grade.labs_of(None) == grade.labs_of("")
    assert tmp_path == grade.labs_of(str(tmp_path))
    with pytest.raises(SettingError, match="LABS"):
        grade.labs_of(str(tmp_path / "nothing"))


def test_hidden_tests_have_a_folder_of_their_own(tmp_path: Path) -> None:
    """What it is in is kept from functions, and they need the checkout."""
    assert tmp_path.resolve() == grade.folder_of("HIDDEN", str(tmp_path))
    for text in (str(ROOT), str(ROOT.parent), str(tmp_path / "nothing")):
        with pytest.raises(SettingError, match="HIDDEN"):
            grade.folder_of("HIDDEN", text)
