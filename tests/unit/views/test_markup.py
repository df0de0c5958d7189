from __future__ import annotations

from typing import TYPE_CHECKING

import jinja2
import pytest
from markupsafe import Markup

from views.markup import Templates

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def templates(tmp_path: Path) -> Templates:
    (tmp_path / "link.html").write_text('<a title="{{ title }}">{{ text }}</a>', encoding="utf-8")
    return Templates(tmp_path)


def test_text_is_escaped_in_content_and_in_attributes(templates: Templates) -> None:
    """Quotes too: they would end an attribute."""
    made = templates.render("link.html", title="\"'", text="<b>&</b>")
    assert '<a title="&#34;&#39;">&lt;b&gt;&amp;&lt;/b&gt;</a>' == made


def test_markup_stands_as_it_is(templates: Templates) -> None:
    """So that one template's result can stand in another."""
    inner = templates.render("link.html", title="", text="<")
    assert f'<a title="">{inner}</a>' == templates.render("link.html", title="", text=inner)
    assert isinstance(inner, Markup)


def test_a_value_that_is_not_given_is_an_error(templates: Templates) -> None:
    """An empty place would not be seen."""
    with pytest.raises(jinja2.UndefinedError, match="title"):
        templates.render("link.html", text="")
