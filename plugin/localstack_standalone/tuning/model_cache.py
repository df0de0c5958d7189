"""A data file of botocore's is read once.

LocalStack has several boto3 sessions, moto has more, and each reads and decodes the same JSON for
itself: the list of endpoints ten times, a service's model three to six times while the pipeline is
provisioned, 0.3 s and the memory for every copy. botocore treats what it loaded as constant: within
a session it hands the same objects out again.
"""

from __future__ import annotations

import threading
from types import ModuleType
from typing import Any


def tune(target: ModuleType) -> None:
    """Have all loaders of *target* (botocore.loaders) share what they read."""
    loader: Any = target.JSONFileLoader
    read = loader.load_file
    kept: dict[str, Any] = {}
    lock = threading.Lock()

    def load_file(self: Any, file_path: str) -> Any:
        with lock:  # the second to ask waits, rather than reading the file again
            if file_path not in kept:
                found = read(self, file_path)
                if found is None:  # it may be written later
                    return None
                kept[file_path] = found
            return kept[file_path]

    loader.load_file = load_file
