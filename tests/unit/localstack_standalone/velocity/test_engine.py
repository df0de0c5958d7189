from __future__ import annotations

import pytest

from runs import mapping
from tests.support.velocity_constructs import BODY, CONSTRUCTS


@pytest.mark.parametrize(("construct", "shown"), CONSTRUCTS)
def test_a_construct_renders_as_on_aws(construct: str, shown: str) -> None:
    """Velocity's and Java's documentation give the result of each."""
    template = f"#set($body = $input.path('$')){construct}"
    assert shown == mapping.render(template, BODY, {}).text


@pytest.mark.parametrize(
    ("construct", "named"),
    [
        ("$nothing", "$nothing"),
        ("${nothing}", "$nothing"),
        ("$body.message.nope()", "$body.message.nope()"),
        ("$body.map.getOops.more", "$body.map.getOops"),
        ("#if($body.message.nope())#end", "$body.message.nope()"),
        ("$input.nope('$')", "$input.nope"),
        ("$!nothing", ""),
        ("$body.map.b.c", ""),
        ("#set($m = {})$m.put('a', 1)", ""),
    ],
)
def test_what_nothing_is_known_of_is_named(construct: str, named: str) -> None:
    """A typo would render as nothing; `$!` asks for that, and a null that is there is known."""
    note = mapping.render(f"#set($body = $input.path('$')){construct}", BODY, {}).note
    assert named in note
    assert bool(named) == bool(note)
