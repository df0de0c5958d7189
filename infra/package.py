"""From lambda/ to the zip that Lambda runs: same content, same bytes.

Stages: what goes in (the function's own files, and its dependencies as uv installs them for the
platform), under which name (a hash of all that), and writing it. Dependencies and zips are kept
under build/, so that a second run only computes the hash, and a changed function needs no network.
"""

from __future__ import annotations

import dataclasses
import hashlib
import os
import platform as host
import subprocess
import tempfile
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal, get_args

from testbed import bundled
from testbed.errors import ProvisioningError
from testbed.settings import ROOT

if TYPE_CHECKING:
    from testbed.settings import Target

SOURCE: Final = ROOT / "lambda"
BUILD: Final = ROOT / "build"
PYTHON_VERSION: Final = "3.13"

Architecture = Literal["x86_64", "arm64"]
ARCHITECTURES: Final = get_args(Architecture)
_MACHINES: Final[dict[str, Architecture]] = {
    "x86_64": "x86_64",
    "amd64": "x86_64",
    "arm64": "arm64",
    "aarch64": "arm64",
}
# Lambda's python3.13 runs on Amazon Linux 2023, whose glibc takes manylinux_2_28 wheels.
_UV_PLATFORMS: Final = {
    ("Linux", "x86_64"): "x86_64-manylinux_2_28",
    ("Linux", "arm64"): "aarch64-manylinux_2_28",
    ("Darwin", "x86_64"): "x86_64-apple-darwin",
    ("Darwin", "arm64"): "aarch64-apple-darwin",
}
# A zip keeps local times from 1980 on; this one is the same in every time zone.
_TIMESTAMP: Final = (1980, 1, 1, 0, 0, 0)
_PERMISSIONS: Final = 0o100644
# Of no use at run time, or different at each installation (RECORD lists the files left out too).
_LEFT_OUT_SUFFIXES: Final = (".pyi", ".pyc", ".exe")
_LEFT_OUT_NAMES: Final = frozenset(
    {"RECORD", "INSTALLER", "REQUESTED", "direct_url.json", "uv_cache.json", "py.typed"}
)
_LEFT_OUT_FOLDERS: Final = frozenset({"__pycache__", "tests", "bin", "sboms"})
_REQUIREMENTS: Final = "requirements.txt"


@dataclasses.dataclass(frozen=True)
class Platform:
    """What the function's compiled modules have to run on.

    Attributes:
        system: ``Linux``, or ``Darwin`` for an embedded testbed on macOS.
        architecture: as Lambda calls it.
    """

    system: str
    architecture: Architecture

    @property
    def uv_name(self) -> str:
        """What uv's ``--python-platform`` calls it.

        Raises:
            ProvisioningError: the function cannot run there.
        """
        try:
            return _UV_PLATFORMS[self.system, self.architecture]
        except KeyError:
            known = ", ".join(" ".join(pair) for pair in _UV_PLATFORMS)
            raise ProvisioningError(
                f"no package can be made for {self.system} {self.architecture}, only for: {known}"
            ) from None


@dataclasses.dataclass(frozen=True)
class Package:
    """A zip, ready to be deployed.

    Attributes:
        path: where it is.
        architecture: what its compiled modules were built for.
    """

    path: Path
    architecture: Architecture


def host_platform() -> Platform:
    """The machine that this runs on.

    Raises:
        ProvisioningError: its processor is neither x86_64 nor arm64.
    """
    machine = host.machine().lower()
    if machine not in _MACHINES:
        raise ProvisioningError(f"this machine is {machine}; Lambda knows x86_64 and arm64 only")
    return Platform(host.system(), _MACHINES[machine])


def platform_of(target: Target) -> Platform:
    """Where the function will run: on this machine's own system when embedded, else on Linux.

    Of the machine's own architecture: AWS has both, and a container has the machine's.
    """
    own = host_platform()
    return own if target == "embedded" else Platform("Linux", own.architecture)


