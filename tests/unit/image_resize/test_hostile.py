"""Hostile files: each is refused in time, within memory, with a code that says why."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.corpus import hostile

ROOT = Path(__file__).parents[3]
FILES = [*hostile.everything(), *hostile.survivable()]


@pytest.fixture(scope="module")
def verdicts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """What came of each file, judged by a process of its own."""
    directory = tmp_path_factory.mktemp("hostile")
    for each in FILES:
        (directory / each.name).write_bytes(each.content)
    done = subprocess.run(
        [sys.executable, "-m", "tests.corpus.judge", directory],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(["lambda", "."])},
        capture_output=True,
        text=True,
        check=True,
    )
    return {verdict["name"]: verdict for verdict in map(json.loads, done.stdout.splitlines())}


@pytest.mark.parametrize("file", FILES, ids=str)
def test_a_hostile_file_gets_its_code(
    file: hostile.Hostile, verdicts: dict[str, dict[str, Any]]
) -> None:
    """Bombs are too large, scan bombs too complex, lies corrupt, other formats unsupported."""
    assert verdicts[file.name]["outcome"] in file.codes


@pytest.mark.parametrize("file", FILES, ids=str)
def test_a_hostile_file_takes_12_seconds_and_1_gigabyte_at_most(
    file: hostile.Hostile, verdicts: dict[str, dict[str, Any]]
) -> None:
    """Neither the decoder nor the function itself passes the memory that Lambda gives."""
    verdict = verdicts[file.name]
    assert verdict["seconds"] < 12
    assert verdict["child_peak_bytes"] < 10**9
    assert verdict["parent_peak_bytes"] < 10**9


def test_the_corpus_is_large_enough() -> None:
    """At least 25 hostile files, under names of their own."""
    assert len(FILES) == len({each.name for each in FILES})
    assert len(hostile.everything()) >= 25
