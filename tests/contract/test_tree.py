"""The tree as a reader finds it: one meaning a name, a test file for each module that decides."""

from __future__ import annotations

import ast
import collections
import subprocess
from pathlib import Path

import pytest

from testbed.settings import ROOT

SOURCE_ROOTS = ("lambda/", "plugin/")
PLUGIN = "plugin/localstack_standalone"
# What decides nothing without what it talks to is tested with that, there: the first draw, measure
# or ask other programs; the plugin's import LocalStack and are what an emulator does: it is asked.
TESTED_THERE = {
    "tests/unit/bench": ["bench/direct", "bench/plots"],
    "tests/browser": ["console/app", "dev/chromium", "dev/screenshots"],
    "tests/deploy/test_examples.py": ["examples/sam/src/app"],
    "tests/e2e": ["dev/doctor"],
    "tests/unit/localstack_standalone/gateway": [f"{PLUGIN}/gateway/runtime_server"],
    "tests/labs/test_hostile.py": [
        *(f"grading/{name}" for name in ("attempt", "emulators", "hiding", "leftovers")),
    ],
    "tests/labs/test_solutions.py": [
        *(f"grading/{name}" for name in ("functions/scripted", "inside", "stand_in")),
        *(
            f"labs/{name}/checks"
            for name in (
                *("1-send-an-image", "2-by-hand", "3-four-states", "4-mapping-templates"),
                "5-least-privilege",
            )
        ),
        *(f"labs/{name}/checks" for name in ("6-failures", "7-many-images", "8-break-and-repair")),
    ],
    "tests/labs/test_template.py": ["labs/template/checks"],
    "tests/integration/test_slow_motion.py": [
        f"{PLUGIN}/slow_motion/plugin",
        "testbed/slow_motion",
    ],
    "tests/integration/targets/test_on_aws.py": ["scripts/on_aws"],
    "tests/integration/test_conformance.py": [
        "conformance/rest_api",
        *(
            f"conformance/features/{name}"
            for name in (
                "api_gateway",
                "iam",
                "lambda_",
                "logs",
                "machines",
                "pipeline",
                "s3",
                "states",
                "step_functions",
                "tasks",
            )
        ),
    ],
    "tests/integration/launcher/test_lifecycle.py": [f"{PLUGIN}/startup"],
    "tests/integration/launcher/test_forks.py": [
        f"{PLUGIN}/forks/fork",
        f"{PLUGIN}/forks/renewal",
        f"{PLUGIN}/lambda_process/plugin",
    ],
    "tests/integration/tuning": [
        f"{PLUGIN}/gateway/twisted_server",
        f"{PLUGIN}/tuning/apigateway/in_memory_integration",
        f"{PLUGIN}/tuning/runtime/lean_batch",
    ],
    "tests/integration/lambda_process": [
        f"{PLUGIN}/lambda_process/{name}"
        for name in (
            *("executor", "shared", "engine/assignment", "engine/log_delivery", "engine/patches"),
            "engine/polling",
            *("guest/_lambda_isolation", "guest/_lambda_kernel", "guest/_lambda_root"),
            *("guest/_lambda_sandbox", "guest/_lambda_probe", "guest/zygote"),
            *("guest/_lambda_extensions", "guest/_lambda_wrapper"),
        )
    ],
    "tests/resilience/faults": [
        f"{PLUGIN}/faults/{name}"
        for name in ("front_door", "injector", "lost", "plugin", "report", "striking")
    ],
    "tests/resilience/persistence": [
        *(
            f"{PLUGIN}/persistence/{name}"
            for name in (
                *("handler", "keeper", "keepers", "plugin", "services/whole", "services/lambda_"),
                *("services/apigateway", "services/events", "services/iam", "services/logs"),
                *("services/s3", "services/s3_storage", "services/stepfunctions", "report"),
                "reset",
                *("executions/engine", "executions/machines", "executions/replaying"),
                *("executions/restored", "executions/resumed"),
            )
        ),
    ],
    "tests/integration/events": [
        f"{PLUGIN}/parity/{name}"
        for name in ("cloudformation/custom_resource", "events/machine_input", "sqs/mapping_body")
    ],
    "tests/integration/origin_guard": [
        f"{PLUGIN}/origin_guard/{name}" for name in ("addressees", "handler", "plugin")
    ],
    "tests/integration/iam": [
        f"{PLUGIN}/iam/{name}"
        for name in (
            *("callers", "conditions", "directory", "handler", "judge", "plugin", "report"),
            *("resources", "senders", "services/apigateway", "services/simulation"),
            *("services/s3", "services/states", "services/sts", "services/function_url"),
        )
    ],
    "tests/unit/localstack_standalone/iam/operations/test_table.py": [
        f"{PLUGIN}/iam/operations/{name}"
        for name in ("apigateway", "call", "iam", "lambda_", "logs", "others", "states", "sts")
    ],
    "tests/integration/parity": [
        f"{PLUGIN}/parity/{name}"
        for name in (
            *("plugin", "apigateway/gateway_response_template", "apigateway/model_media_type"),
            *("apigateway/gateway_response_headers", "apigateway/body_constants"),
            *("apigateway/blank_parameter", "apigateway/integration_role", "apigateway/velocity"),
            *("lambda_/invoke_payload_json", "lambda_/invoke_payload_limit"),
            *("stepfunctions/choice_missing_path", "stepfunctions/execution_input_error"),
            *("stepfunctions/lambda_unknown", "stepfunctions/start_execution_constraints"),
            *("stepfunctions/state_machine_definition", "stepfunctions/task_response_metadata"),
            *("stepfunctions/execution_input_text", "stepfunctions/choice_without_match"),
            *("stepfunctions/invalid_arn", "stepfunctions/http_task"),
            "stepfunctions/repeated_start",
            *("clock/wait_timestamp", "clock/message_times", "clock/pauses"),
            *("stepfunctions/test_state_request", "stepfunctions/test_state_data_flow"),
            *("stepfunctions/mock_test_case", "stepfunctions/jsonata_failure"),
            *("stepfunctions/jsonata_without_java", "stepfunctions/history_limit"),
            *("stepfunctions/history_pages", "stepfunctions/lambda_lost_connection"),
            "stepfunctions/lambda_failures",
            *("stepfunctions/test_state_context", "stepfunctions/test_state_outcome"),
            *(
                "lambda_/update_in_progress",
                "lambda_/snap_start",
                "stepfunctions/tracing_configuration",
            ),
            *("stepfunctions/redrive/operation", "stepfunctions/redrive/recording"),
            "stepfunctions/redrive/worker",
            *("s3/presigned_urls", "apigateway/http_apis", "iam/access_key_ids"),
            *("lambda_/function_url", "lambda_/function_url_event"),
        )
    ]
    + [f"{PLUGIN}/definitions/{name}" for name in ("expressions", "jsonata_message")],
    "tests/unit/localstack_standalone/lint/test_check.py": [
        f"{PLUGIN}/lint/{name}"
        for name in (
            *("api", "archive", "code", "document", "finding", "machine", "policy", "template"),
        )
    ],
    "tests/unit/localstack_standalone/definitions/test_validator.py": [
        f"{PLUGIN}/definitions/{name}"
        for name in (
            *("handlers", "paths", "resources", "rules", "states", "transitions"),
            *("values", "walk", "warnings"),
        )
    ],
}
THERE = {f"{name}.py": place for place, names in TESTED_THERE.items() for name in names}


