"""The limit: the function's handler called in this process, and Pillow alone. A line of JSON.

    python direct.py PACKAGE IMAGE COUNT    (under the Lambda runtime's Python, with its variables)

Stands alone: this Python has the package's modules, boto3, and nothing of ours.
"""

import io
import json
import statistics
import sys
import time
from pathlib import Path


def main() -> None:
    """Print the median of each, in ms."""
    package, image, count = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
    sys.path.insert(0, package)
    from PIL import Image  # noqa: PLC0415 - likewise

    from image_resize.handler import handler  # noqa: PLC0415 - found there only now

    def pillow() -> None:
        with Image.open(io.BytesIO(image.read_bytes())) as opened:
            opened.thumbnail((256, 256))
            opened.save(io.BytesIO(), opened.format)

    def call(mode: str) -> None:
        result = handler({"key": image.name, "mode": mode})
        if not result["success"]:
            raise SystemExit(f"the handler refused: {result}")

    works = {
        "copy": lambda: call("copy"),
        "thumbnail": lambda: call("thumbnail"),
        "pillow": pillow,
    }
    times: dict[str, list[float]] = {name: [] for name in works}
    for number in range(count + 1):
        for name, work in works.items():
            began = time.perf_counter()
            work()
            if number:  # the first has modules to load
                times[name].append((time.perf_counter() - began) * 1000)
    print(json.dumps({name: statistics.median(taken) for name, taken in times.items()}))


if __name__ == "__main__":
    main()
