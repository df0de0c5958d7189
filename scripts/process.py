"""`make process IMAGE=path [KEY=…] [SIZE=…] [FORMAT=…] [MODE=…]`: one image, all the way."""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from rich.text import Text

from client import fetch, journey
from client.journey import Job, Journey, Setback, Stage
from client.submit import Request
from testbed import outputs, settings, terminal
from testbed.aws import Aws
from testbed.errors import TestbedError
from views import failure
from views import terminal as tree

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

RESULTS = "results"
_SUFFIXES = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".bmp", ".tif", ".tiff", ".avif")


def main() -> int:
    """Send the image, show what happened; 0 if the execution succeeded, else 1.

    Raises:
        TestbedError: there is no such file, no testbed, or a leg of the way could not be gone.
    """
    image, request = read_arguments(sys.argv[1:], os.environ)
    state_dir = settings.load().state_dir
    where = outputs.read(state_dir)
    done = process(where, image, request, results=state_dir / RESULTS)
    return 0 if done.thumbnail is not None else 1


def process(where: outputs.Outputs, image: Path, request: Request, *, results: Path) -> Journey:
    """Send the file *image*, showing each step; then the request as a tree, and the two images.

    Args:
        where: the pipeline.
        image: what to send.
        request: what to ask for.
        results: the folder for the thumbnail.

    Raises:
        TestbedError: a leg of the way could not be gone, or the API refused.
    """
    done = _send(where, Job.of(request, image))
    if done.trace is not None:
        terminal.wide().print(tree.tree(done.trace))
    original = f"s3://{where.original_bucket}/{request.key}"
    terminal.out.print(tree.image("original", original, fetch.file_facts(image)))
    if done.thumbnail is not None:
        made = f"s3://{where.resized_bucket}/{done.thumbnail.key}"
        terminal.out.print(tree.image("thumbnail", made, done.thumbnail.facts))
        saved = fetch.save(done.thumbnail, results)
        terminal.out.print(tree.named("saved as", _short(saved)))
    if done.setback is not None:
        terminal.out.print(_told(done.setback))
    return done


def _told(setback: Setback) -> Text:
    """What went wrong where, below all of it: the tree may be longer than a screen."""
    why = f"{setback.code}: {failure.words(setback.cause)}"
    text = Text.assemble((f"\nfailed at {setback.station}: ", "red"), tree.printable(why))
    if setback.code.isupper():  # one of our function's
        text.append("\ndocs/api.md tells for each code what to do", "dim")
    return text


def _send(where: outputs.Outputs, job: Job) -> Journey:
    """Send *job*, with a line for each stage of its way.

    Raises:
        ApiError: the API refused.
    """
    stage: Stage | None = None
    told_repeats = 0
    with contextlib.ExitStack() as step:

        def told(now: Journey) -> None:
            nonlocal stage, told_repeats
            if now.stage not in (stage, Stage.ENDED):
                step.close()  # the stage before is done
                stage = now.stage
                step.enter_context(terminal.step(now.stage))
            for again in now.repeats[told_repeats:]:
                terminal.out.print(f"  {again}", markup=False, style="yellow")
            told_repeats = len(now.repeats)

        done = journey.send(Aws(where.endpoint, where.region), where, job, told=told)
        if done.response is not None:
            _ = done.response.execution_arn  # a refusal ends the step as one
        return done


def _short(path: Path) -> str:
    """*path* seen from here, if it lies below."""
    here = Path.cwd()
    return str(path.relative_to(here) if path.is_relative_to(here) else path)


def read_arguments(arguments: Sequence[str], environ: Mapping[str, str]) -> tuple[Path, Request]:
    """The file to send and what to ask for, in *arguments*, or else in *environ*.

    make puts its variables into the environment, where no shell reads them: a key may hold quotes,
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
    image = settings.path_of("IMAGE", given.image)
    if image.is_dir():
        raise TestbedError(f"{given.image!r} is a folder; IMAGE is one file{_one_of(image)}")
    if not image.is_file():
        raise TestbedError(f"there is no image file at {given.image!r}")
    return image, Request(
        key=given.key or image.name,
        size=int(settings.value({"SIZE": given.size or ""}, "SIZE", "0")) or None,
        format=given.format or None,
        mode=given.mode or None,
    )


def _one_of(folder: Path) -> str:
    """The first file of *folder* that looks like an image, as an example."""
    found: list[Path] = []
    with contextlib.suppress(OSError):  # this user may not look into it
        found = sorted(each for each in folder.iterdir() if each.suffix.lower() in _SUFFIXES)
    return f", such as {_short(found[0])}" if found else ""


if __name__ == "__main__":
    terminal.run(main)
