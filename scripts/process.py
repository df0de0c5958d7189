"""`make process IMAGE=path [KEY=…] [SIZE=…] [FORMAT=…] [MODE=…]`: one image, all the way."""

from __future__ import annotations

import argparse
import dataclasses
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline import show, trip
from pipeline.submit import Request
from testbed import outputs, settings, terminal
from testbed.aws import Aws
from testbed.errors import TestbedError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

RESULTS = "results"


@dataclasses.dataclass(frozen=True)
class Errand:
    """Which file to send, and what to ask for."""

    image: Path
    request: Request


def main() -> int:
    """Send the image, show what happened; 0 if the execution succeeded, else 1.

    Raises:
        TestbedError: there is no such file, no testbed, or a leg of the way could not be gone.
    """
    errand = read_errand(sys.argv[1:], os.environ)
    state_dir = settings.load().state_dir
    where = outputs.read(state_dir)
    done = trip.take(
        Aws(where.endpoint, where.region),
        where,
        errand.request,
        image=errand.image,
        results=state_dir / RESULTS,
        step=terminal.step,
    )
    terminal.out.print(show.page(done))
    return 0 if done.execution.succeeded else 1


def read_errand(arguments: Sequence[str], environ: Mapping[str, str]) -> Errand:
    """The errand in *arguments*, or else in *environ*, where make puts its variables.

    Variables go through the environment because no shell reads them there: a key may hold quotes,
    dollars and spaces.

    Raises:
        TestbedError: no image is named, or it is not there.
        SettingError: SIZE is no number. Every other judgement is the function's.
    """
    parser = argparse.ArgumentParser(prog="make process", description=__doc__)
    parser.add_argument("--image", default=environ.get("IMAGE"), help="the file to send")
    parser.add_argument("--key", default=environ.get("KEY"), help="default: the file's name")
    parser.add_argument("--size", default=environ.get("SIZE"), help="longest side, 16-2048 px")
    parser.add_argument("--format", default=environ.get("FORMAT"), help="auto|jpeg|png|webp")
    parser.add_argument("--mode", default=environ.get("MODE"), help="thumbnail|copy")
    given = parser.parse_args(arguments)
    if not given.image:
        raise TestbedError("which image? make process IMAGE=samples/club2.png")
    image = Path(given.image).expanduser()
    if not image.is_file():
        raise TestbedError(f"there is no image file at {given.image!r}")
    return Errand(
        image,
        Request(
            key=given.key or image.name,
            size=int(settings.value({"SIZE": given.size or ""}, "SIZE", "0")) or None,
            format=given.format or None,
            mode=given.mode or None,
        ),
    )


if __name__ == "__main__":
    terminal.run(main)
