"""State belongs to objects that are made at start: a fork, a test, a second start has its own."""

from __future__ import annotations

import json
import subprocess

from testbed import settings

# Imports every module where LocalStack is, and names what in it can change.
PROGRAM = """
import collections, importlib, io, json, pkgutil, queue, threading, weakref
import localstack_standalone

CHANGING = (
    bytearray, collections.OrderedDict, collections.defaultdict, collections.deque, dict, io.IOBase,
    list, queue.Queue, set, threading.Condition, threading.Event, threading.Thread,
    type(threading.Lock()), type(threading.RLock()), weakref.WeakSet, weakref.WeakValueDictionary,
)
HOST_SIDE = (
    "__main__ cli child_command clients installation launcher lint pytest_plugin runtimes".split()
)
found = []
for module in pkgutil.walk_packages(localstack_standalone.__path__, "localstack_standalone."):
    room = module.name.split(".")[1]
    if room in HOST_SIDE or ".guest" in module.name:
        continue  # not in an emulator's process
    loaded = importlib.import_module(module.name)
    for name, value in vars(loaded).items():
        constant = isinstance(value, dict) and name.lstrip("_").isupper()
        # The services' stores are LocalStack's and moto's, one for each process as it is.
        store = type(value).__module__ in ("localstack.services.stores", "moto.core.base_backend")
        if isinstance(value, CHANGING) and not name.startswith("__") and not (constant or store):
            found.append(f"{module.name}.{name}")
print(json.dumps(found))
"""


def test_no_module_of_the_plugin_holds_state() -> None:
    """What changes while an emulator runs would be shared by all that is in its process."""
    done = subprocess.run(
        [settings.ENVS / "emulator" / "bin" / "python", "-c", PROGRAM],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert [] == json.loads(done.stdout)
