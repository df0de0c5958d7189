"""What earlier versions left in a state folder: no marker, and a record of another form.

They had a file for each target, `emulator.json` and `compose.json`.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from pathlib import Path
from typing import Any, Final

from localstack_standalone.launcher import record, state_folder
from localstack_standalone.launcher.record import Record

# What each has in it at least.
RECORDS: Final = {
    "emulator.json": {"pid", "created", "port"},
    "compose.json": {"project", "port"},
    "outputs.json": {"target", "endpoint", "api_url"},
}
_OF_A_START: Final = frozenset({"emulator.json", "compose.json", "lock"})
_LOG_SAYS: Final = b"LocalStack version: "
_LOG_BYTES: Final = 64 * 1024


def is_testbed(folder: Path, entries: Collection[str]) -> bool:
    """Whether *folder* has a record or a log of ours, and nothing beside our *entries*."""
    names = {entry.name for entry in folder.iterdir()} if folder.is_dir() else set()
    if names and names <= _OF_A_START:  # one that was cut off while it wrote its record
        return True
    return names <= set(entries) and any(_is_record(folder / name) for name in names)


def adopt(folder: Path, entries: Collection[str]) -> None:
    """Bring what an earlier version left in *folder* to what this one finds and stops."""
    docker, embedded = (_json(folder / name) for name in ("compose.json", record.FILE_NAME))
    is_marked = state_folder.is_ours(folder)
    if not is_marked and not is_testbed(folder, entries):
        return
    if docker.keys() >= {"project", "port", "image_tag", "memory"}:
        identity = {"project": docker["project"]}
        container = {"IMAGE_TAG": docker["image_tag"], "MEMORY": docker["memory"]}
        settings = container | docker.get("settings", {})
        record.write(folder, Record("docker", docker["port"], identity, settings))
        (folder / "compose.json").unlink()
    elif embedded.keys() >= {"pid", "created", "port"}:
        identity = {name: embedded[name] for name in ("pid", "created")}
        settings = embedded.get("settings", {})
        record.write(folder, Record("embedded", embedded["port"], identity, settings))
    if not is_marked:
        state_folder.mark(folder)


def _is_record(path: Path) -> bool:
    """Whether *path* is what its name says: others call their files so, too."""
    if path.name == "emulator.log" and path.is_file():
        with path.open("rb") as log:
            return _LOG_SAYS in log.read(_LOG_BYTES)
    return RECORDS.get(path.name, {""}) <= _json(path).keys()


def _json(path: Path) -> dict[str, Any]:
    """The object in the file at *path*; nothing where there is none."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
