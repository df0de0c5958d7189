"""A data file of botocore's is read once.

LocalStack has several boto3 sessions, moto has more, and each reads and decodes the same JSON for
itself: the list of endpoints ten times, a service's model three to six times while the pipeline is
provisioned, 0.3 s and the memory for every copy.

botocore does not treat what it loaded as constant: `Loader.load_service_model` merges a service's
extras (``*.sdk-extras.json``) into it. So that goes one loader at a time here: the first merge is
whole before anybody has the model, and those of later loaders put in place what is there already.
"""

from __future__ import annotations

from types import ModuleType
from typing import Any

from localstack_standalone import locks


def tune(module: ModuleType) -> None:
    """Have all loaders of *module* (botocore.loaders) share what they read."""
    loader: Any = module.JSONFileLoader
    read = loader.load_file
    kept: dict[str, Any] = {}
    lock = locks.fork_safe()

    def load_file(self: Any, file_path: str) -> Any:
        with lock:  # the second to ask waits, rather than reading the file again
            if file_path not in kept:
                found = read(self, file_path)
                if found is None:  # it may be written later
                    return None
                kept[file_path] = found
            return kept[file_path]

    merging = locks.fork_safe()
    load_service_model = module.Loader.load_service_model

    def load_one(self: Any, *args: Any, **kwargs: Any) -> Any:
        with merging:
            return load_service_model(self, *args, **kwargs)

    loader.load_file = load_file
    module.Loader.load_service_model = load_one
