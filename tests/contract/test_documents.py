"""What the documents tell of codes and limits is what the code does."""

from __future__ import annotations

import json
import re
from typing import get_args

import pytest

from client import submit
from image_resize import cost, guard, request, sniff, storage
from image_resize.errors import Code
from infra import api_definition
from infra.resources import function
from testbed.settings import ROOT

API = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
FUNCTION = (ROOT / "docs" / "image-function.md").read_text(encoding="utf-8")
MACHINE = json.loads((ROOT / "statemachine" / "image_processing.asl.json").read_text("utf-8"))


def section(text: str, heading: str) -> str:
    """What stands below *heading*, up to the next one."""
    return text.partition(f"# {heading}\n")[2].partition("\n#")[0]


def first_column(table: str) -> set[str]:
    """The words in code type in the first cell of each row."""
    rows = [line.split("|")[1] for line in table.splitlines() if line.startswith("| `")]
    return {word for cell in rows for word in re.findall(r"`([^`]+)`", cell)}


def test_every_code_is_explained_and_no_other() -> None:
    """The table of refusals and the function's codes are the same."""
    assert {code.value for code in Code} == first_column(section(API, "Refusals"))


def test_every_error_that_is_retried_is_explained() -> None:
    """Whoever sees a name of the definition's Retry finds it in the table of errors."""
    retried = [
        name for rule in MACHINE["States"]["ResizeImage"]["Retry"] for name in rule["ErrorEquals"]
    ]
    assert set(retried) <= first_column(section(API, "Errors"))


def test_every_field_of_a_request_is_explained() -> None:
    """The table of fields has those of the function's ResizeRequest, under the event's names."""
    fields = {name.removesuffix("_px") for name in request.ResizeRequest.__dataclass_fields__}
    assert fields == first_column(section(API, "Request"))


@pytest.mark.parametrize("name", ["format", "mode"])
def test_every_choice_is_told(name: str) -> None:
    """All values of `format` and `mode`, the default first."""
    allowed = get_args({"format": request.OutputFormat, "mode": request.Mode}[name])
    row = next(line for line in API.splitlines() if line.startswith(f"| `{name}` "))
    assert list(allowed) == re.findall(r"`([a-z]+)`", row.split("|")[2])
    assert f" `{allowed[0]}` " == row.split("|")[3]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (API, f"{request.MIN_SIZE_PX} to {request.MAX_SIZE_PX} | {request.DEFAULT_SIZE_PX} |"),
        (API, f"{request.MAX_KEY_BYTES - len(request.PREFIX):,} bytes"),
        (API, f"({storage.MAX_OBJECT_BYTES:,} bytes)"),
        (API, json.dumps(api_definition.BAD_BODY)),
        (API, f"{cost.MAX_PIXELS // 10**6} megapixels"),
        (API, f"{sniff.MAX_JPEG_SCANS} scans or {sniff.MAX_JPEG_SEGMENTS:,} segments"),
        (API, f"did not end within {guard.DEFAULT_LIMITS.wall_s:g} s"),
        (API, f"| {MACHINE['TimeoutSeconds']} seconds were not enough |"),
        (API, f"the task took over {MACHINE['States']['ResizeImage']['TimeoutSeconds']} s"),
        (API, f"took over {function.TIMEOUT_S} s"),
        (FUNCTION, f"{function.MEMORY_MB} MB, {function.TIMEOUT_S} s"),
        (FUNCTION, f"({storage.MAX_OBJECT_BYTES:,} bytes)"),
        (FUNCTION, f"{cost.MAX_PIXELS // 10**6} million"),
        (FUNCTION, f"{cost.MEMORY_BUDGET_BYTES >> 20} MB"),
        (FUNCTION, f"{guard.DEFAULT_LIMITS.data_bytes >> 20} MB of data"),
        (FUNCTION, f"{sniff.MAX_JPEG_SCANS} and {sniff.MAX_JPEG_SEGMENTS:,}"),
        (FUNCTION, f"Cache-Control: {storage.CACHE_CONTROL}"),
    ],
)
def test_limits_are_those_of_the_code(text: str, told: str) -> None:
    """A number that changes in the code has to change in the document."""
    assert told in text


def test_files_are_refused_by_the_functions_own_limit() -> None:
    """What is not uploaded is what the function would not read."""
    assert storage.MAX_OBJECT_BYTES == submit.MOST_BYTES


def test_each_line_on_security_has_its_tests() -> None:
    """A test that is named is there; a line without one would be a wish."""
    text = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
    rows = [line for line in text.splitlines() if re.match(r"\| (?!protected)[^-]", line)]
    assert rows
    for row in rows:
        named = re.findall(r"`([^`]+)`", row.rsplit("|", 2)[1])
        assert named, row
        folder = ""
        for name in named:
            if name.startswith("make "):
                continue
            place = name.replace("…", folder)
            folder = place.rpartition("/")[0]
            there = ROOT / "tests" / place
            assert there.with_suffix(".py").exists() or there.is_dir(), name
