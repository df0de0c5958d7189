"""A function's environment variables: AWS's, its own, and none of the host's."""

from __future__ import annotations

from pathlib import Path

from localstack_standalone.lambda_process.deployment.roots import Roots
from localstack_standalone.lambda_process.environment import variables

ROOTS = Roots(Path("/home"), Path("/home/task"), None)


def made(roots: Roots = ROOTS, **prepared: object) -> dict[str, str]:
    return variables.of_function(prepared, runtime="python3.13", roots=roots, tmp="/home/tmp")


def test_a_function_sees_what_it_was_configured_with() -> None:
    """As text, beside what the platform sets."""
    found = made(NUMBER=1, _HANDLER="app.handler")
    assert {
        "NUMBER": "1",
        "_HANDLER": "app.handler",
        "AWS_EXECUTION_ENV": "AWS_Lambda_python3.13",
        "LAMBDA_TASK_ROOT": "/home/task",
        "TMPDIR": "/home/tmp",
        "TZ": ":UTC",
    }.items() <= found.items()


def test_what_is_localstacks_own_stays_there() -> None:
    """AWS knows nothing of it."""
    found = made(LOCALSTACK_DEBUG_PORT=1, EDGE_PORT=4566, AWS_LAMBDA_FUNCTION_TIMEOUT=3)
    assert not {"LOCALSTACK_DEBUG_PORT", "EDGE_PORT", "AWS_LAMBDA_FUNCTION_TIMEOUT"} & set(found)


def test_an_sdk_keeps_to_the_host_that_it_is_led_to() -> None:
    """But where nothing leads it here, or the function says otherwise."""
    here = "http://127.0.0.1:4566"
    name = "AWS_DISABLE_HOST_PREFIX_INJECTION"
    assert "true" == made(AWS_ENDPOINT_URL=here)[name]
    told = made(AWS_ENDPOINT_URL=here, AWS_DISABLE_HOST_PREFIX_INJECTION="false")
    assert "false" == told[name]
    assert name not in made()


def test_the_platform_has_the_last_word() -> None:
    """A function cannot be configured to run elsewhere than it does."""
    assert "/home/task" == made(LAMBDA_TASK_ROOT="/elsewhere")["LAMBDA_TASK_ROOT"]


def test_a_sandbox_has_awss_own_and_no_others() -> None:
    """With AWS's values; a process has its folders' instead, and TMPDIR."""
    seen = variables.of_function({}, runtime="python3.13", roots=ROOTS.seen(), tmp=None)
    assert {
        "AWS_EXECUTION_ENV": "AWS_Lambda_python3.13",
        "LAMBDA_RUNTIME_DIR": "/var/runtime",
        "LAMBDA_TASK_ROOT": "/var/task",
        "LANG": "en_US.UTF-8",
        "LD_LIBRARY_PATH": (
            "/var/lang/lib:/lib64:/usr/lib64:/var/runtime:/var/runtime/lib:"
            "/var/task:/var/task/lib:/opt/lib"
        ),
        "PATH": "/var/lang/bin:/usr/local/bin:/usr/bin/:/bin:/opt/bin",
        "PWD": "/var/task",
        "PYTHONPATH": "/var/runtime",
        "SHLVL": "0",
        "TZ": ":UTC",
    } == seen
    assert "/home/task" == made()["PWD"]


def test_programs_of_layers_are_found() -> None:
    """Their folder is on PATH, where it is here."""
    layered = Roots(Path("/home"), Path("/home/task"), Path("/home/opt"))
    assert "/opt/bin" in made()["PATH"].split(":")
    assert "/home/opt/bin" in made(layered)["PATH"].split(":")


def test_a_runtime_of_the_functions_own_has_no_name() -> None:
    """AWS does not define AWS_EXECUTION_ENV there, and LocalStack's is not passed on."""
    prepared = {"AWS_EXECUTION_ENV": "AWS_Lambda_provided.al2023"}
    found = variables.of_function(prepared, runtime="provided.al2023", roots=ROOTS, tmp="/home/tmp")
    assert "AWS_EXECUTION_ENV" not in found
