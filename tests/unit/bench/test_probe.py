import json
import subprocess
import sys
from pathlib import Path

from PIL import Image

from testbed.settings import ROOT


def test_memory_that_was_freed_before_does_not_count(tmp_path: Path) -> None:
    """The peak starts anew: a warm-up on a large image leaves a small one's measure small."""
    large, small = tmp_path / "large.png", tmp_path / "small.png"
    Image.new("RGB", (4000, 2000)).save(large)
    Image.new("RGB", (40, 20)).save(small)
    done = subprocess.run(
        [sys.executable, "-m", "bench.probe", "ours", large, small],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(done.stdout)["extra MB"] < 2