def build(platform: Platform, *, uv: Path, source: Path = SOURCE, cache: Path = BUILD) -> Package:
    """The zip of *source* for *platform*, made unless it is in *cache*.

    Args:
        platform: what it has to run on.
        uv: the installer.
        source: folder with the function and its ``requirements.txt``.
        cache: folder for zips and dependencies.

    Raises:
        ProvisioningError: the dependencies cannot be installed.
    """
    dependencies = _dependencies(platform, uv=uv, source=source, cache=cache)
    own = _files(source)
    # What this module does to the content is part of what the zip's name stands for.
    digest = hashlib.sha256(f"{dependencies.name}\n".encode() + Path(__file__).read_bytes())
    for name in sorted(own):
        digest.update(f"\n{name}\n".encode() + own[name].read_bytes())
    zip_path = cache / f"function-{platform.uv_name}-{digest.hexdigest()[:16]}.zip"
    if not zip_path.exists():
        _write(zip_path, own | _files(dependencies))
        _forget_older(zip_path, platform)
    return Package(zip_path, platform.architecture)


def _dependencies(platform: Platform, *, uv: Path, source: Path, cache: Path) -> Path:
    """The folder of the installed dependencies, named for all that decides its content."""
    requirements = source / _REQUIREMENTS
    digest = hashlib.sha256(requirements.read_bytes()).hexdigest()[:16]
    folder = cache / f"dependencies-{platform.uv_name}-py{PYTHON_VERSION}-{digest}"
    if folder.is_dir():
        return folder
    cache.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=cache, prefix="installing-") as scratch:
        _install(uv, requirements, platform, Path(scratch) / "whole")
        # All at once, so that a folder of this name is always whole; losing a race to another
        # process that made the same folder is as good.
        if not folder.is_dir():
            (Path(scratch) / "whole").rename(folder)
    return folder


def _install(uv: Path, requirements: Path, platform: Platform, target: Path) -> None:
    command: list[str | Path] = [uv, "pip", "install", "--quiet", "--no-config", "--link-mode=copy"]
    command += ["--target", target, "--require-hashes", *bundled.requirements(requirements)]
    command += ["--python-platform", platform.uv_name, "--python-version", PYTHON_VERSION]
    command += ["--only-binary", ":all:"]
    done = subprocess.run(
        command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    if done.returncode:
        last_words = "\n".join(f"    {line}" for line in done.stderr.strip().splitlines()[-6:])
        raise ProvisioningError(
            f"the function's dependencies for {platform.uv_name} could not be installed "
            f"(no network?):\n{last_words}"
        )


def _write(zip_path: Path, content: dict[str, Path]) -> None:
    """Write the zip, whole or not at all.

    The fastest compression: it makes 8 of 20 MB in a quarter of a second. (Compressed bytes are
    the same wherever zlib is; another machine's may differ, and then deploy as an update.)
    """
    scratch = zip_path.with_suffix(f".{os.getpid()}")
    with zipfile.ZipFile(scratch, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name in sorted(content):
            entry = zipfile.ZipInfo(name, _TIMESTAMP)
            entry.external_attr = _PERMISSIONS << 16
            entry.create_system = 3  # Unix, wherever it is made
            archive.writestr(
                entry, content[name].read_bytes(), zipfile.ZIP_DEFLATED, compresslevel=1
            )
    scratch.replace(zip_path)


def _files(folder: Path) -> dict[str, Path]:
    """The files of *folder* that belong in the zip, by their names there."""
    names = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    return {
        name.as_posix(): folder / name
        for name in names
        if not any(part.startswith(".") for part in name.parts)
        and not _LEFT_OUT_FOLDERS.intersection(name.parts)
        and name.name not in _LEFT_OUT_NAMES
        and not name.name.startswith("requirements.")
        and name.suffix not in _LEFT_OUT_SUFFIXES
    }


def _forget_older(zip_path: Path, platform: Platform) -> None:
    for other in zip_path.parent.glob(f"function-{platform.uv_name}-*.zip"):
        if other != zip_path:
            other.unlink(missing_ok=True)
