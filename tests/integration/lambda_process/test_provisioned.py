"""Provisioned concurrency, as LocalStack has it, on environments of ours."""

from __future__ import annotations

from typing import Any

import pytest

from testbed import waiting
from tests.conftest import Emulator
from tests.integration.lambda_process.conftest import MakeFunction
from tests.support.functions import invoke, logged


def test_environments_are_there_before_the_first_event(
    emulator: Emulator, make_function: MakeFunction
) -> None:
    """They are initialised, report READY, and tell the function how it was."""
    aws = emulator.aws.lambda_
    name = make_function(
        """
        import os
        print("loaded")
        def handler(event, context): return os.environ["AWS_LAMBDA_INITIALIZATION_TYPE"]
        """
    )
    version = aws.publish_version(FunctionName=name)["Version"]
    put = aws.put_provisioned_concurrency_config(
        FunctionName=name, Qualifier=version, ProvisionedConcurrentExecutions=1
    )
    assert ("IN_PROGRESS", 1) == (put["Status"], put["RequestedProvisionedConcurrentExecutions"])

    def probe() -> tuple[Any, str]:
        found = aws.get_provisioned_concurrency_config(FunctionName=name, Qualifier=version)
        return (found if found["Status"] == "READY" else None), found["Status"]

    ready = waiting.until(probe, "READY", timeout_s=20)
    counts = [
        ready[f"{kind}ProvisionedConcurrentExecutions"] for kind in ("Available", "Allocated")
    ]
    assert [1, 1] == counts
    listed = aws.list_provisioned_concurrency_configs(FunctionName=name)
    assert ["READY"] == [one["Status"] for one in listed["ProvisionedConcurrencyConfigs"]]
    assert "loaded\n" in logged(emulator.aws, name, "loaded")
    assert "provisioned-concurrency" == invoke(emulator.aws, name, Qualifier=version).payload
    aws.delete_provisioned_concurrency_config(FunctionName=name, Qualifier=version)
    with pytest.raises(aws.exceptions.ProvisionedConcurrencyConfigNotFoundException):
        aws.get_provisioned_concurrency_config(FunctionName=name, Qualifier=version)


def test_it_is_for_versions(emulator: Emulator, make_function: MakeFunction) -> None:
    """$LATEST is refused in AWS's words."""
    aws = emulator.aws.lambda_
    name = make_function("def handler(event, context): pass")
    with pytest.raises(aws.exceptions.InvalidParameterValueException, match="unpublished"):
        aws.put_provisioned_concurrency_config(
            FunctionName=name, Qualifier="$LATEST", ProvisionedConcurrentExecutions=1
        )
