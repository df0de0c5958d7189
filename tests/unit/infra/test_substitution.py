import pytest

from infra.substitution import substitute
from testbed.errors import ProvisioningError


def test_names_are_replaced_wherever_they_stand() -> None:
    """Each occurrence of a name gets its value."""
    assert "x-x-y" == substitute("${A}-${A}-${B}", {"A": "x", "B": "y"}, where="f")


def test_other_dollars_are_left_alone() -> None:
    """Mapping templates and paths are full of dollars that are none of ours."""
    text = "$input.body $.x {% $states.input %} $1"
    assert text == substitute(text, {}, where="f")


def test_values_are_inserted_as_they_are() -> None:
    r"""A value with backslashes or placeholders in it is not looked into."""
    assert r"\1 ${B}" == substitute("${A}", {"A": r"\1 ${B}"}, where="f")


def test_an_unknown_name_is_an_error() -> None:
    """A placeholder without a value never reaches the cloud."""
    with pytest.raises(ProvisioningError, match=r"f: no value for \$\{B\}, \$\{C\}"):
        substitute("${A}${C}${B}", {"A": ""}, where="f")


def test_an_unused_value_is_an_error() -> None:
    """A value that no placeholder takes is a misspelling on one side."""
    with pytest.raises(ProvisioningError, match=r"f: no placeholder named \$\{B\}"):
        substitute("${A}", {"A": "", "B": ""}, where="f")
