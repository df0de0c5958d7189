"""The settings, for `make help`; with --readme, writes the README's table and .env.example anew.

Runs under any Python 3.8 or newer, before anything is installed, with the standard library alone.
"""

from __future__ import annotations

import contextlib
import pathlib
import sys
from collections.abc import Sequence

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
from testbed import setting_table  # noqa: E402 - found by the line above

BEGIN, END = "<!-- settings: made by `make settings-docs` -->\n", "<!-- settings end -->\n"

EXAMPLE = """\
# Settings of this checkout, for `make` and for `docker compose` alike: copy this file to .env.
# What make's command line says goes before, then the environment. (`docker compose` by itself
# checks nothing, and knows no "auto".) Made by `make settings-docs` from testbed/setting_table.py.
"""


def main(arguments: Sequence[str]) -> None:
    """Print the settings, or write what is made of them."""
    if "--readme" not in arguments:
        with contextlib.suppress(BrokenPipeError):  # `make help | head`
            print(text(), flush=True)
        return
    readme = ROOT / "README.md"
    readme.write_text(with_table(readme.read_text(encoding="utf-8")), encoding="utf-8")
    (ROOT / ".env.example").write_text(example(), encoding="utf-8")


def text() -> str:
    """One line a setting."""
    lines = ["", "settings, as in `make up PORT=auto`, in the environment, or in .env:"]
    for setting in setting_table.TABLE:
        default = f" [{setting.default}]" if setting.default else ""
        lines.append(f"  {setting.name:42} {setting.help.replace('`', '')}{default}")
    return "\n".join(lines)


def table() -> str:
    """The README's table."""
    rows = ["| setting | default | what it is |", "|---|---|---|"]
    for setting in setting_table.TABLE:
        default = setting.default if " " in setting.default else f"`{setting.default}`"
        rows.append(f"| `{setting.name}` | {default.replace('``', '')} | {setting.help} |")
    return "\n".join(rows) + "\n"


def with_table(readme: str) -> str:
    """The README's text with the table as it is now."""
    before, rest = readme.split(BEGIN)
    return before + BEGIN + table() + END + rest.split(END, 1)[1]


def example() -> str:
    """What .env.example holds: every setting, commented out, as by default."""
    lines = [EXAMPLE]
    for setting in setting_table.TABLE:
        words = setting.help.replace("`", "")
        told = f" (by default: {setting.default})" if " " in setting.default else ""
        default = "" if told else setting.default
        lines.append(f"\n# {words}{told}\n#{setting.name}={default}\n")
    return "".join(lines)


if __name__ == "__main__":
    main(sys.argv[1:])