def product() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "*.py"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.splitlines()
    return [Path(name) for name in listed if not name.startswith("tests/")]


def tree(path: Path) -> ast.Module:
    return ast.parse((ROOT / path).read_text(encoding="utf-8"))


def decides(path: Path) -> bool:
    """Whether a function of the module branches more than once."""
    branches = (ast.If, ast.IfExp, ast.For, ast.While, ast.Try, ast.comprehension, ast.Match)
    functions = (node for node in ast.walk(tree(path)) if isinstance(node, ast.FunctionDef))
    return any(
        sum(isinstance(inner, branches) for inner in ast.walk(function)) > 1
        for function in functions
    )


def mirror(path: Path) -> Path:
    """Where the tests of the module at *path* are."""
    name = path.as_posix()
    for root in SOURCE_ROOTS:
        name = name.removeprefix(root)
    module = Path(name)
    return Path("tests/unit", module.parent, f"test_{module.stem.lstrip('_')}.py")


def test_public_class_names_stand_once() -> None:
    """A name means one thing in the whole product."""
    names: dict[str, list[str]] = collections.defaultdict(list)
    for path in product():
        for node in tree(path).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                names[node.name].append(path.as_posix())
    assert {} == {name: places for name, places in names.items() if len(places) > 1}


@pytest.mark.parametrize("path", [path for path in product() if decides(path)], ids=str)
def test_a_module_that_decides_has_its_tests(path: Path) -> None:
    """In a file of the same name, or where TESTED_THERE says."""
    elsewhere = THERE.get(path.as_posix())
    assert (ROOT / (elsewhere or mirror(path))).exists(), mirror(path)


def test_what_is_tested_elsewhere_is_needed() -> None:
    """The list has no module that is gone, or that has its own file by now."""
    known = {path.as_posix(): path for path in product()}
    for name in THERE:
        assert name in known
        assert not (ROOT / mirror(known[name])).exists(), name
