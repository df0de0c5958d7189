"""What importing costs: the graph is small, and the pure part is pure."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]


def loaded_by(module: str) -> set[str]:
    """The modules that a fresh interpreter holds after importing *module*."""
    code = f"import sys, {module}; print(*sys.modules)"
    environment = {name: value for name, value in os.environ.items() if "AWS" not in name}
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**environment, "PYTHONPATH": str(ROOT / "lambda")},
        capture_output=True,
        text=True,
        check=True,
    )
    return set(done.stdout.split())


def test_the_thumbnail_reaches_no_aws() -> None:
    """Bytes in, bytes out: neither boto3 nor botocore is imported for it."""
    loaded = loaded_by("image_resize.thumbnail")
    assert set() == {name for name in loaded if name.split(".")[0] in {"boto3", "botocore"}}


def test_only_the_plugins_that_decode_are_imported() -> None:
    """Seven formats, and PPM, which Pillow brings along; not its forty."""
    plugins = {name for name in loaded_by("image_resize.handler") if name.endswith("ImagePlugin")}
    expected = {"Avif", "Bmp", "Gif", "Jpeg", "Png", "Ppm", "Tiff", "WebP"}
    assert {f"PIL.{name}ImagePlugin" for name in expected} == plugins


def test_nothing_heavy_and_nothing_of_the_repository_is_imported() -> None:
    """What is deployed imports itself, Pillow, boto3 and the standard library."""
    roots = {name.split(".")[0] for name in loaded_by("image_resize.handler")}
    unwanted = {"numpy", "pyvips", "testbed", "infra", "pipeline", "emulator", "tests", "tkinter"}
    assert set() == roots & unwanted
