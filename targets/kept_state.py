"""What an emulator says of the state that it keeps (the plugin's `persistence/report`), and gives.

Snapshots are files here: an emulator names no path of this machine, and is named none.
"""

from __future__ import annotations

import contextlib
import dataclasses
import http.client
import json
import re
import shlex
import shutil
import urllib.error
import urllib.request
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

from localstack_standalone.launcher import health
from targets import state
from testbed import setting_table, settings
from testbed.errors import EmulatorError, NotRunningError, SettingError

PATH: Final = "standalone/state"
SUFFIX: Final = ".zip"
# What people count; all else is told as records.
_WORDS: Final = {
    "s3.bucket": "buckets",
    "s3.object": "objects",
    "stepfunctions.execution": "executions",
    "logs.events": "batches of log events",
}
_UNCOUNTED: Final = frozenset(
    {
        "s3.body",
        *(f"stepfunctions.{each}" for each in ("event", "outcome", "revision", "token")),
    }
)
_TIMEOUT_S: Final = 120.0
_MOST_MANIFEST_BYTES: Final = 64 * 1024
_MOST_NAME: Final = 64
_NOT_KEPT: Final = 409
_KB: Final = 1024
_NOTHING_KEPT: Final = (
    "this testbed keeps no state (PERSIST=0, or another engine than LocalStack): there is nothing "
    "to save, or to load into; `make down` and `make up PERSIST=1` start one that does"
)


@dataclasses.dataclass(frozen=True)
class UnreadState:
    """State of before that could not be read.

    Attributes:
        where: the folder that it was moved to, as the emulator names it.
        why: what is wrong with it.
        now: whether that was at this start.
    """

    where: str
    why: str
    now: bool


@dataclasses.dataclass(frozen=True)
class KeptReport:
    """What is kept.

    Attributes:
        where: the folder, as the emulator names it.
        since: when it began, as ISO 8601 has it.
        size: in bytes.
        counts: how many records of each kind.
        unread: what was set aside.
        unkept: operations of which something is in memory alone, by a fault of the emulator's.
        facts: what services tell of theirs.
    """

    where: str
    since: str
    size: int
    counts: Mapping[str, int]
    unread: tuple[UnreadState, ...] = ()
    unkept: tuple[str, ...] = ()
    facts: Mapping[str, Any] = dataclasses.field(default_factory=dict)

    @property
    def resumed(self) -> list[str]:
        """The executions that went on when the emulator was started, by ARN."""
        return [each["arn"] for each in self._executions if each["goes_on"]]

    @property
    def ended(self) -> list[str]:
        """Those that could not, each with how it ended and why."""
        told = [each for each in self._executions if not each["goes_on"]]
        return [f"{each['arn']}: {each['status']}, {each['reason']}" for each in told]

    @property
    def _executions(self) -> Sequence[Mapping[str, Any]]:
        found: Sequence[Mapping[str, Any]] = self.facts.get("stepfunctions", ())
        return found

    def __str__(self) -> str:
        """How much, in words."""
        return in_words(self.counts)


@dataclasses.dataclass(frozen=True)
class SavedState:
    """A snapshot.

    Attributes:
        path: the file.
        manifest: what it says of itself; None where it is no snapshot.
    """

    path: Path
    manifest: Mapping[str, Any] | None

    @classmethod
    def of(cls, path: Path) -> SavedState:
        """The one in the file *path*."""
        return cls(path, manifest(path))

    def __str__(self) -> str:
        """What is in it, in words."""
        counts = (self.manifest or {}).get("counts")
        return in_words(counts) if isinstance(counts, dict) else "no snapshot"


def in_words(counts: Mapping[str, int]) -> str:
    """*counts* of records, as people name them."""
    named = [f"{counts[kind]} {word}" for kind, word in _WORDS.items() if counts.get(kind)]
    others = sum(
        number
        for kind, number in counts.items()
        if kind not in _WORDS and kind not in _UNCOUNTED and isinstance(number, int)
    )
    listed = [*named, f"{others} other records"] if others else named
    return ", ".join(listed) or "nothing yet"


def size_in_words(size: int) -> str:
    """A size in bytes, as people write it."""
    return f"{size / _KB / _KB:.1f} MB" if size >= _KB * _KB else f"{size / _KB:.0f} kB"


def fetch(endpoint: str) -> KeptReport | None:
    """Ask the emulator at *endpoint*; None where nothing is kept, or it does not tell."""
    try:
        return read(health.fetch(endpoint, PATH))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def read(told: dict[str, Any]) -> KeptReport | None:
    """The report that *told* is."""
    kept = told["kept"]
    if kept is None:
        return None
    return KeptReport(
        where=kept["where"],
        since=kept["since"],
        size=kept["bytes"],
        counts=kept["counts"],
        unread=tuple(
            UnreadState(each["where"], each["why"], each["now"]) for each in told["set_aside"]
        ),
        unkept=tuple(told["unkept"]),
        facts=told["facts"],
    )


