"""The environment variables of a function.

Source: https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from localstack_standalone.clients import ONE_HOST
from localstack_standalone.lambda_process.deployment.roots import Roots
from localstack_standalone.lambda_process.zygote import runtimes

# Set by LocalStack for its own container init; AWS knows nothing of them.
_NOT_AWS: Final = frozenset({"EDGE_PORT", "AWS_LAMBDA_FUNCTION_TIMEOUT", "AWS_EXECUTION_ENV"})


# Those of AWS's images, whose folders a sandbox has (recorded from a function of python3.13).
_LIBRARIES: Final = (
    "/lib64:/usr/lib64:/var/runtime:/var/runtime/lib:/var/task:/var/task/lib:/opt/lib"
)
_PROGRAMS: Final = "/usr/local/bin:/usr/bin/:/bin:/opt/bin"


def of_function(
    prepared: Mapping[str, Any], *, runtime: str, roots: Roots, tmp: str | None
) -> dict[str, str]:
    """Every variable that a worker sees but its Runtime API's; the host's are none of them.

    Args:
        prepared: what LocalStack made, the function's own configuration among it.
        runtime: its identifier, ``python3.13``.
        roots: its folders, as it sees them.
        tmp: its temporary folder; None in a sandbox, where that is /tmp and all is at AWS's paths.
    """
    opt = str(roots.opt) if roots.opt else "/opt"
    elsewhere = {"PATH": f"/usr/local/bin:/usr/bin:/bin:{opt}/bin", "TMPDIR": str(tmp)}
    # AWS does not define it where the runtime is the function's own.
    named = {} if runtime in runtimes.OS_ONLY else {"AWS_EXECUTION_ENV": f"AWS_Lambda_{runtime}"}
    return {
        "LANG": "en_US.UTF-8",
        "TZ": ":UTC",
        "SHLVL": "0",
        **(_at_aws_paths(runtime) if tmp is None else elsewhere),
        **(ONE_HOST if "AWS_ENDPOINT_URL" in prepared else {}),
        **{
            name: str(value)
            for name, value in prepared.items()
            if not name.startswith(("LOCALSTACK_", "LOCALEMU_")) and name not in _NOT_AWS
        },
        **named,
        "LAMBDA_TASK_ROOT": str(roots.task),
        "PWD": str(roots.task),
    }


def _at_aws_paths(runtime: str) -> dict[str, str]:
    own = {"LAMBDA_RUNTIME_DIR": "/var/runtime"}
    if runtime in runtimes.OS_ONLY:
        return own | {"LD_LIBRARY_PATH": _LIBRARIES, "PATH": _PROGRAMS}
    own |= {"LD_LIBRARY_PATH": f"/var/lang/lib:{_LIBRARIES}", "PATH": f"/var/lang/bin:{_PROGRAMS}"}
    return own | ({"PYTHONPATH": "/var/runtime"} if runtimes.is_python(runtime) else {})
