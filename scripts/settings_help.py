"""The settings, for `make help`; with --readme, writes the README's table and .env.example anew.

Runs under any Python 3.8 or newer, before anything is installed, with the standard library alone.
"""

import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
from testbed import setting_table  # noqa: E402 - found by the line above

BEGIN, END = "<!-- settings: made by `make settings-docs` -->\n", "<!-- settings end -->\n"
# Settings that Compose reads from `.env` as well.
EXAMPLE = ("PORT", "MEMORY", "IMAGE_TAG", "PIP_INDEX_URL", "UV_DEFAULT_INDEX", "TARGET")


def main(arguments):
    """Print the settings, or write what is made of them."""
    if "--readme" not in arguments:
        print(text())
        return
    readme = ROOT / "README.md"
    readme.write_text(with_table(readme.read_text(encoding="utf-8")), encoding="utf-8")


def text():
    """One line a setting."""
    lines = ["", "settings, as in `make up PORT=auto`, in the environment, or in .env:"]
    for setting in setting_table.TABLE:
        default = " [%s]" % setting.default if setting.default else ""
        lines.append("  %-42s %s%s" % (setting.name, setting.help.replace("`", ""), default))
    return "\n".join(lines)


def table():
    """The README's table."""
    rows = ["| setting | default | what it is |", "|---|---|---|"]
    for setting in setting_table.TABLE:
        default = "`%s`" % setting.default if " " not in setting.default else setting.default
        rows.append("| `%s` | %s | %s |" % (setting.name, default.replace("``", ""), setting.help))
    return "\n".join(rows) + "\n"


def with_table(readme):
    """The README's text with the table as it is now."""
    before, rest = readme.split(BEGIN)
    return before + BEGIN + table() + END + rest.split(END, 1)[1]


if __name__ == "__main__":
    main(sys.argv[1:])
