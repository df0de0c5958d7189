"""`make debug`: run the function once under debugpy; it waits for an editor, without a deadline."""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from client import submit
from infra import package
from infra.resources import function
from scripts import dev
from targets import choose
from testbed import names, outputs, settings, terminal
from testbed.aws import Aws
from testbed.errors import TestbedError

DEFAULT_PORT = "5678"
SAMPLE = settings.ROOT / "samples" / "club2.png"


def main() -> None:
    """Upload IMAGE, invoke the function with its key, print the result."""
    wanted = settings.load()
    running = choose.running(wanted)
    if running.target != "embedded":
        raise TestbedError("a debugger can attach to the embedded target only")
    image = Path(os.environ.get("IMAGE") or SAMPLE)
    port = _free(int(settings.value(os.environ, "DEBUG_PORT", DEFAULT_PORT)))
    known = outputs.read(wanted.state_dir)
    submit.upload_file(running.aws, known, key=image.name, path=image)
    dev.switch(running.aws, dev.make_folder(wanted.state_dir / "dev"))
    with debugged(running.aws, port):
        terminal.out.print(
            f"The function waits for an editor on [bold]127.0.0.1:{port}[/] "
            f"(docs/debugging.md: VS Code, PyCharm). Its files are those in {package.SOURCE}."
        )
        answer = running.aws.patient_lambda.invoke(
            FunctionName=names.FUNCTION, Payload=json.dumps({"key": image.name}).encode()
        )
        terminal.out.print(answer["Payload"].read().decode(), markup=False)


@contextmanager
def debugged(aws: Aws, port: int) -> Iterator[None]:
    """The function with debugpy before it; afterwards as it was."""
    before = aws.lambda_.get_function_configuration(FunctionName=names.FUNCTION)
    variables = dict(before["Environment"]["Variables"])
    debugpy = settings.ENVS / "debug" / "lib" / "python3.13" / "site-packages"
    extra = {"LOCALSTACK_DEBUG_PORT": str(port), "LOCALSTACK_DEBUG_PATH": str(debugpy)}
    _configure(aws, variables | extra)
    try:
        yield
    finally:
        _configure(aws, variables)


def _configure(aws: Aws, variables: dict[str, str]) -> None:
    aws.lambda_.update_function_configuration(
        FunctionName=names.FUNCTION, Environment={"Variables": variables}
    )
    function.ready(aws.lambda_, names.FUNCTION)


def _free(port: int) -> int:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise TestbedError(f"port {port} is taken; choose another: DEBUG_PORT=…") from error
    return port


if __name__ == "__main__":
    terminal.run(main)
