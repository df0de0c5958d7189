"""Unpacks what a function or a layer is made of, and writes nowhere but into its folder.

A zip comes from wherever its author found it. LocalStack unzips with whatever ``unzip`` the machine
has and then changes modes through links: an archive with links wrote to, and opened, files of the
host, before any function ran.
"""

from __future__ import annotations

import shutil
import stat
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import IO, Final

# Everybody reads and enters: a worker may be another user.
MODE: Final = 0o755
FILE_MODE: Final = 0o644
ANYBODY_RUNS: Final = 0o111
# AWS's limit for function and layers, unzipped (Lambda quotas).
LONGEST_TOTAL_BYTES: Final = 262_144_000
LONGEST_NAME_BYTES: Final = 255
LONGEST_LINK_BYTES: Final = 4096
# As many links as Linux follows for one path (path_resolution(7)).
LINKS_FOLLOWED: Final = 40
ENCRYPTED: Final = 0x1
UNIX: Final = 3
PIECE_BYTES: Final = 1024 * 1024

Parts = tuple[str, ...]


class UnsafeArchiveError(ValueError):
    """An archive that is damaged, or that would reach out of its folder."""


def check(archive: IO[bytes]) -> None:
    """Read *archive* as `unpack` would, and write nothing.

    Raises:
        UnsafeArchiveError: the message says which entry, and why.
    """
    for _ in _contents(archive):
        pass


def unpack(archive: str | IO[bytes], folder: Path) -> None:
    """Unpack *archive*, or the one at that path, into *folder*, which is empty.

    Links come last, when nothing is written any more: nothing can be written through one.

    Raises:
        UnsafeArchiveError: the message says which entry, and why.
    """
    folder.chmod(MODE)
    links: dict[Parts, str] = {}
    for parts, content, mode in _contents(archive):
        target = folder.joinpath(*parts)
        if isinstance(content, str):
            links[parts] = content
        elif content is None:
            _folders(folder, parts)
        else:
            _folders(folder, parts[:-1])
            with target.open("wb") as file:
                for piece in content:
                    file.write(piece)
            target.chmod(mode)
    for parts, leads_to in links.items():
        _folders(folder, parts[:-1])
        folder.joinpath(*parts).symlink_to(leads_to)


def merge(source: Path, target: Path) -> None:
    """Lay the tree *source* over *target*; files are shared by hard links where that can be.

    What was there under the same name gives way, a link too: nothing is written through it.
    """
    target.mkdir(parents=True, exist_ok=True)
    for entry in source.iterdir():
        place = target / entry.name
        if entry.is_dir() and not entry.is_symlink():
            if place.is_symlink() or place.is_file():
                place.unlink()
            merge(entry, place)
            continue
        if place.is_dir() and not place.is_symlink():
            shutil.rmtree(place)
        place.unlink(missing_ok=True)
        if entry.is_symlink():
            place.symlink_to(entry.readlink())
        else:
            _share(entry, place)


def _share(source: Path, target: Path) -> None:
    try:
        target.hardlink_to(source)
    except OSError:  # another file system, or too many links
        shutil.copy2(source, target)


def _folders(folder: Path, parts: Parts) -> None:
    for part in parts:
        folder /= part
        if not folder.is_dir():
            folder.mkdir()
            folder.chmod(MODE)


