"""`make demo`: start what is not up, send one image through, show what happened."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from client.submit import Request
from scripts.process import RESULTS, process
from scripts.up import bring_up
from targets import permissions
from testbed import settings, terminal
from views import picture

if TYPE_CHECKING:
    from testbed.outputs import Outputs

SAMPLE = settings.ROOT / "samples" / "club2.png"


def main() -> int:
    """Run the demonstration; 0 if the image went through, else 1.

    Raises:
        TestbedError: the testbed cannot be started, or a leg of the way could not be gone.
    """
    chosen = settings.load()
    where = bring_up(chosen)
    request = Request(key=SAMPLE.name)
    done = process(where, SAMPLE, request, results=chosen.state_dir / RESULTS)
    if done.thumbnail is None:
        return 1
    if terminal.out.color_system and terminal.out.is_terminal:
        terminal.out.print(picture.blocks(done.thumbnail.content, columns=32))
    asked = permissions.fetch(where.endpoint) if where.endpoint else None
    if asked is not None and asked.missing:
        terminal.out.print(f"AWS refuses {asked.missing} kinds of these requests; `make iam` tells")
    terminal.out.print(what_next(where))
    return 0


def what_next(where: Outputs) -> Text:
    """Commands to go on with; each can be copied as it stands."""
    # curl would call its data a form, and for a form the API has no mapping template.
    post = "curl -H 'Content-Type: application/json' -d"
    listing = f"s3 ls s3://{where.resized_bucket}/"
    local = f"AWS_ENDPOINT_URL={where.endpoint} .envs/tools/bin/awslocal"
    lines = [
        ("by hand", f'{post} \'{{"key": "{SAMPLE.name}"}}\' {where.api_url}'),
        ("", f"{'aws' if where.endpoint is None else local} {listing}"),
        ("inside", "make console"),
        ("your own", "make process IMAGE=path/to/picture.jpg SIZE=128 FORMAT=webp"),
        ("stop", "make down"),
    ]
    text = Text("\nNext\n", style="bold")
    for label, command in lines:
        text.append(f"  {label:<10}", style="not bold dim")
        text.append(f"{command}\n", style="not bold")
    text.rstrip()
    return text


if __name__ == "__main__":
    terminal.run(main)
