from pathlib import Path

import pytest
from PIL import Image

from bench import engines, pictures


@pytest.mark.parametrize("engine", engines.ENGINES)
def test_both_engines_do_the_same_work(tmp_path: Path, engine: engines.Engine) -> None:
    """A thumbnail of the same size, in the same format, of each file."""
    expected = {".png": "PNG", ".webp": "WEBP", ".gif": "GIF"}
    for file in pictures.make(tmp_path, (640, 480)):
        made = engines.load(engine, file.suffix)(file.read_bytes())
        path = tmp_path / "made"
        path.write_bytes(made)
        with Image.open(path) as image:
            assert (expected.get(file.suffix, "JPEG"), (256, 192)) == (image.format, image.size)
