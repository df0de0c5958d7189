"""Archives of functions: what Lambda cannot load, or does not take."""

from __future__ import annotations

import re
import struct
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from localstack_standalone.lint.finding import Finding

MOST_ZIPPED: Final = 50 * 1024 * 1024
MOST_UNZIPPED: Final = 250 * 1024 * 1024
MB: Final = 1024 * 1024
_ELF: Final = b"\x7fELF"
_HEAD_BYTES: Final = 20
# e_machine (System V ABI), as Lambda calls the architectures.
_MACHINES: Final = {62: "x86_64", 183: "arm64", 3: "i386", 40: "arm"}
_FOREIGN: Final = {
    b"\xcf\xfa\xed\xfe": "macOS",
    b"\xce\xfa\xed\xfe": "macOS",
    b"\xca\xfe\xba\xbe": "macOS",
    b"MZ": "Windows",
}
_BINARIES: Final = re.compile(r"\.(so(\.\d+)*|pyd|dll|dylib)$")
_TAG: Final = re.compile(r"\.cpython-(\d)(\d+)-")
_RUNTIME: Final = re.compile(r"python(\d)\.(\d+)$")
# An archive names the length of what is in it: this many names are enough to look at.
_MOST_FILES: Final = 100_000


def findings(path: Path, *, architecture: str = "", runtime: str = "") -> Iterator[Finding]:
    """What is wrong with the zip at *path*.

    Args:
        path: the archive; it is read, nothing is unpacked.
        architecture: "x86_64" or "arm64"; not looked at where it is not known.
        runtime: such as "python3.13"; likewise.
    """

    def found(code: str, message: str) -> Finding:
        return Finding(path, 1, 1, code, message)

    zipped = path.stat().st_size
    if zipped > MOST_ZIPPED:
        yield found("LS503", f"{zipped / MB:,.1f} MB zipped")
    try:
        with zipfile.ZipFile(path) as archive:
            files = archive.infolist()[:_MOST_FILES]
            unzipped = sum(file.file_size for file in files)
            if unzipped > MOST_UNZIPPED:
                yield found("LS504", f"{unzipped / MB:,.1f} MB unzipped")
            for file in files:
                if _BINARIES.search(file.filename):
                    with archive.open(file) as content:
                        head = content.read(_HEAD_BYTES)
                    if wrong := _platform(head, architecture):
                        yield found("LS501", f"{file.filename} is for {wrong}")
                    elif version := _version(file.filename, runtime):
                        yield found("LS502", f"{file.filename} is for {version}, not {runtime}")
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError) as error:
        yield found("LS001", f"no zip that can be read: {error}")


def _platform(head: bytes, architecture: str) -> str | None:
    """What a binary with this *head* is for, where Lambda is something else."""
    for magic, platform in _FOREIGN.items():
        if head.startswith(magic):
            return platform
    if not head.startswith(_ELF) or len(head) < _HEAD_BYTES:
        return None
    order = "<" if head[5] == 1 else ">"
    number = struct.unpack_from(f"{order}H", head, 18)[0]
    machine = _MACHINES.get(number, f"machine {number}")
    if machine not in ("x86_64", "arm64"):
        return machine
    return machine if architecture and machine != architecture else None


def _version(name: str, runtime: str) -> str | None:
    """The Python that a module is for, where *runtime* is another."""
    tag, wanted = _TAG.search(name), _RUNTIME.match(runtime)
    if not (tag and wanted) or (tag[1], tag[2]) == (wanted[1], wanted[2]):
        return None
    return f"python{tag[1]}.{tag[2]}"
