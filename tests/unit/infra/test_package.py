import os
import stat
import sys
import zipfile
from pathlib import Path

import pytest

from infra import package
from infra.package import Platform
from testbed.errors import ProvisioningError

LINUX = Platform("Linux", "x86_64")

# Stands in for uv: "installs" a wheel as uv does, with all that must not get into the zip.
# A shebang takes no path with a blank in it, so a shell finds the Python; to that, it is a text.
FAKE_UV = """\
#!/bin/sh
"exec" "{python}" "$0" "$@"
import os, pathlib, sys
target = pathlib.Path(sys.argv[sys.argv.index("--target") + 1])
with open(os.environ["CALLS"], "a") as calls:
    calls.write(" ".join(sys.argv[1:]) + "\\n")
files = {{
    "PIL/__init__.py": "pil", "PIL/__init__.pyi": "stub", "PIL/_imaging.so": "so",
    "PIL/__pycache__/x.pyc": "pyc", "PIL/tests/test_x.py": "t", "PIL/py.typed": "",
    "pillow-1.dist-info/METADATA": "m", "pillow-1.dist-info/RECORD": str(os.getpid()),
    "pillow-1.dist-info/INSTALLER": "uv", "bin/tool": "x", ".lock": "",
}}
for name, content in files.items():
    (target / name).parent.mkdir(parents=True, exist_ok=True)
    (target / name).write_text(content)
"""


@pytest.fixture
def calls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the stand-in writes down each time it is called."""
    path = tmp_path / "calls"
    path.touch()
    monkeypatch.setenv("CALLS", str(path))
    return path


@pytest.fixture
def uv(tmp_path: Path, calls: Path) -> Path:
    return script(tmp_path / "uv", FAKE_UV.format(python=sys.executable))


@pytest.fixture
def source(tmp_path: Path) -> Path:
    folder = tmp_path / "lambda"
    (folder / "image_resize" / "__pycache__").mkdir(parents=True)
    (folder / "image_resize" / "handler.py").write_text("handler")
    (folder / "image_resize" / "__pycache__" / "handler.pyc").write_text("x")
    (folder / "requirements.in").write_text("pillow")
    (folder / "requirements.txt").write_text("pillow==1 --hash=…")
    return folder


def script(path: Path, text: str) -> Path:
    path.write_text(text)
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


def test_the_zip_holds_what_runs_and_nothing_else(tmp_path: Path, uv: Path, source: Path) -> None:
    """No bytecode, stubs, tests, scripts, requirements or traces of the installer."""
    built = package.build(LINUX, uv=uv, source=source, cache=tmp_path / "build")
    expected = [
        "PIL/__init__.py",
        "PIL/_imaging.so",
        "image_resize/handler.py",
        "pillow-1.dist-info/METADATA",
    ]
    assert expected == zipfile.ZipFile(built.path).namelist()


def test_the_same_content_gives_the_same_bytes(tmp_path: Path, uv: Path, source: Path) -> None:
    """Neither times, permissions, folders nor the run itself show in the zip."""
    first = package.build(LINUX, uv=uv, source=source, cache=tmp_path / "one")
    handler = source / "image_resize" / "handler.py"
    os.utime(handler, (0, 0))
    handler.chmod(0o700)
    moved = source.rename(tmp_path / "moved")
    second = package.build(LINUX, uv=uv, source=moved, cache=tmp_path / "two")
    assert first.path.read_bytes() == second.path.read_bytes()
    assert first.path.name == second.path.name


def test_every_file_can_be_read_by_lambda(tmp_path: Path, uv: Path, source: Path) -> None:
    """Lambda runs the function as another user: files must be readable for all."""
    built = package.build(LINUX, uv=uv, source=source, cache=tmp_path / "build")
    modes = {entry.external_attr >> 16 for entry in zipfile.ZipFile(built.path).infolist()}
    assert {0o100644} == modes


def test_a_second_build_installs_and_writes_nothing(
    tmp_path: Path, uv: Path, source: Path, calls: Path
) -> None:
    """What was built is found again by its content."""
    first = package.build(LINUX, uv=uv, source=source, cache=tmp_path / "build")
    written = first.path.stat().st_mtime_ns
    second = package.build(LINUX, uv=uv, source=source, cache=tmp_path / "build")
    assert (first, written) == (second, second.path.stat().st_mtime_ns)
    assert 1 == len(calls.read_text().splitlines())


def test_a_changed_handler_is_packaged_without_installing_again(
    tmp_path: Path, uv: Path, source: Path, calls: Path
) -> None:
    """Changing the function needs no network, and the old zip does not stay behind."""
    first = package.build(LINUX, uv=uv, source=source, cache=tmp_path / "build")
    (source / "image_resize" / "handler.py").write_text("changed")
    second = package.build(LINUX, uv=uv, source=source, cache=tmp_path / "build")
    assert b"changed" == zipfile.ZipFile(second.path).read("image_resize/handler.py")
    assert not first.path.exists()
    assert 1 == len(calls.read_text().splitlines())


def test_changed_requirements_are_installed(
    tmp_path: Path, uv: Path, source: Path, calls: Path
) -> None:
    """Other requirements give other dependencies."""
    package.build(LINUX, uv=uv, source=source, cache=tmp_path / "build")
    (source / "requirements.txt").write_text("pillow==2 --hash=…")
    package.build(LINUX, uv=uv, source=source, cache=tmp_path / "build")
    assert 2 == len(calls.read_text().splitlines())


@pytest.mark.parametrize(
    ("platform", "expected"),
    [
        (Platform("Linux", "x86_64"), "x86_64-manylinux_2_28"),
        (Platform("Linux", "arm64"), "aarch64-manylinux_2_28"),
        (Platform("Darwin", "arm64"), "aarch64-apple-darwin"),
    ],
)
def test_wheels_are_those_of_the_platform(
    *, tmp_path: Path, uv: Path, source: Path, calls: Path, platform: Platform, expected: str
) -> None:
    """Compiled modules are for where the function runs, pinned by hash, never built here."""
    built = package.build(platform, uv=uv, source=source, cache=tmp_path / "build")
    assert platform.architecture == built.architecture
    call = calls.read_text()
    assert f"--python-platform {expected} --python-version 3.13" in call
    assert "--only-binary :all:" in call
    assert "--require-hashes" in call


def test_an_unknown_platform_is_an_error(tmp_path: Path, uv: Path, source: Path) -> None:
    """Where the function cannot run, the error names where it can."""
    with pytest.raises(ProvisioningError, match=r"no package can be made for Plan9 arm64.*Linux"):
        package.build(Platform("Plan9", "arm64"), uv=uv, source=source, cache=tmp_path)


def test_a_failed_installation_leaves_nothing_and_says_why(tmp_path: Path, source: Path) -> None:
    """The last words of uv reach the person; no half-made folder is used the next time."""
    broken = script(tmp_path / "uv", "#!/bin/sh\necho 'no route to host' >&2\nexit 1\n")
    with pytest.raises(ProvisioningError, match=r"(?s)no network\?.*no route to host"):
        package.build(LINUX, uv=broken, source=source, cache=tmp_path / "build")
    assert [] == list((tmp_path / "build").iterdir())


def test_this_machine_is_known() -> None:
    """An embedded testbed runs the function with this machine's own modules."""
    assert package.host_platform().architecture in package.ARCHITECTURES
