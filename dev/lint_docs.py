"""`make lint-docs`: write docs/lint.md, a heading for each of the linter's codes."""

from __future__ import annotations

from typing import Final

from localstack_standalone.lint import report
from testbed import settings, terminal

PATH: Final = settings.ROOT / "docs" / "lint.md"
HEADING: Final = """\
# What works here and fails on AWS

`make lint-pipeline` looks at this pipeline, `localstack-standalone lint [FILE|FOLDER …]` at
anybody's: definitions of state machines (`*.asl.json`, `*.asl.yaml`, and JSON or YAML with
`StartAt`), OpenAPI documents with integrations, SAM and CloudFormation templates with the
functions' code that they name, modules that have a handler, and zips. Everything is read, nothing
is run. `--json`, `--sarif` (for GitHub's code scanning) and `--explain CODE`; exit status 0:
nothing but notes, 1: warnings or errors, 2: it could not look.

To keep a finding, say why where it stands: `lint-ignore[LS301] only in the local profile`, in a
comment on its line or on the line before, or in the `Comment` or `Description` of an object around
it.

`make lint-docs` writes this page.

"""


def main() -> None:
    """Write it."""
    PATH.write_text(text(), encoding="utf-8")
    terminal.out.print(f"written: {PATH.relative_to(settings.ROOT)}")


def text() -> str:
    """The page."""
    return HEADING + report.page()


if __name__ == "__main__":
    terminal.run(main)