def _contents(
    archive: str | IO[bytes],
) -> Iterator[tuple[Parts, str | Iterator[bytes] | None, int]]:
    """Each entry: its path, where a link leads to, None for a folder, or a file's pieces; its mode.

    The pieces of a file are read before the next entry is asked for, or never.
    """
    try:
        with zipfile.ZipFile(archive) as opened:
            # Of several with the same path the last, as zip tools have it.
            entries = {parts: entry for entry in opened.infolist() if (parts := _parts(entry))}
            links = {
                parts: _link_target(opened, entry)
                for parts, entry in entries.items()
                if _is_link(entry)
            }
            _refuse_bad_places(entries, links)
            total = 0

            def pieces_of(entry: zipfile.ZipInfo) -> Iterator[bytes]:
                """Counted: an entry's own word for its size may be a lie."""
                nonlocal total
                with opened.open(entry) as file:
                    while piece := file.read(PIECE_BYTES):
                        total += len(piece)
                        if total > LONGEST_TOTAL_BYTES:
                            raise UnsafeArchiveError(
                                f"unzipped it is larger than {LONGEST_TOTAL_BYTES} bytes"
                            )
                        yield piece

            for parts, entry in entries.items():
                if entry.is_dir():
                    yield parts, None, MODE
                elif parts in links:
                    yield parts, links[parts], MODE
                else:
                    pieces = pieces_of(entry)
                    yield parts, pieces, _mode(entry)
                    for _ in pieces:  # what nobody has read is checked, too
                        pass
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise UnsafeArchiveError(f"the archive is damaged: {error}") from error


def _parts(entry: zipfile.ZipInfo) -> Parts:
    """The path of *entry* below the folder.

    Raises:
        UnsafeArchiveError: it leads out of it, or is none.
    """
    name = entry.filename
    parts = tuple(part for part in name.split("/") if part not in ("", "."))
    if name.startswith("/") or ".." in parts or "\0" in name:
        raise UnsafeArchiveError(f"{name!r} is not below the archive's own root")
    if any(len(part.encode(errors="surrogateescape")) > LONGEST_NAME_BYTES for part in parts):
        raise UnsafeArchiveError(f"{name[:80]!r}… has a name of more than 255 bytes")
    if entry.flag_bits & ENCRYPTED:
        raise UnsafeArchiveError(f"{name!r} is encrypted")
    kind = stat.S_IFMT(entry.external_attr >> 16) if entry.create_system == UNIX else 0
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR, stat.S_IFLNK):
        raise UnsafeArchiveError(f"{name!r} is neither a file, a folder nor a link")
    return parts


def _mode(entry: zipfile.ZipInfo) -> int:
    """A program's where the archive says so; archives made on Windows never do, as on AWS."""
    runs = entry.create_system == UNIX and entry.external_attr >> 16 & ANYBODY_RUNS
    return MODE if runs else FILE_MODE


def _is_link(entry: zipfile.ZipInfo) -> bool:
    return entry.create_system == UNIX and stat.S_ISLNK(entry.external_attr >> 16)


def _link_target(opened: zipfile.ZipFile, entry: zipfile.ZipInfo) -> str:
    with opened.open(entry) as file:
        target = file.read(LONGEST_LINK_BYTES + 1)
    if not target or len(target) > LONGEST_LINK_BYTES or b"\0" in target:
        raise UnsafeArchiveError(f"{entry.filename!r} is a link that leads nowhere")
    return target.decode(errors="surrogateescape")


def _refuse_bad_places(entries: dict[Parts, zipfile.ZipInfo], links: dict[Parts, str]) -> None:
    """Refuse links that lead out, and entries below a link or a file."""
    for parts, entry in entries.items():
        for length in range(1, len(parts)):
            above = entries.get(parts[:length])
            if above is not None and not above.is_dir():
                raise UnsafeArchiveError(f"{entry.filename!r} lies below what is no folder")
    for parts in links:
        _follow(parts, links)


def _follow(parts: Parts, links: dict[Parts, str]) -> None:
    """Go where a link leads, through other links, as the system would.

    Raises:
        UnsafeArchiveError: the way leads out of the archive, or round in a circle.
    """
    shown = "/".join(parts)
    ahead, followed = list(reversed(parts)), 0
    here: list[str] = []
    while ahead:
        part = ahead.pop()
        if part == "..":
            if not here:
                raise UnsafeArchiveError(f"the link {shown!r} leads out of the archive")
            here.pop()
            continue
        here.append(part)
        target = links.get(tuple(here))
        if target is None:
            continue
        here.pop()
        followed += 1
        if target.startswith("/") or followed > LINKS_FOLLOWED:
            raise UnsafeArchiveError(f"the link {shown!r} leads out of the archive, or nowhere")
        ahead += reversed([one for one in PurePosixPath(target).parts if one != "."])
