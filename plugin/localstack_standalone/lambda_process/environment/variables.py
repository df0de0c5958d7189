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


def of_function(
    prepared: Mapping[str, Any], *, runtime: str, roots: Roots, tmp: str
) -> dict[str, str]:
    """Every variable that a worker sees but its Runtime API's; the host's are none of them.

    Args:
        prepared: what LocalStack made, the function's own configuration among it.
        runtime: its identifier, ``python3.13``.
        roots: its folders.
        tmp: its temporary folder.
    """
    opt = str(roots.opt) if roots.opt else "/opt"
    # AWS does not define it where the runtime is the function's own.
    named = {} if runtime in runtimes.OS_ONLY else {"AWS_EXECUTION_ENV": f"AWS_Lambda_{runtime}"}
    return {
        "LANG": "en_US.UTF-8",
        "PATH": f"/usr/local/bin:/usr/bin:/bin:{opt}/bin",
        "TZ": ":UTC",
        "TMPDIR": tmp,
        **(ONE_HOST if "AWS_ENDPOINT_URL" in prepared else {}),
        **{
            name: str(value)
            for name, value in prepared.items()
            if not name.startswith(("LOCALSTACK_", "LOCALEMU_")) and name not in _NOT_AWS
        },
        **named,
        "LAMBDA_TASK_ROOT": str(roots.task),
    }
