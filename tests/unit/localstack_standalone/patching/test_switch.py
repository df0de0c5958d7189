from __future__ import annotations

import pytest

from localstack_standalone.patching import switch

NAMES = ("first", "second", "third")


@pytest.mark.parametrize(
    ("setting", "expected"),
    [
        (None, {"first", "second", "third"}),
        ("", {"first", "second", "third"}),
        (" , ", {"first", "second", "third"}),
        ("all", {"first", "second", "third"}),
        ("off", set()),
        (" off ", set()),
        ("first", {"first"}),
        ("first, third", {"first", "third"}),
        ("all,-second", {"first", "third"}),
        ("-second", {"first", "third"}),
        ("-second,-first", {"third"}),
        ("all,-second,second", {"first", "second", "third"}),
        ("first,-first", set()),
    ],
)
def test_the_setting_chooses(setting: str | None, expected: set[str]) -> None:
    """All without a word; else what the words add and take away, in their order."""
    assert expected == switch.wanted(setting, NAMES, name="STANDALONE_PARITY")


@pytest.mark.parametrize("setting", ["nope", "all,-nope", "on", "off,first", "All", "-off", "-all"])
def test_a_word_that_is_not_known_is_refused(setting: str) -> None:
    """The error names the variable, its value and what is allowed."""
    with pytest.raises(switch.SwitchError) as refused:
        switch.wanted(setting, NAMES, name="STANDALONE_PARITY")
    for part in ("STANDALONE_PARITY", repr(setting), "off, all", "first, second, third"):
        assert part in str(refused.value)
