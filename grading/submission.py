"""What was handed in: files that are read, never run or imported, and never followed out of it.

A folder from somebody else may hold links to files of ours, pipes that block whoever opens them,
and files without end. None of these is opened.
"""

from __future__ import annotations

import dataclasses
import io
import json
import os
import stat
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from testbed.errors import TestbedError

MOST_BYTES: Final = 1024 * 1024
MOST_FILES: Final = 200
MOST_FOLDER_BYTES: Final = 20 * 1024 * 1024
_LEFT_OUT: Final = ("__pycache__",)
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)


class SubmissionError(TestbedError):
    """Something that was handed in cannot be used; the text says what, where, and what next."""


@dataclasses.dataclass(frozen=True)
class Submission:
    """A folder that was handed in.

    Attributes:
        folder: where it is.
    """

    folder: Path

    def text(self, name: str) -> str:
        """The text in file *name*.

        Raises:
            SubmissionError: it is not there, or is no text file of a sensible size.
        """
        try:
            return self._bytes(name).decode("utf-8")
        except UnicodeDecodeError as error:
            raise SubmissionError(
                f"{name}: no text in UTF-8 at byte {error.start}; save it as UTF-8"
            ) from error

    def json(self, name: str) -> Any:
        """The JSON in file *name*.

        Raises:
            SubmissionError: as `text`, or it is no JSON.
        """
        text = self.text(name)
        try:
            return json.loads(text)
        except json.JSONDecodeError as error:
            line = text.splitlines()[error.lineno - 1].strip() if error.pos < len(text) else ""
            near = f" near {line[:60]!r}" if line else " at the end of the file"
            raise SubmissionError(
                f"{name}:{error.lineno}: no JSON{near}: {error.msg}; mend that line or the one "
                "before it, where a comma or a bracket may be one too few or too many"
            ) from error
        except RecursionError as error:
            raise SubmissionError(f"{name}: nested too deeply to be read") from error

    def zipped(self, folder: str) -> bytes:
        """The files of *folder* as a zip for Lambda.

        Raises:
            SubmissionError: it is not there, or has what a zip of code has not.
        """
        root = self.folder / folder
        if root.is_symlink() or not root.is_dir():
            raise SubmissionError(f"{folder.rstrip('/')}/ is not there, or is no folder")
        buffer, whole = io.BytesIO(), 0
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            for number, path in enumerate(_files(root, root)):
                content = self._bytes(path.relative_to(self.folder).as_posix())
                whole += len(content)
                if number >= MOST_FILES or whole > MOST_FOLDER_BYTES:
                    raise SubmissionError(
                        f"{folder.rstrip('/')}/ has more than {MOST_FILES} files, or more than "
                        f"{MOST_FOLDER_BYTES // 1024**2} MB; leave out what the function needs not"
                    )
                entry = zipfile.ZipInfo(path.relative_to(root).as_posix(), _EPOCH)
                entry.external_attr = 0o100644 << 16
                archive.writestr(entry, content, zipfile.ZIP_DEFLATED)
        return buffer.getvalue()

    def problems(self, wanted: Sequence[str]) -> list[str]:
        """What is wrong with the *wanted* files before anybody uses them, in words."""
        found = []
        for name in wanted:
            try:
                if name.endswith("/"):
                    self.zipped(name)
                elif name.endswith(".json"):
                    self.json(name)
                else:
                    self.text(name)
            except SubmissionError as error:
                found.append(str(error))
        return found

    def _bytes(self, name: str) -> bytes:
        path = self.folder / name
        inside = path.parent.resolve().is_relative_to(self.folder.resolve())
        try:
            # Neither a link nor a pipe without a writer may hold us up.
            descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        except FileNotFoundError:
            raise SubmissionError(
                f"{name} is not there; the lab's README says what is handed in, and its folder "
                "has a starting point"
            ) from None
        except OSError as error:
            raise SubmissionError(
                f"{name} cannot be read: {error.strerror}; hand in a plain file"
            ) from error
        if not inside or not stat.S_ISREG(os.fstat(descriptor).st_mode):
            os.close(descriptor)
            raise SubmissionError(f"{name} is no plain file of this folder; hand in one")
        with os.fdopen(descriptor, "rb") as file:
            content = file.read(MOST_BYTES + 1)
        if len(content) > MOST_BYTES:
            raise SubmissionError(f"{name} has more than {MOST_BYTES // 1024} kB")
        return content


def _files(folder: Path, root: Path) -> Iterator[Path]:
    """All that is no folder, in order; links are no folders, whatever they lead to.

    Raises:
        SubmissionError: a folder cannot be looked into.
    """
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError as error:
        raise SubmissionError(
            f"{folder.relative_to(root.parent)}/ cannot be read: {error.strerror}"
        ) from error
    for entry in entries:
        if entry.name in _LEFT_OUT:
            continue
        if entry.is_dir(follow_symlinks=False):
            yield from _files(Path(entry.path), root)
        else:
            yield Path(entry.path)
