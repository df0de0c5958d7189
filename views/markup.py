"""HTML from jinja2 templates: what goes in is escaped, unless it is markup already."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import jinja2
from markupsafe import Markup


class Templates:
    """The templates of one folder."""

    def __init__(self, folder: Path) -> None:
        self._environment = jinja2.Environment(
            loader=jinja2.FileSystemLoader(folder),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    def render(self, name: str, /, **values: object) -> Markup:
        """The template in file *name* with *values*; text among them is escaped, `Markup` is not.

        Raises:
            jinja2.UndefinedError: the template names a value that is not given.
        """
        return Markup(self._environment.get_template(name).render(**values))  # noqa: S704 - escaped


VIEWS: Final = Templates(Path(__file__).parent / "templates")
