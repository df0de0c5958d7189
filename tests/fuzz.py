"""Mutates the corpus' images for a while and looks for what no decoder may do to the function.

    python -m tests.fuzz --seconds 60 [--seed N] [--keep DIRECTORY]

Every mutant must be served or refused with a code of its own: a crash, a hang, or an error that is
not mapped to a code is a finding. Findings are written to DIRECTORY and end the run with status 1.
"""

import argparse
import os
import random
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

# Deployed code lives in a source root of its own.
sys.path.insert(0, str(Path(__file__).parents[1] / "lambda"))

from image_resize import guard, thumbnail
from image_resize.errors import Code, Refusal
from testbed import settings, terminal
from tests.corpus import hostile, images

FINDINGS = {Code.PROCESSING_FAILED, Code.PROCESSING_TIMEOUT, Code.DECODER_CRASHED}
BATCH = 50
# A batch shares a child, as forking takes longer than most mutants do.
LIMITS = guard.Limits(wall_s=60.0, cpu_s=60)
INTERESTING = (b"\0\0\0\0", b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff", b"\x80\0\0\0", b"\xff\xd8")


def flip(content: bytearray, chance: random.Random) -> None:
    """Change single bits, most of them near the start, where headers are."""
    for _ in range(chance.choice((1, 2, 4, 16))):
        reach = chance.choice((64, 512, len(content)))
        content[chance.randrange(min(reach, len(content)))] ^= 1 << chance.randrange(8)


def overwrite(content: bytearray, chance: random.Random) -> None:
    """Put a number at the edge of a type somewhere."""
    at = chance.randrange(min(chance.choice((64, 512, len(content))), len(content)))
    content[at : at + 4] = chance.choice(INTERESTING)


def cut(content: bytearray, chance: random.Random) -> None:
    """Leave out a part."""
    at = chance.randrange(len(content))
    del content[at : at + chance.choice((1, 2, 4, 100, len(content)))]


def repeat(content: bytearray, chance: random.Random) -> None:
    """Say a part twice, or many times."""
    at = chance.randrange(len(content))
    part = content[at : at + chance.choice((1, 4, 64, 1024))]
    content[at:at] = part * chance.choice((1, 3, 50))


def splice(content: bytearray, chance: random.Random) -> None:
    """Put a part of it somewhere else."""
    start, to = chance.randrange(len(content)), chance.randrange(len(content))
    content[to:to] = content[start : start + 200]


MUTATIONS: tuple[Callable[[bytearray, random.Random], None], ...] = (
    flip,
    flip,
    overwrite,
    cut,
    repeat,
    splice,
)


def mutant(seeds: list[bytes], chance: random.Random) -> bytes:
    """One of *seeds*, changed in one to four ways."""
    content = bytearray(chance.choice(seeds))
    for _ in range(chance.randrange(1, 5)):
        if content:
            chance.choice(MUTATIONS)(content, chance)
    return bytes(content)


def judge(content: bytes) -> str:
    """What becomes of *content* in a child of its own."""
    try:
        guard.run(lambda: ({}, thumbnail.make(content).content))
    except Refusal as refusal:
        return f"{refusal.code}: {refusal.message}" if refusal.code in FINDINGS else refusal.code
    return "served"


def try_batch(batch: list[bytes]) -> Counter[str] | None:
    """What becomes of a whole batch in one child; None if one of them has to be looked for."""

    def work() -> guard.ChildResult:
        outcomes: Counter[str] = Counter()
        for content in batch:
            started_s = time.monotonic()
            try:
                thumbnail.make(content)
                outcomes["served"] += 1
            except Refusal as refusal:
                outcomes[refusal.code] += 1
            if time.monotonic() - started_s > guard.DEFAULT_LIMITS.wall_s / 2:
                raise TimeoutError("nearly a hang")
        return dict(outcomes), b""

    try:
        return Counter(guard.run(work, LIMITS)[0])
    except Refusal:
        return None


def fuzz(seconds: float, seed: int, keep: Path) -> int:
    """Try mutants for *seconds*; returns the number of findings."""
    chance = random.Random(seed)
    small = [each.content for each in hostile.everything() if len(each.content) < 2**16]
    seeds = [each.content for each in images.everything()] + small
    outcomes: Counter[str] = Counter()
    findings = 0
    deadline_s = time.monotonic() + seconds
    while time.monotonic() < deadline_s:
        batch = [mutant(seeds, chance) for _ in range(BATCH)]
        counted = try_batch(batch)
        if counted is not None:
            outcomes += counted
            continue
        for content in batch:
            outcome = judge(content)
            outcomes[outcome.partition(":")[0]] += 1
            if outcome.partition(":")[0] in FINDINGS:
                findings += 1
                keep.mkdir(parents=True, exist_ok=True)
                path = keep / f"{seed}-{findings}"
                path.write_bytes(content)
                print(f"finding: {path}: {outcome}", flush=True)
    summary = ", ".join(f"{count} {name}" for name, count in outcomes.most_common())
    print(f"{outcomes.total()} mutants (seed {seed}): {summary}; {findings} findings")
    return findings


def main() -> int:
    """Fuzz as the command line and the settings say; 1 if something was found."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    seconds = settings.value(os.environ, "SECONDS", "60")
    parser.add_argument("--seconds", type=float, default=float(seconds), help="how long")
    parser.add_argument("--seed", type=int, default=int(time.time()), help="to repeat a run")
    parser.add_argument("--keep", type=Path, default=Path("reports/fuzz"), help="for findings")
    options = parser.parse_args()
    return 1 if fuzz(options.seconds, options.seed, options.keep) else 0


if __name__ == "__main__":
    terminal.run(main)
