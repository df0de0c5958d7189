"""The Lambda workers of one embedded emulator, found through its own tree of processes."""

from __future__ import annotations

import contextlib
import math
import random
import threading
from typing import TYPE_CHECKING, Final, Self

import psutil

if TYPE_CHECKING:
    from collections.abc import Callable

# What a zygote runs; its children are the workers, unless its argument says that it makes
# sandboxes.
ZYGOTE: Final = "lambda_process/guest/zygote.py"
SANDBOX: Final = "sandbox"
PAUSE_S: Final = (0.05, 0.25)


def find(emulator_pid: int) -> list[psutil.Process]:
    """Every worker below the emulator, idle or not; none when it is gone."""
    found: list[psutil.Process] = []
    with contextlib.suppress(psutil.Error):
        for child in psutil.Process(emulator_pid).children():
            with contextlib.suppress(psutil.Error):
                command = child.cmdline()
                if any(word.endswith(ZYGOTE) for word in command):
                    found += _in_sandboxes(child) if command[-1] == SANDBOX else child.children()
    return found


def _in_sandboxes(launcher: psutil.Process) -> list[psutil.Process]:
    """What runs in each sandbox: launcher → zygote → each environment's init → its processes."""
    found: list[psutil.Process] = []
    for zygote in launcher.children():
        for init in zygote.children():
            with contextlib.suppress(psutil.Error):
                found += init.children() or [init]  # which is alone until its sandbox is made
    return found


class Killer:
    """Kills a worker of one emulator at random, again and again, while it is entered.

    Args:
        emulator_pid: whose workers.
        seed: of the choices and the pauses.
        workers: finds them.

    Attributes:
        kills: how many it has killed.
        most: how many it may have killed by now; whoever entered it may raise that meanwhile.
    """

    def __init__(
        self,
        emulator_pid: int,
        seed: int,
        workers: Callable[[int], list[psutil.Process]] = find,
    ) -> None:
        self._pid, self._workers = emulator_pid, workers
        self._random = random.Random(seed)  # noqa: S311 - to be repeated, not to be secret
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="worker-killer")
        self.kills = 0
        self.most: float = math.inf

    def __enter__(self) -> Self:
        """Begin."""
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """End, and wait for that."""
        self._over.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._over.wait(self._random.uniform(*PAUSE_S)):
            if self.kills < self.most and (alive := self._workers(self._pid)):
                try:
                    self._random.choice(alive).kill()
                except psutil.NoSuchProcess:
                    continue
                self.kills += 1