def reset(endpoint: str) -> float:
    """Empty the emulator at *endpoint*; how many seconds that took.

    Raises:
        NotRunningError: it does not answer.
        EmulatorError: it does not do it.
    """
    body = json.dumps({"action": "reset"}).encode()
    with _ask(endpoint, "", body, "application/json") as answer:
        return float(json.load(answer)["seconds"])


def save(endpoint: str, name: str, target: Path) -> None:
    """Write the state of the emulator at *endpoint* to the new file *target*.

    Raises:
        NotRunningError: it does not answer.
        EmulatorError: nothing is kept, *target* is there already, or cannot be written.
    """
    if target.exists():
        raise EmulatorError(f"{target} is there already; delete it, or take another name")
    scratch = target.with_name(f"{target.name}.new")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with (
            _ask(endpoint, f"/snapshot?{urlencode({'name': name})}") as answer,
            scratch.open("wb") as opened,
        ):
            shutil.copyfileobj(answer, opened)
        scratch.replace(target)
    except OSError as error:
        raise EmulatorError(f"{target} cannot be written: {error}") from error
    finally:
        with contextlib.suppress(OSError):
            scratch.unlink()


def load(endpoint: str, file: Path) -> None:
    """Have the emulator at *endpoint* begin with the snapshot *file* when it is started next.

    Raises:
        NotRunningError: it does not answer.
        EmulatorError: nothing is kept, or it is no snapshot that it reads; nothing was changed.
    """
    try:
        content = file.read_bytes()
    except OSError as error:
        raise EmulatorError(f"{file} cannot be read: {error}") from error
    with _ask(endpoint, "/snapshot", content, "application/zip"):
        return


def snapshots(state_dir: Path) -> list[SavedState]:
    """Those in *state_dir*, by name."""
    folder = state_dir / state.SNAPSHOTS
    return [SavedState.of(path) for path in sorted(folder.glob(f"*{SUFFIX}"))]


def name_of(environ: Mapping[str, str]) -> str:
    """The snapshot's name that NAME, or else FILE, gives.

    Raises:
        SettingError: neither does.
    """
    given = "NAME" in setting_table.given_on_command_line(environ) and environ.get("NAME")
    file = environ.get("FILE") or ""
    if given:
        return settings.value(environ, "NAME", "")
    if not file:
        raise SettingError("NAME", "", "a snapshot's name, such as NAME=lesson-1, or FILE a path")
    stem = re.sub(r"[^A-Za-z0-9._-]+", "-", Path(file).stem).strip("-._")[:_MOST_NAME]
    return stem or "state"


def file_of(environ: Mapping[str, str], state_dir: Path, name: str) -> Path:
    """The file that FILE says, else that of the snapshot *name* in *state_dir*."""
    file = environ.get("FILE") or ""
    if file:
        return settings.path_of("FILE", file).absolute()
    return in_folder(state_dir / state.SNAPSHOTS, name)


def in_folder(folder: Path, name: str) -> Path:
    """The file of the snapshot *name* in *folder*."""
    return folder / f"{name}{SUFFIX}"


def named(environ: Mapping[str, str]) -> str:
    """How a command line says which snapshot it is about."""
    file = environ.get("FILE") or ""
    return f"FILE={shlex.quote(file)}" if file else f"NAME={environ.get('NAME', '')}"


def manifest(path: Path) -> Mapping[str, Any] | None:
    """What a snapshot says of itself; None where it is none."""
    try:
        with zipfile.ZipFile(path) as packed, packed.open("manifest.json") as opened:
            told = json.loads(opened.read(_MOST_MANIFEST_BYTES))
    except (OSError, KeyError, ValueError, RuntimeError, RecursionError, zipfile.BadZipFile):
        return None
    return told if isinstance(told, dict) else None


def _ask(
    endpoint: str, path: str, body: bytes | None = None, kind: str = ""
) -> http.client.HTTPResponse:
    request = urllib.request.Request(  # noqa: S310 - the emulator's own address
        f"{endpoint}/_localstack/{PATH}{path}", data=body, headers={"Content-Type": kind}
    )
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        answer: http.client.HTTPResponse = opener.open(request, timeout=_TIMEOUT_S)
    except urllib.error.HTTPError as error:
        words = error.read().decode(errors="replace")
        raise EmulatorError(_NOTHING_KEPT if error.code == _NOT_KEPT else words) from error
    except OSError as error:
        raise NotRunningError(f"{endpoint} does not answer ({error})") from error
    return answer
