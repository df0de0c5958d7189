"""What the function makes of each file of a folder, without AWS, in a process of its own.

    python -m tests.support.pure DIRECTORY   # a line of JSON a file: its name, and what came of it

A process of its own, for a child inherits its parent's memory, which counts against its limit: a
test run's would have the decoder refuse what it serves in Lambda.
"""

import hashlib
import json
import sys
from pathlib import Path
from typing import Any

from image_resize import guard, thumbnail
from image_resize.errors import Refusal


def outcome(content: bytes) -> dict[str, Any]:
    """The thumbnail's digest and facts, or the refusal's code and message."""

    def work() -> guard.ChildResult:
        made = thumbnail.make(content)
        facts = {"format": made.format, "width": made.width_px, "height": made.height_px}
        return facts, made.content

    try:
        facts, made = guard.run(work)
    except Refusal as refusal:
        return {"error": refusal.code.value, "cause": refusal.message}
    return {"sha256": hashlib.sha256(made).hexdigest(), **facts}


if __name__ == "__main__":
    for path in sorted(Path(sys.argv[1]).iterdir()):
        print(json.dumps({"file": path.name, **outcome(path.read_bytes())}))
