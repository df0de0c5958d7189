"""``/_localstack/standalone/state``: what is kept and was set aside; empties, saves and loads."""

from __future__ import annotations

import dataclasses
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any, Final

from localstack.http import Response
from localstack.services.internal import get_internal_apis
from localstack.version import version as localstack_version

from localstack_standalone import __version__
from localstack_standalone.persistence import database, folder, reset, snapshot
from localstack_standalone.persistence.errors import NotSavedError, PersistenceError
from localstack_standalone.persistence.folder import SetAside
from localstack_standalone.persistence.handler import Saving

PATH: Final = "/_localstack/standalone/state"
SNAPSHOT: Final = f"{PATH}/snapshot"
_ZIP: Final = "application/zip"
_NOTHING_KEPT: Final = (
    "nothing is kept by this emulator: it was started without a folder for that "
    "(STANDALONE_PERSISTENCE)"
)
_CHUNK_BYTES: Final = 1024 * 1024


@dataclasses.dataclass(frozen=True)
class KeptState:
    """What an emulator keeps.

    Attributes:
        saving: who keeps it.
        place: the folder of it.
        now: what was set aside at this start.
    """

    saving: Saving
    place: Path
    now: SetAside | None

    def told(self) -> dict[str, Any]:
        """It, as data."""
        kept = self.saving.keepers.journal
        kept.settle()
        return {
            "kept": {
                "where": str(self.place),
                "format": database.FORMAT,
                "since": kept.since(),
                "bytes": kept.size(),
                "counts": kept.counts(),
            },
            "set_aside": [
                {"where": str(each.path), "why": each.why, "now": each == self.now}
                for each in folder.set_aside_before(self.place)
            ],
            "unkept": sorted(self.saving.unkept),
            "facts": self.saving.keepers.facts(),
        }

    def saved(self, name: str) -> IO[bytes]:
        """A snapshot of it."""
        target = self.place / "snapshot.new"
        versions = {"plugin": __version__, "localstack": localstack_version}
        snapshot.save(self.saving.keepers.journal, target, name=name, **versions)
        try:
            return target.open("rb")
        finally:
            target.unlink()  # it is there until it was read

    def load(self, stream: IO[bytes]) -> snapshot.Manifest:
        """Have the next start begin with the snapshot that comes."""
        arrived = self.place / "arrived.new"
        try:
            _write(stream, arrived)
            with arrived.open("rb") as file:
                return snapshot.take_in(self.place, file, localstack=localstack_version)
        finally:
            arrived.unlink(missing_ok=True)


class StateReport:
    """Answers for one emulator, which keeps *kept* or nothing."""

    def __init__(self, kept: KeptState | None) -> None:
        self._kept = kept
        self._one_at_a_time = threading.Lock()

    def offer(self) -> None:
        """Tell whoever asks; the origin guard lets no web page of another origin in.

        GET; POST ``{"action": "reset"}``. A snapshot is the answer of GET ``…/snapshot?name=…``,
        and what is POSTed there is loaded at the next start.
        """
        apis = get_internal_apis()
        apis.add(PATH, self._state, methods=["GET", "POST"])
        apis.add(SNAPSHOT, self._snapshot, methods=["GET", "POST"])

    def _state(self, request: Any) -> Any:
        if request.method == "GET":
            return self._answered(lambda: self._kept.told() if self._kept else {"kept": None})
        asked = request.get_json(silent=True)
        if asked != {"action": "reset"}:
            return Response('what is POSTed has to be {"action": "reset"}', 400)
        return self._answered(self._reset)

    def _reset(self) -> dict[str, Any]:
        began = time.monotonic()
        reset.empty(self._kept.saving.keepers if self._kept else None)
        return {"seconds": round(time.monotonic() - began, 3)}

    def _snapshot(self, request: Any) -> Any:
        kept = self._kept
        if kept is None:
            return Response(_NOTHING_KEPT, 409)
        if request.method == "GET":
            name = request.args.get("name", "state")
            return self._answered(lambda: Response(_chunks(kept.saved(name)), mimetype=_ZIP))
        return self._answered(
            lambda: {"loaded_at_the_next_start": dataclasses.asdict(kept.load(request.stream))}
        )

    def _answered(self, do: Callable[[], Any]) -> Any:
        """What *do* gives, or its error in words; one such request at a time."""
        try:
            with self._one_at_a_time:
                return do()
        except NotSavedError as error:
            return Response(str(error), 507)  # Insufficient Storage, RFC 4918, section 11.5
        except PersistenceError as error:
            return Response(str(error), 400)


def _chunks(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while chunk := file.read(_CHUNK_BYTES):
            yield chunk


def _write(stream: IO[bytes], target: Path) -> None:
    left = snapshot.MOST_BYTES
    try:
        with target.open("wb") as opened:
            while chunk := stream.read(_CHUNK_BYTES):
                left -= len(chunk)
                if left < 0:
                    raise snapshot.SnapshotError(f"it is larger than {snapshot.MOST_BYTES} bytes")
                opened.write(chunk)
    except OSError as error:
        raise NotSavedError(target, str(error)) from error
