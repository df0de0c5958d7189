"""kill -9 at random moments, ROUNDS times: nothing that was acknowledged is lost.

Each round all clients work, the emulator is killed after a random while and started again on what
it kept, and every client looks at its own things. SEED makes the same requests and pauses again.
"""

from __future__ import annotations

import dataclasses
import os
import random
import threading
from pathlib import Path

import pytest

from testbed import settings, waiting
from tests.support import acknowledged
from tests.support.acknowledged import (
    Client,
    Provisioner,
    Starter,
    Uploader,
    VersionWriter,
    Writer,
)
from tests.support.kept import KeptEmulator, kept_emulator

ROUNDS = int(settings.value(os.environ, "ROUNDS", "50"))
SEED = int(settings.value(os.environ, "SEED", "1"))
LONGEST_S = 1.5
ALL_DONE_S = 120

pytestmark = pytest.mark.timeout(60 + 30 * ROUNDS)


def test_nothing_acknowledged_is_lost(tmp_path: Path) -> None:
    pauses = random.Random(SEED)
    starter = Starter("starter", SEED)
    provisioner = Provisioner("provisioner", SEED)
    clients: list[Client] = [
        Writer("writer-1", SEED),
        Writer("writer-2", SEED),
        VersionWriter("versions", SEED),
        Uploader("uploader", SEED),
        provisioner,
        starter,
    ]
    with kept_emulator(tmp_path) as kept:
        starter.machine = acknowledged.begin(kept.aws)
        provisioner.begin(kept.aws)
        for number in range(ROUNDS):
            use_until_killed(kept, clients, pauses.uniform(0.05, LONGEST_S))
            kept.start()
            for client in clients:
                assert client.trouble is None, f"round {number}: {client.name} {client.trouble}"
                client.check(kept.aws)
        waiting.until(lambda: _none(starter.missing(kept.aws)), "all effects", timeout_s=ALL_DONE_S)
        waiting.until(
            lambda: _none(starter.unfinished(kept.aws)), "all executions", timeout_s=ALL_DONE_S
        )
    counts = {client.name: client.count for client in clients}
    print(f"{ROUNDS} rounds of seed {SEED}; acknowledged: {counts}")
    assert all(counts.values())


def use_until_killed(kept: KeptEmulator, clients: list[Client], after_s: float) -> None:
    """Have all *clients* work at once, and the emulator killed in the middle."""
    killed = threading.Event()
    aws = dataclasses.replace(kept.aws, config=acknowledged.ONCE)
    threads = [
        threading.Thread(target=client.work, args=(aws, killed), daemon=True) for client in clients
    ]
    for thread in threads:
        thread.start()
    killed.wait(after_s)
    kept.kill()
    killed.set()
    for thread in threads:
        thread.join(timeout=60)
        assert not thread.is_alive()


def _none(missing: list[str]) -> tuple[bool | None, str]:
    return (not missing) or None, f"{len(missing)} missing, such as {missing[:2]}"
