"""`make dev`: the testbed's function runs the files in lambda/ as they are saved."""

from __future__ import annotations

import shutil
import zipfile
from pathlib import Path

from infra import definition_errors, package, source_errors
from infra.resources import function, state_machine
from targets import choose
from testbed import names, removal, settings, terminal
from testbed.aws import Aws
from testbed.errors import TestbedError

BUCKET = "hot-reload"
OWN = "image_resize"


def main() -> None:
    """Switch to hot reload; `make up` or `make provision` switches back to the zip."""
    wanted = settings.load()
    running = choose.running(wanted)
    if running.target != "embedded":
        raise TestbedError(
            f"the function runs from this folder on the embedded target only, not on "
            f"{running.target}; `make provision` deploys what was saved"
        )
    check()
    with terminal.step("preparing hot reload"):
        folder = make_folder(wanted.state_dir / "dev")
        switch(running.aws, folder)
    terminal.out.print(
        f"\nSave a file in [bold]lambda/{OWN}/[/] and the next invocation runs it:\n"
        "  make process IMAGE=samples/club2.png\n"
        "`make provision` goes back to the deployed zip."
    )


def check() -> None:
    """Look at the files that people edit: a slip is told now, not by an execution that fails.

    Raises:
        ProvisioningError: the function is no Python, or the state machine's definition no JSON.
    """
    source_errors.refuse_unparsable(package.SOURCE)
    file = state_machine.DEFINITION
    definition_errors.refuse_unreadable(file.read_text(encoding="utf-8"), file)


def make_folder(folder: Path) -> Path:
    """A folder like the unpacked zip, with the function's own files linked to the checkout."""
    removal.entry(folder)
    zipped = package.build(package.host_platform(), uv=settings.uv())
    with zipfile.ZipFile(zipped.path) as archive:
        archive.extractall(folder)
    shutil.rmtree(folder / OWN)
    (folder / OWN).symlink_to(package.SOURCE / OWN, target_is_directory=True)
    return folder


def switch(aws: Aws, folder: Path) -> None:
    """Have the function run from *folder*."""
    aws.lambda_.update_function_code(
        FunctionName=names.FUNCTION, S3Bucket=BUCKET, S3Key=str(folder)
    )
    function.ready(aws.lambda_, names.FUNCTION)


if __name__ == "__main__":
    terminal.run(main)
