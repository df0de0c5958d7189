"""`make sam-template`: write docs/template.yaml, the stack as a SAM template."""

from __future__ import annotations

from typing import Final

import yaml

from infra import sam, stack
from testbed import settings, terminal

PATH: Final = settings.ROOT / "docs" / "template.yaml"
HEADING: Final = """\
# The stack of infra/stack.py as a SAM template; `make sam-template` writes it, a test compares it.
# `make provision` does not need it; docs/decisions/0010 says why.
"""


def main() -> None:
    """Write it."""
    PATH.write_text(text(), encoding="utf-8")
    terminal.out.print(f"written: {PATH.relative_to(settings.ROOT)}")


def text() -> str:
    """The template in YAML."""
    template = sam.template(stack.RESOURCES)
    return HEADING + yaml.dump(template, Dumper=_Plain, sort_keys=False, width=100)


class _Plain(yaml.SafeDumper):
    """Writes what stands in two places twice: people read it."""

    def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002 - the interface's
        return True


if __name__ == "__main__":
    terminal.run(main)
