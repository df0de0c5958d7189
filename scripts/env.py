"""`make env`: what a shell needs to talk to the testbed by hand: eval "$(make env)"."""

from __future__ import annotations

import os
import shlex

from targets import choose
from testbed import outputs, settings, terminal
from testbed.aws import led_here


def main() -> None:
    """Print export lines: addresses, and for an emulator its credentials and tools on PATH."""
    wanted = settings.load()
    running = choose.running(wanted)
    known = outputs.read(wanted.state_dir)
    variables = {
        "API_URL": known.api_url,
        "STATE_MACHINE_ARN": known.state_machine_arn,
        "ORIGINAL_BUCKET": known.original_bucket,
        "RESIZED_BUCKET": known.resized_bucket,
        "AWS_DEFAULT_REGION": known.region,
    }
    if running.aws.endpoint is not None:
        variables |= led_here(running.aws.endpoint, known.region) | {"AWS_PAGER": ""}
    tools = settings.ENVS / "tools" / "bin"
    for name, value in variables.items():
        print(f"export {name}={shlex.quote(value)}")
    # Behind what is there: only awslocal and aws are wanted, not this Python.
    if str(tools) not in os.environ.get("PATH", "").split(os.pathsep):
        print(f'export PATH="$PATH":{shlex.quote(str(tools))}')


if __name__ == "__main__":
    terminal.run(main)
