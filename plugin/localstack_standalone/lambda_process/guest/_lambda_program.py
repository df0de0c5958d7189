"""A worker that is another program than the zygote's Python: a custom runtime's, or Node's.

One that cannot be run is reported as its runtime would report a failed start, in the words of AWS,
whose sandbox is written in Go; the emulator puts the request's id before them.
"""

import contextlib
import http.client
import json
import os
import typing

ENTRYPOINT_ERROR = "Runtime.InvalidEntrypoint"
# Where AWS looks, and what the function sees of it.
LOOKED_AT = ("/var/task/bootstrap", "/opt/bootstrap")
REPORT_TIMEOUT_S = 10.0

# Whoever connects needs it, and a sandbox with another runtime does not have this Python's modules.
"".encode("idna")


def become(spec: dict[str, typing.Any]) -> typing.NoReturn:
    """Replace this process by the program that *spec* names, or report why it cannot be run."""
    program = spec["command"][0]
    try:
        os.execve(program, spec["command"], spec["environment"])  # noqa: S606 - that is the point
    except OSError as error:
        report(refusal(spec, error), spec["environment"])
    os._exit(1)


def refusal(spec: dict[str, typing.Any], error: OSError) -> str:
    """Why the program of *spec* does not run, as AWS says it."""
    program = spec["command"][0]
    if not os.path.exists(program):
        return "Couldn't find valid bootstrap(s): [{}]".format(" ".join(LOOKED_AT))
    own = program.startswith(spec["task_root"] + os.sep)
    shown = LOOKED_AT[not own] if os.path.basename(program) == "bootstrap" else program
    why = os.strerror(error.errno or 0)
    return f"fork/exec {shown}: {why[:1].lower()}{why[1:]}"


def report(why: str, environment: dict[str, str]) -> None:
    """Post *why* to the Runtime API, as the error of the start."""
    body = json.dumps({"errorType": ENTRYPOINT_ERROR, "errorMessage": why})
    api = http.client.HTTPConnection(
        environment["AWS_LAMBDA_RUNTIME_API"], timeout=REPORT_TIMEOUT_S
    )
    headers = {"Lambda-Runtime-Function-Error-Type": ENTRYPOINT_ERROR}
    with contextlib.suppress(OSError, http.client.HTTPException):
        api.request("POST", "/2018-06-01/runtime/init/error", body, headers)
        api.getresponse().read()
