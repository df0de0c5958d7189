from __future__ import annotations

from dev import settings_help
from testbed import setting_table


def test_the_table_replaces_the_one_before() -> None:
    """What stands around it in the README stays."""
    readme = f"before\n{settings_help.BEGIN}outdated\n{settings_help.END}after\n"
    made = settings_help.with_table(readme)
    assert made.startswith("before\n")
    assert made.endswith("after\n")
    assert "outdated" not in made
    assert settings_help.with_table(made) == made


def test_every_setting_is_in_each_text() -> None:
    """Help, table and example."""
    for text in (settings_help.text(), settings_help.table(), settings_help.example()):
        assert [] == [one.name for one in setting_table.TABLE if one.name not in text]
